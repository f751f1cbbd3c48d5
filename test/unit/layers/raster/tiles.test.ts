import {expect} from '@open-wc/testing';
import type TileLayer from 'ol/layer/Tile.js';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {xyz} from '../../../../src/layers/xyz.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';

const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];
const world = 2 * 20_037_508.342789244;
const tileAt4 = world / 16;
const refused = (): RequestError =>
  new RequestError('refused', {kind: 'forbidden', status: 403, url: 'https://tiles.example/'});

describe('tiles', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  let redTile: Response;

  before(async () => (redTile = await imageAnswer('red')));
  beforeEach(async () => {
    server = new ScriptedServer(() => redTile);
    context = recordedContext(server.request);
    handle = await xyz.create({type: 'xyz', url: 'https://tiles.example/{z}/{x}/{y}.png'}, context);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });

  it('asks for each tile of the view once, through the request of the map', async () => {
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(Object.fromEntries(server.tally())).to.eql({
      'https://tiles.example/1/0/0.png': 1,
      'https://tiles.example/1/0/1.png': 1,
      'https://tiles.example/1/1/0.png': 1,
      'https://tiles.example/1/1/1.png': 1,
    });
    expect(page.pixel(100, 100)).to.eql(red);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('leaves the canvas clean, so that it can be exported', async () => {
    page = pageMap([handle.layer]);
    await page.rendered();
    const canvas = page.map.getViewport()?.querySelector('canvas');
    expect(canvas?.toDataURL()).to.match(/^data:image\/png/);
  });

  it('obeys the first refresh() of its source', async () => {
    page = pageMap([handle.layer]);
    await page.rendered();
    (handle.layer as TileLayer).getSource()?.refresh();
    await page.rendered();
    expect(server.asked).to.have.length(8);
  });

  it('reports each failed tile once, with its status, and does not ask again by itself', async () => {
    server.answer = refused;
    page = pageMap([handle.layer]);
    const seen: unknown[] = [];
    (handle.layer as TileLayer).getSource()?.on('tileloaderror', ({tile}) => {
      seen.push('getError' in tile && typeof tile.getError === 'function' ? tile.getError() : undefined);
    });
    await page.rendered();
    page.map.getView().adjustCenter([0, 1000]);
    await page.rendered();
    expect(server.asked).to.have.length(4);
    expect(context.heard.errors.map(({kind, status}) => `${kind} ${status}`)).to.eql(Array(4).fill('forbidden 403'));
    expect(seen).to.eql(context.heard.errors);
  });

  it('asks again for sixteen failed tiles exactly once each', async () => {
    server.answer = refused;
    page = pageMap([handle.layer], {zoom: 2}, [1024, 1024]);
    await page.rendered();
    expect(server.asked).to.have.length(16);
    server.forget();
    server.answer = () => redTile;
    handle.retry();
    await page.rendered();
    expect([...server.tally().values()]).to.eql(Array(16).fill(1));
    expect(page.pixel(1000, 1000)).to.eql(red);
    expect(context.heard.errors).to.have.length(16);
  });

  it('asks again for what was on its way at the retry, and broke off after it', async () => {
    const bodies: ReadableStreamDefaultController[] = [];
    server.answer = () => new Response(new ReadableStream({start: (body) => void bodies.push(body)}));
    page = pageMap([handle.layer]);
    await server.got(4);
    handle.retry();
    server.answer = () => redTile;
    for (const body of bodies) body.error(new TypeError('The connection broke.'));
    await server.got(8);
    await page.rendered();
    expect([...server.tally().values()]).to.eql(Array(4).fill(2));
    expect(page.pixel(100, 100)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
  });

  it('keeps on the screen what is loaded while it retries the rest, and does not ask for it', async () => {
    server.answer = (url) => (url.includes('/1/1/') ? refused() : redTile);
    page = pageMap([handle.layer]);
    await page.rendered();
    server.forget();
    server.answer = () => redTile;
    server.hold();
    handle.retry();
    await server.got(2);
    await page.framed();
    expect(page.pixel(100, 100)).to.eql(red);
    expect(page.pixel(400, 100)).to.eql(clear);
    server.release();
    await page.rendered();
    expect(page.pixel(400, 100)).to.eql(red);
    expect([...server.tally().keys()].sort()).to.eql([
      'https://tiles.example/1/1/0.png',
      'https://tiles.example/1/1/1.png',
    ]);
  });

  it('does not ask for failed tiles that are out of view until they are in view', async () => {
    server.answer = refused;
    page = pageMap([handle.layer], {zoom: 4});
    await page.rendered();
    page.map.getView().setCenter([4 * tileAt4, 0]);
    await page.rendered();
    server.forget();
    server.answer = () => redTile;
    handle.retry();
    await page.rendered();
    expect(server.asked).to.have.length(4);
    page.map.getView().setCenter([0, 0]);
    await page.rendered();
    expect([...server.tally().values()]).to.eql(Array(8).fill(1));
  });

  it('says nothing of tiles that wait for the visitor to sign in, and brings them afterwards', async () => {
    server.answer = () =>
      new RequestError('sign in', {kind: 'auth', reason: 'sign-in-required', url: 'https://tiles.example/'});
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(context.heard.errors).to.eql([]);
    server.answer = () => redTile;
    handle.retry();
    await page.rendered();
    expect(server.asked).to.have.length(8);
    expect(page.pixel(400, 400)).to.eql(red);
  });

  it('shows nothing of the last visitor after a reset, the first one included', async () => {
    const blueTile = await imageAnswer('blue');
    page = pageMap([handle.layer]);
    await page.rendered();
    server.forget();
    server.answer = () => blueTile;
    server.hold();
    handle.reset();
    await page.framed();
    for (const at of [10, 128, 300, 500]) expect(page.pixel(at, at)).to.eql(clear);
    await server.got(4);
    server.release();
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql([0, 0, 255, 255]);
    expect([...server.tally().values()]).to.eql([1, 1, 1, 1]);
  });

  it('takes no late answer to the last visitor after a reset', async () => {
    server.hold();
    page = pageMap([handle.layer]);
    await server.got(4);
    handle.reset();
    expect(server.count('aborted')).to.equal(4);
    server.answer = () => redTile;
    await server.got(8);
    server.release();
    await page.rendered();
    expect(server.count('answered')).to.equal(4);
  });

  describe('their bitmaps', () => {
    let bitmaps: ReturnType<typeof countBitmaps>;
    beforeEach(() => (bitmaps = countBitmaps()));
    afterEach(() => bitmaps.restore());

    it('are closed, nothing is under way and nobody listens after dispose()', async () => {
      page = pageMap([], {zoom: 2});
      const listeners = (): number => (page.map.getListeners('postrender') ?? []).length;
      const before = listeners();
      page.map.addLayer(handle.layer);
      await page.rendered();
      expect(bitmaps.open).to.equal(4);
      expect(listeners()).to.equal(before + 1);
      server.hold();
      page.map.getView().setZoom(3);
      await server.got(8);
      handle.dispose();
      expect(bitmaps.open).to.equal(0);
      expect(server.count('waiting')).to.equal(0);
      expect(listeners()).to.equal(before);
      expect(handle.layer.hasListener()).to.equal(false);
      expect(context.heard).to.eql({starts: 2, ends: 2, errors: []});
    });

    it('are closed when they are finished too late', async () => {
      const body = Promise.withResolvers<void>();
      server.answer = async () => {
        const bytes = await redTile.clone().bytes();
        // A body that goes on after the abort, as one from a cache does.
        return new Response(
          new ReadableStream({
            async pull(controller) {
              await body.promise;
              controller.enqueue(bytes);
              controller.close();
            },
          }),
        );
      };
      page = pageMap([handle.layer]);
      await server.got(4);
      handle.dispose();
      body.resolve();
      await page.framed();
      expect(bitmaps.open).to.equal(0);
      expect(context.heard.errors).to.eql([]);
    });

    it('are closed when their tile falls out of the cache', async () => {
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      const renderer = (handle.layer as TileLayer).getRenderer();
      const cache = renderer && 'getTileCache' in renderer ? renderer.getTileCache() : undefined;
      cache?.setSize(4);
      for (const x of [2, 4, 6, -2, -4, -6]) {
        page.map.getView().setCenter([x * tileAt4, 0]);
        await page.rendered();
        await page.framed();
      }
      expect(bitmaps.made).to.equal(28);
      expect(bitmaps.open).to.equal(8);
      expect(cache?.getCount()).to.equal(8);
    });
  });
});
