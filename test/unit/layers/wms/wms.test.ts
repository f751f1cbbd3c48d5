import {expect} from '@open-wc/testing';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {wms} from '../../../../src/layers/wms.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';

const config = {type: 'wms' as const, url: 'https://wms.example/ows', layers: ['a', 'b']};
const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const clear = [0, 0, 0, 0];
const refused = (): RequestError =>
  new RequestError('refused', {kind: 'forbidden', status: 403, url: 'https://wms.example/'});

describe('wms', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  let redImage: Response;
  let blueImage: Response;
  const parameters = (index: number): URLSearchParams => new URL(server.asked[index]?.url ?? '').searchParams;

  before(async () => {
    redImage = await imageAnswer('red', 768);
    blueImage = await imageAnswer('blue', 768);
  });
  beforeEach(() => {
    server = new ScriptedServer(() => redImage);
    context = recordedContext(server.request);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });

  it('is tiled, with the axes of the projection of the view', async () => {
    context = recordedContext(server.request, {projection: 'EPSG:4326'});
    handle = await wms.create(config, context);
    page = pageMap([handle.layer], {projection: 'EPSG:4326', zoom: 1});
    await page.rendered();
    expect(server.asked.map(({url}) => String(new URL(url).searchParams.get('BBOX'))).sort()).to.eql([
      '-90,-180,90,0',
      '-90,0,90,180',
    ]);
    expect(parameters(0).get('LAYERS')).to.equal('a,b');
    expect(page.pixel(250, 250)).to.eql(red);
  });

  it('asks for no more pixels on a fine screen', async () => {
    handle = await wms.create(config, context);
    page = pageMap([handle.layer]);
    page.map.setSize([512, 512]);
    await page.rendered();
    expect(parameters(0).get('WIDTH')).to.equal('256');
  });

  describe('as a single image', () => {
    beforeEach(async () => (handle = await wms.create({...config, single: true}, context)));

    it('asks once for somewhat more than the view, and not again for a small movement', async () => {
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      page.map.getView().adjustCenter([100_000, 100_000]);
      await page.rendered();
      expect(server.asked).to.have.length(1);
      expect([parameters(0).get('WIDTH'), parameters(0).get('HEIGHT')]).to.eql(['768', '768']);
      expect(page.pixel(250, 250)).to.eql(red);
      expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
    });

    it('aborts the image of the last view and keeps the old one on the screen meanwhile', async () => {
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      server.answer = () => blueImage;
      server.hold();
      page.map.getView().setZoom(5);
      await server.got(2);
      page.map.getView().setZoom(6);
      await server.got(3);
      expect(server.asked.map(({state}) => state)).to.eql(['answered', 'aborted', 'waiting']);
      expect(page.pixel(250, 250)).to.eql(red);
      server.release();
      await page.rendered();
      expect(page.pixel(250, 250)).to.eql(blue);
      expect(context.heard.errors).to.eql([]);
    });

    it('really asks again after a failure, and not by itself', async () => {
      server.answer = refused;
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      await page.rendered();
      expect(server.asked).to.have.length(1);
      expect(context.heard.errors.map(({status}) => status)).to.eql([403]);
      server.answer = () => redImage;
      handle.retry();
      await page.rendered();
      expect(server.asked).to.have.length(2);
      expect(page.pixel(250, 250)).to.eql(red);
      handle.retry();
      await page.rendered();
      expect(server.asked).to.have.length(2);
    });

    it('lets the map come to its end when it fails while the visitor has to sign in', async () => {
      server.answer = () => new RequestError('', {kind: 'auth', reason: 'sign-in-required', url: ''});
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
    });

    it('shows nothing of the last visitor after a reset', async () => {
      page = pageMap([handle.layer], {zoom: 4});
      await page.rendered();
      server.answer = () => blueImage;
      server.hold();
      handle.reset();
      await page.framed();
      expect(page.pixel(250, 250)).to.eql(clear);
      await server.got(2);
      server.release();
      await page.rendered();
      expect(page.pixel(250, 250)).to.eql(blue);
    });

    it('is aborted when it is hidden, and comes when it is shown', async () => {
      server.hold();
      page = pageMap([handle.layer], {zoom: 4});
      await server.got(1);
      handle.layer.setVisible(false);
      await page.framed();
      expect(server.count('aborted')).to.equal(1);
      handle.layer.setVisible(true);
      await server.got(2);
      server.release();
      await page.rendered();
      expect(page.pixel(250, 250)).to.eql(red);
    });

    it('closes each image when the next is on the screen, and all on dispose()', async () => {
      const bitmaps = countBitmaps();
      try {
        page = pageMap([], {zoom: 4});
        const listeners = (): number => (page.map.getListeners('postrender') ?? []).length;
        const before = listeners();
        page.map.addLayer(handle.layer);
        await page.rendered();
        for (const zoom of [5, 6, 7]) {
          page.map.getView().setZoom(zoom);
          await page.rendered();
        }
        await page.framed();
        expect(bitmaps.made).to.equal(4);
        expect(bitmaps.open).to.equal(1);
        server.hold();
        page.map.getView().setZoom(8);
        await server.got(5);
        handle.dispose();
        expect(bitmaps.open).to.equal(0);
        expect(server.count('waiting')).to.equal(0);
        expect(listeners()).to.equal(before);
      } finally {
        bitmaps.restore();
      }
    });
  });
});
