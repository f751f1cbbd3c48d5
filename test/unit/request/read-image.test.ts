import {expect} from '@open-wc/testing';
import {RequestError} from '../../../src/request/request-error.js';
import {readImage} from '../../../src/request/read-image.js';
import {countBitmaps} from '../../doubles/counted-bitmaps.js';
import {imageAnswer, png} from '../../doubles/images.js';

const url = 'https://wms.example/ows?token=secret';
const failure = async (response: Response, signal?: AbortSignal): Promise<RequestError> => {
  try {
    await readImage(response, url, signal);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
  throw new Error('it was read');
};
const answer = (body: BodyInit, type = 'image/png'): Response => new Response(body, {headers: {'content-type': type}});

const wms111 = `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE ServiceExceptionReport SYSTEM "x.dtd">
<ServiceExceptionReport version="1.1.1"><ServiceException code="LayerNotDefined">
  Layer &lt;pipes&gt; is &#34;unknown&#34;
</ServiceException></ServiceExceptionReport>`;
const wms130 = `<ogc:ServiceExceptionReport xmlns:ogc="http://www.opengis.net/ogc" version="1.3.0">
<ogc:ServiceException><![CDATA[Could not read https://db.example/x?password=hunter2 & more]]></ogc:ServiceException>
</ogc:ServiceExceptionReport>`;
const ows = `<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="InvalidParameterValue"
 locator="layer"><ows:ExceptionText>Illegal <b>layer</b></ows:ExceptionText></ows:Exception></ows:ExceptionReport>`;

describe('readImage', () => {
  it('reads an image', async () => {
    const bitmap = await readImage(await imageAnswer('red', 16), url);
    expect([bitmap.width, bitmap.height]).to.eql([16, 16]);
    bitmap.close();
  });

  it('reads an image whatever it is labelled as', async () => {
    const bitmap = await readImage(answer(await png('red', 8), 'text/plain'), url);
    expect(bitmap.width).to.equal(8);
    bitmap.close();
  });

  it('reads SVG', async () => {
    const svg =
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/></svg>';
    const bitmap = await readImage(answer(svg, 'image/svg+xml'), url);
    expect([bitmap.width, bitmap.height]).to.eql([20, 10]);
    bitmap.close();
    expect(await failure(answer('<svg broken', 'image/svg+xml'))).to.include({kind: 'format'});
  });

  it('is done with an answer that is made to take long', async () => {
    const error = await failure(answer(`<!---->${'\uFEFF'.repeat(100_000)}x`));
    expect(error.message).to.equal('The answer is XML where an image was asked for');
  });

  for (const [what, body, words] of [
    ['1.1.1', wms111, 'The service answered: Layer <pipes> is "unknown"'],
    ['1.3.0', wms130, 'The service answered: Could not read https://db.example/x & more'],
    ['OWS', ows, 'The service answered: Illegal layer'],
    [
      'a code alone',
      '<ServiceExceptionReport><ServiceException code="NoSuchThing"/></ServiceExceptionReport>',
      'The service answered: NoSuchThing',
    ],
    ['nothing at all', '<ServiceExceptionReport/>', undefined],
    [
      'GeoServer JSON',
      '{"version":"1.1.1","exceptions":[{"code":"x","text":"No layer"}]}',
      'The service answered: No layer',
    ],
    [
      'ArcGIS JSON',
      '{"error":{"code":499,"message":"Token Required","details":[]}}',
      'The service answered: Token Required',
    ],
  ] as const) {
    it(`gives the words of the service in its exception: ${what}`, async () => {
      for (const type of ['application/vnd.ogc.se_xml', 'image/png']) {
        const error = await failure(answer(body, type));
        expect(error.kind).to.equal(words ? 'ogc' : 'format');
        expect(error.message).to.equal(words ?? 'The answer is XML where an image was asked for');
        expect(error.url).to.equal('https://wms.example/ows');
      }
    });
  }

  it('keeps long words short, and tokens out of them', async () => {
    const text = `Bearer abc.def.ghi refused for /wms?access_token=secret ${'x'.repeat(5000)}`;
    const error = await failure(
      answer(`<ServiceExceptionReport><ServiceException>${text}</ServiceException></ServiceExceptionReport>`),
    );
    expect(error.message.length).to.be.lessThan(330);
    expect(error.message).not.to.match(/secret|abc\.def/);
  });

  it('is not slowed down by a report that is made to be slow', async () => {
    const began = performance.now();
    await failure(answer(`<ServiceExceptionReport>${'<Exception >'.repeat(200_000)}`));
    expect(performance.now() - began).to.be.lessThan(2000);
  });

  it('tells a web page from an image', async () => {
    for (const page of [
      '<!DOCTYPE html><html><title>Sign in</title>',
      '\n<!-- x --><html lang="en">',
      '<HTML><svg></svg>',
    ])
      expect(await failure(answer(page, 'text/html'))).to.include({
        kind: 'format',
        message: 'The answer is a web page (HTML) where an image was asked for',
      });
  });

  it('refuses half an image, none, and what is none', async () => {
    const bytes = await (await png('red', 64)).bytes();
    expect(await failure(answer(bytes.slice(0, bytes.length / 2)))).to.include({
      kind: 'format',
      message: 'The image is cut short',
    });
    expect(await failure(answer(''))).to.include({kind: 'format', message: 'The answer is empty'});
    expect(await failure(answer('GIF8 is not enough'))).to.include({kind: 'format'});
    expect(await failure(answer('{"features": []}', 'application/json'))).to.include({
      message: 'The answer is JSON where an image was asked for',
    });
  });

  it('refuses half an image that came in pieces', async () => {
    const bytes = await (await png('red', 64)).bytes();
    const pieces = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length / 2; at += 10) controller.enqueue(bytes.slice(at, at + 10));
        controller.close();
      },
    });
    expect(await failure(new Response(pieces))).to.include({kind: 'format', message: 'The image is cut short'});
  });

  it('refuses a small file that unpacks to gigabytes, without decoding it', async () => {
    const bitmaps = countBitmaps();
    const bytes = await (await png('red', 1)).bytes();
    new DataView(bytes.buffer).setUint32(16, 40_000);
    new DataView(bytes.buffer).setUint32(20, 40_000);
    const error = await failure(answer(bytes));
    expect(error).to.include({kind: 'format', reason: 'too-large'});
    expect(error.message).to.include('40000 × 40000');
    expect(bitmaps.made).to.equal(0);
    bitmaps.restore();
  });

  it('draws nothing larger, where the browser computes the size of an SVG image in its own way', async () => {
    // 40000 × 40000 in Chromium and Firefox, less in WebKit.
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="40000"/>';
    const outcome = await readImage(answer(svg, 'image/svg+xml'), url).catch((error: unknown) => error);
    if (outcome instanceof ImageBitmap) {
      expect(outcome.width * outcome.height).to.be.at.most(64_000_000);
      outcome.close();
    } else {
      expect(outcome).to.include({kind: 'format', reason: 'too-large'});
    }
  });

  for (const size of [
    'width="40000" height="40000"',
    'width="&#52;0000" height="40000px"',
    'viewBox="0 0 1 1" width="40000" height="40000"',
  ]) {
    it(`refuses an SVG image that would be as large, before it is drawn: ${size}`, async () => {
      const bitmaps = countBitmaps();
      try {
        const error = await failure(answer(`<svg xmlns="http://www.w3.org/2000/svg" ${size}/>`, 'image/svg+xml'));
        expect(error).to.include({kind: 'format', reason: 'too-large'});
        expect(error.message).to.include('40000 × 40000');
        expect(bitmaps.made).to.equal(0);
      } finally {
        bitmaps.restore();
      }
    });
  }

  it('stops reading a body at the limit, declared or not', async () => {
    let sent = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
      },
      cancel: () => void (cancelled = true),
    });
    expect(await failure(answer(endless))).to.include({kind: 'format', reason: 'too-large'});
    expect(cancelled).to.equal(true);
    expect(sent).to.be.lessThan(54_000_000);
    const declared = new Response('x', {headers: {'content-length': '50000001'}});
    expect(await failure(declared)).to.include({reason: 'too-large'});
  });

  it('says that the connection broke', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new TypeError('network error')),
    });
    expect(await failure(answer(broken))).to.include({kind: 'network'});
  });

  it('closes a bitmap that is finished after the abort', async () => {
    const bitmaps = countBitmaps();
    const controller = new AbortController();
    const response = await imageAnswer('red');
    const make = globalThis.createImageBitmap;
    // The abort comes while the image is being decoded.
    globalThis.createImageBitmap = ((blob: Blob) => {
      controller.abort();
      return make(blob);
    }) as typeof make;
    const outcome: unknown = await readImage(response, url, controller.signal).catch((error: unknown) => error);
    globalThis.createImageBitmap = make;
    expect(outcome).to.have.property('name', 'AbortError');
    expect([bitmaps.made, bitmaps.open]).to.eql([1, 0]);
    bitmaps.restore();
  });

  describe('of the page’s own server, with its length', () => {
    const make = globalThis.createImageBitmap;
    afterEach(() => void (globalThis.createImageBitmap = make));

    /** A browser that decodes in this way. Tells how often it was asked to. */
    const decodeAs = (decode: (blob: Blob) => Promise<unknown>): (() => number) => {
      let asked = 0;
      globalThis.createImageBitmap = ((blob: Blob) => {
        asked += 1;
        return decode(blob);
      }) as typeof make;
      return () => asked;
    };
    const damaged = (): Promise<never> => Promise.reject(new DOMException('It is damaged', 'InvalidStateError'));

    const own = async (body: BodyInit, headers: Record<string, string> = {}, type = 'basic') => {
      const length = String(body instanceof Blob ? body.size : 9);
      const response = new Response(body, {
        headers: {'content-type': 'image/png', 'content-length': length, ...headers},
      });
      let pieces = 0;
      Object.defineProperty(response, 'type', {value: type});
      Object.defineProperty(response, 'body', {
        get: () => {
          pieces += 1;
          return Object.getOwnPropertyDescriptor(Response.prototype, 'body')?.get?.call(response);
        },
      });
      return {response, isCounted: () => pieces > 0};
    };

    it('is decoded without a look at it', async () => {
      const {response, isCounted} = await own(await png('red', 8));
      const bitmap = await readImage(response, url);
      expect([bitmap.width, isCounted()]).to.eql([8, false]);
      bitmap.close();
    });

    for (const [why, headers, type] of [
      ['could unpack to more', {'content-encoding': 'br'}, 'basic'],
      ['comes in chunks', {'transfer-encoding': 'chunked'}, 'basic'],
      ['has a length that browsers do not go by', {'content-length': '1e3'}, 'basic'],
      ['is large', {'content-length': '1000001'}, 'basic'],
      ['is of another origin', {}, 'cors'],
    ] as const)
      it(`is counted where it ${why}`, async () => {
        const {response, isCounted} = await own(await png('red', 8), headers, type);
        const bitmap = await readImage(response, url);
        expect([bitmap.width, isCounted()]).to.eql([8, true]);
        bitmap.close();
      });

    describe('of another origin that may have the credential', () => {
      it('is decoded without a look at it', async () => {
        const {response, isCounted} = await own(await png('red', 8), {}, 'cors');
        const bitmap = await readImage(Object.assign(response, {isTrusted: true}), url);
        expect([bitmap.width, isCounted()]).to.eql([8, false]);
        bitmap.close();
      });

      it('is counted where it does not say that it is small', async () => {
        for (const length of ['', '1e3', '1000001']) {
          const {response, isCounted} = await own(await png('red', 8), {'content-length': length}, 'cors');
          (await readImage(Object.assign(response, {isTrusted: true}), url)).close();
          expect(isCounted()).to.equal(true);
        }
      });

      it('is refused, and not decoded, where it has unpacked to far more than it says', async () => {
        const {response} = await own(await png('red', 8), {}, 'cors');
        const blob = await png('red', 8);
        Object.defineProperty(blob, 'size', {value: 50_000_001});
        response.blob = () => Promise.resolve(blob);
        const asked = decodeAs(damaged);
        const error = await failure(Object.assign(response, {isTrusted: true}));
        expect(error).to.include({kind: 'format', reason: 'too-large'});
        expect(asked()).to.equal(0);
      });
    });

    it('is a broken connection where the bytes are gone', async () => {
      const blob = await png('red', 8);
      blob.arrayBuffer = () => Promise.reject(new DOMException('They are gone', 'NotReadableError'));
      const {response} = await own(blob);
      response.blob = () => Promise.resolve(blob);
      decodeAs(damaged);
      expect(await failure(response)).to.include({kind: 'network'});
    });

    it('is refused where it is cut short and not decoded', async () => {
      const whole = await png('red', 64);
      const {response} = await own(whole.slice(0, whole.size - 20));
      decodeAs(damaged);
      expect((await failure(response)).message).to.equal('The image is cut short');
    });

    it('is told in the words of the service where it is none', async () => {
      const {response} = await own(new Blob([wms111]));
      expect((await failure(response)).message).to.equal('The service answered: Layer <pipes> is "unknown"');
    });

    it('is measured before it is tried again, where it could not be decoded', async () => {
      const bytes = await (await png('red', 1)).bytes();
      new DataView(bytes.buffer).setUint32(16, 9000);
      new DataView(bytes.buffer).setUint32(20, 9000);
      const {response, isCounted} = await own(new Blob([bytes]));
      const asked = decodeAs(damaged);
      expect(await failure(response)).to.include({kind: 'format', reason: 'too-large'});
      expect([asked(), isCounted()]).to.eql([1, false]);
    });

    it('is closed at once where it is as large', async () => {
      let closed = 0;
      const huge = {width: 9000, height: 9000, close: () => void (closed += 1)};
      const asked = decodeAs(() => Promise.resolve(huge));
      const {response} = await own(await png('red', 1));
      const error = await failure(response);
      expect(error).to.include({kind: 'format', reason: 'too-large'});
      expect(error.message).to.include('9000 × 9000');
      expect([asked(), closed]).to.eql([1, 1]);
    });

    it('is closed where it is not wanted any more', async () => {
      const stop = new AbortController();
      let closed = 0;
      const {response} = await own(await png('red', 8));
      decodeAs(() => {
        stop.abort();
        return Promise.resolve({width: 8, height: 8, close: () => void (closed += 1)});
      });
      expect(await readImage(response, url, stop.signal).catch((error: unknown) => error)).to.include({
        name: 'AbortError',
      });
      expect(closed).to.equal(1);
    });
  });
});
