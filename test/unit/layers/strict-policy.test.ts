import {expect} from '@open-wc/testing';

// By its name: 'self' is nothing that Firefox matches in a document of a srcdoc.
const policy = `default-src 'none'; img-src ${location.origin}; script-src ${location.origin}; style-src ${location.origin}; require-trusted-types-for 'script'; trusted-types lit-html`;

describe('layers under a strict policy', () => {
  it('draw without blob: URLs, inline styles or any sink of text', async () => {
    const frame = document.createElement('iframe');
    const script = new URL('./strict-page.ts', import.meta.url).href;
    frame.style.cssText = 'width: 600px; height: 600px';
    frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><body><script type="module" src="${script}"></script>`;
    const told = new Promise<unknown>((resolve) => {
      addEventListener('message', ({source, data}: MessageEvent<{outcome: unknown}>) => {
        if (source === frame.contentWindow) resolve(data.outcome);
      });
    });
    document.body.append(frame);
    const outcome = await told;
    frame.remove();
    expect(outcome).to.have.nested.property('normal.violations').that.eqls([]);
    expect(outcome).to.have.nested.property('normal.errors').that.eqls([]);
    expect(outcome)
      .to.have.nested.property('normal.drawn')
      .that.eqls([
        [255, 0, 0, 255],
        [0, 255, 0, 255],
      ]);
    expect(outcome).to.have.property('svg').that.eqls(['format', 'format', 'format', 'format']);
  });
});
