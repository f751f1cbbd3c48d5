import {expect} from '@open-wc/testing';
import {loadTileImage} from '../../../../src/layers/raster/load-tile-image.js';
import {xyz} from '../../../../src/layers/xyz.js';
import {createLoads} from '../../../../src/layers/loads.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer, png} from '../../../doubles/images.js';
import {pageMap} from '../../../doubles/page-map.js';
import {recordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';

/** Nobody answers here. */
const elsewhere = 'http://127.0.0.1:9';

const dataUrl = async (colour: string): Promise<string> => {
  const bytes = await (await png(colour)).bytes();
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
};

describe('public tiles', () => {
  it('are loaded by the browser itself, without a bitmap and without a request', async () => {
    const bitmaps = countBitmaps();
    const server = new ScriptedServer(() => new Error('not asked'));
    const context = recordedContext(server.request, {isPublic: () => true});
    const url = await dataUrl('lime');
    const handle = await xyz.create({type: 'xyz', url: `${url}#{z}{x}{y}`}, context);
    const page = pageMap([handle.layer]);
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql([0, 255, 0, 255]);
    expect(page.map.getViewport()?.querySelector('canvas')?.toDataURL()).to.match(/^data:/);
    expect(server.asked).to.eql([]);
    expect(bitmaps.made).to.equal(0);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
    handle.dispose();
    page.remove();
    bitmaps.restore();
  });

  it('ask for images that leave the canvas clean', async () => {
    const PageImage = globalThis.Image;
    const made: HTMLImageElement[] = [];
    globalThis.Image = class extends PageImage {
      constructor() {
        super();
        made.push(this);
      }
    };
    const context = recordedContext(() => Promise.reject(new Error('not asked')), {isPublic: () => true});
    await loadTileImage(context, createLoads(context))(await dataUrl('lime'), new AbortController().signal);
    globalThis.Image = PageImage;
    expect(made.map(({crossOrigin, referrerPolicy}) => [crossOrigin, referrerPolicy])).to.eql([
      ['anonymous', 'strict-origin-when-cross-origin'],
    ]);
  });

  it('of the own origin are asked for by the request, which sends no cookies', async () => {
    const tile = await imageAnswer('red');
    const server = new ScriptedServer(() => tile);
    const context = recordedContext(server.request, {isPublic: () => true});
    const image = await loadTileImage(context, createLoads(context))('/tile.png', new AbortController().signal);
    expect(image).to.be.instanceOf(ImageBitmap);
    expect([...server.tally().values()]).to.eql([1]);
  });

  it('are asked for once more through the request when they fail, to learn why', async () => {
    const server = new ScriptedServer(() => new RequestError('gone', {kind: 'network', status: 404, url: '/'}));
    const context = recordedContext(server.request, {isPublic: () => true, baseUrl: location.href});
    const handle = await xyz.create({type: 'xyz', url: `${elsewhere}/no-such-tile/{z}/{x}/{y}.png`}, context);
    const page = pageMap([handle.layer]);
    await page.rendered();
    expect([...server.tally().values()]).to.eql([1, 1, 1, 1]);
    expect(context.heard.errors.map(({status}) => status)).to.eql([404, 404, 404, 404]);
    expect(context.heard.starts).to.equal(1);
    const answer = await imageAnswer('red');
    server.answer = () => answer;
    handle.retry();
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql([255, 0, 0, 255]);
    handle.dispose();
    page.remove();
  });

  it('are given up by an abort, without asking why', async () => {
    const server = new ScriptedServer(() => new Error('not asked'));
    const context = recordedContext(server.request, {isPublic: () => true});
    const controller = new AbortController();
    const loading = loadTileImage(context, createLoads(context))(`${elsewhere}/no-such-tile`, controller.signal);
    controller.abort();
    const outcome: unknown = await loading.catch((error: unknown) => error);
    expect(outcome).to.have.property('name', 'AbortError');
    expect(server.asked).to.eql([]);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });
});
