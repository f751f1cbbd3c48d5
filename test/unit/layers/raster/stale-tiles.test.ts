import {expect} from '@open-wc/testing';
import type TileLayer from 'ol/layer/Tile.js';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {xyz} from '../../../../src/layers/xyz.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {settled, TestEnvironment} from '../../../doubles/test-environment.js';

const halfWorld = 20_037_508.342789244;

describe('tiles that are not wanted any more', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  let tile: Response;

  const layerOf = async (): Promise<LayerHandle> =>
    xyz.create({type: 'xyz', url: 'https://tiles.example/{z}/{x}/{y}.png'}, context);

  before(async () => (tile = await imageAnswer('red')));
  beforeEach(async () => {
    server = new ScriptedServer(() => tile);
    context = recordedContext(server.request);
    handle = await layerOf();
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });

  it('are aborted on the wire, and give their places in the queue back', async () => {
    server.hold();
    page = pageMap([handle.layer], {zoom: 2}, [1024, 1024]);
    // More rounds than a leak of one place each would leave any of the 16.
    for (let round = 1; round < 20; round += 1) {
      await server.got(round * 16);
      expect(server.count('waiting')).to.equal(16);
      page.map.getView().setZoom(2 + round);
    }
    await server.got(20 * 16);
    expect(server.count('aborted')).to.equal(19 * 16);
    server.release();
    await page.rendered();
    expect(server.count('answered')).to.equal(16);
    expect(context.heard.errors).to.eql([]);
    expect(context.heard.starts).to.equal(context.heard.ends);
  });

  it('never are completed in a fast zoom across the levels', async () => {
    page = pageMap([handle.layer], {zoom: 3, center: [1_000_000, 1_000_000]});
    await page.rendered();
    server.forget();
    server.hold();
    // A slow browser asks for nothing while it zooms: something is under way before.
    page.map.getView().setZoom(4);
    await server.got(1);
    const frames: Promise<void>[] = [];
    page.map.getView().animate({zoom: 12, duration: 400}, () => frames.push(page.framed()));
    await new Promise((resolve) => page.map.once('moveend', resolve));
    await Promise.all(frames);
    server.release();
    await page.rendered();
    const levels = server.asked
      .filter(({state}) => state === 'answered')
      .map(({url}) => new URL(url).pathname.split('/')[1]);
    expect(new Set(levels)).to.eql(new Set(['12']));
    expect(server.count('aborted')).to.be.greaterThan(0);
    expect(server.count('answered') + server.count('aborted')).to.equal(server.asked.length);
  });

  it('are freed where they came in and were not shown yet', async () => {
    const bitmaps = countBitmaps();
    const clock = new TestEnvironment();
    context = recordedContext(server.request, {clock});
    handle = await layerOf();
    // All but one come in, and wait for the end of the step.
    server.answer = (url) => (url.endsWith('/0/0.png') ? new Promise<never>(() => undefined) : tile);
    page = pageMap([handle.layer], {zoom: 1});
    await server.got(4);
    while (bitmaps.made < 3) await settled();
    expect([bitmaps.open, clock.pending.timers]).to.eql([3, 1]);
    handle.reset();
    while (bitmaps.open > 0) await settled();
    bitmaps.restore();
    expect(server.count('aborted')).to.equal(1);
  });

  it('are asked for again when they are wanted again', async () => {
    server.hold();
    page = pageMap([handle.layer], {zoom: 2});
    await server.got(4);
    page.map.getView().setZoom(5);
    await server.got(8);
    expect(server.count('aborted')).to.equal(4);
    page.map.getView().setZoom(2);
    await server.got(12);
    server.release();
    await page.rendered();
    expect(server.count('answered')).to.equal(4);
    expect(page.pixel(100, 100)).to.eql([255, 0, 0, 255]);
  });

  it('are aborted when the layer is hidden, and let other layers load', async () => {
    server.hold();
    page = pageMap([handle.layer], {zoom: 2}, [1024, 1024]);
    await server.got(16);
    handle.layer.setVisible(false);
    await page.framed();
    expect(server.count('aborted')).to.equal(16);
    const other = await layerOf();
    page.map.addLayer(other.layer);
    await server.got(32);
    server.release();
    await page.rendered();
    expect(server.count('answered')).to.equal(16);
    other.dispose();
  });

  it('are aborted when the layer leaves the map', async () => {
    server.hold();
    page = pageMap([handle.layer]);
    await server.got(4);
    page.map.removeLayer(handle.layer);
    expect(server.count('aborted')).to.equal(4);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('are aborted when the map has no size any more', async () => {
    server.hold();
    page = pageMap([handle.layer]);
    await server.got(4);
    page.map.setSize([0, 0]);
    await page.framed();
    expect(server.count('aborted')).to.equal(4);
  });

  it('may be aborted by somebody who hears that they begin', async () => {
    page = pageMap([handle.layer]);
    (handle.layer as TileLayer).getSource()?.once('tileloadstart', () => page.map.removeLayer(handle.layer));
    await page.framed();
    expect(server.count('waiting')).to.equal(0);
    page.map.addLayer(handle.layer);
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql([255, 0, 0, 255]);
    expect(context.heard.starts).to.equal(context.heard.ends);
  });

  for (const [where, worlds] of [
    ['the antimeridian', 1],
    ['the antimeridian two worlds away', 5],
  ] as const) {
    it(`are not those on the other side of ${where}`, async () => {
      server.hold();
      page = pageMap([handle.layer], {zoom: 4, center: [worlds * halfWorld, 0]});
      await server.got(4);
      for (const step of [100_000, -300_000, 200_000]) {
        page.map.getView().adjustCenter([step, 0]);
        await page.framed();
      }
      const columns = (state?: string): string[] =>
        server.asked
          .filter((each) => !state || each.state === state)
          .map(({url}) => new URL(url).pathname.split('/')[2] ?? '')
          .sort();
      // One column came into view on each side, and left it again.
      expect(columns('aborted')).to.eql(['1', '1', '14', '14']);
      server.release();
      await page.rendered();
      expect(columns('answered')).to.eql(['0', '0', '15', '15']);
      for (const x of [10, 200, 300, 500]) expect(page.pixel(x, 250)).to.eql([255, 0, 0, 255]);
    });
  }
});
