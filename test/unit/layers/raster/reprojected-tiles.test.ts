import {expect, waitUntil} from '@open-wc/testing';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {xyz} from '../../../../src/layers/xyz.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';

const red = [255, 0, 0, 255];
const refused = (): RequestError =>
  new RequestError('refused', {kind: 'forbidden', status: 403, url: 'https://tiles.example/'});

describe('tiles in a view of another projection', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  let tile: Response;
  const view = {projection: 'EPSG:4326', zoom: 3, center: [20, 20]};

  before(async () => (tile = await imageAnswer('red')));
  beforeEach(async () => {
    server = new ScriptedServer(() => tile);
    context = recordedContext(server.request, {projection: 'EPSG:4326'});
    handle = await xyz.create({type: 'xyz', url: 'https://tiles.example/{z}/{x}/{y}.png'}, context);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });

  it('are drawn from tiles that are asked for once each', async () => {
    page = pageMap([handle.layer], view);
    await page.rendered();
    expect(Math.max(...server.tally().values())).to.equal(1);
    for (const at of [20, 200, 400]) expect(page.pixel(at, at)).to.eql(red);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('are not aborted while what is drawn from them is wanted', async () => {
    server.hold();
    page = pageMap([handle.layer], view);
    await server.got(1);
    await page.framed();
    page.map.getView().adjustCenter([0.1, 0.1]);
    await page.framed();
    expect(server.count('aborted')).to.equal(0);
    server.release();
    await page.rendered();
    expect(page.pixel(250, 250)).to.eql(red);
  });

  it('are aborted when nothing is drawn from them any more, and come again', async () => {
    server.hold();
    page = pageMap([handle.layer], view);
    await server.got(1);
    await page.framed();
    const first = server.asked.length;
    page.map.getView().setCenter([-100, -40]);
    await page.framed();
    expect(server.count('aborted')).to.equal(first);
    await server.got(first + 1);
    page.map.getView().setCenter(view.center);
    await page.framed();
    server.release();
    await page.rendered();
    for (const at of [20, 200, 400]) expect(page.pixel(at, at)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
  });

  it('have their holes filled by a retry, with the rest left on the screen and not asked for', async () => {
    let failing: string | undefined;
    server.answer = (url) => {
      failing ??= url;
      return url === failing ? refused() : tile;
    };
    page = pageMap([handle.layer], view);
    await page.rendered();
    expect(context.heard.errors).to.have.length(1);
    const alpha = (): number[] =>
      Array.from({length: 16 * 16}, (_, i) => page.pixel((i % 16) * 32, Math.floor(i / 16) * 32)[3] ?? 0);
    const holes = alpha().filter((each) => each === 0).length;
    expect(holes)
      .to.be.greaterThan(0)
      .and.to.be.lessThan(16 * 16);
    server.forget();
    server.answer = () => tile;
    server.hold();
    handle.retry();
    await server.got(1);
    await page.framed();
    expect(alpha().filter((each) => each === 0)).to.have.length(holes);
    server.release();
    // The picture that is there counts as complete: ol's `rendercomplete` does not wait for the better one.
    await waitUntil(() => alpha().every((each) => each > 0), 'the holes are filled', {timeout: 5000});
    expect([...server.tally()]).to.eql([[failing, 1]]);
  });

  it('all are asked for again after all have failed', async () => {
    server.answer = refused;
    page = pageMap([handle.layer], view);
    await page.rendered();
    const count = server.asked.length;
    expect(context.heard.errors).to.have.length(count);
    server.answer = () => tile;
    handle.retry();
    await page.rendered();
    expect([...server.tally().values()]).to.eql(Array(count).fill(2));
    expect(page.pixel(250, 250)).to.eql(red);
  });

  it('are gone after reset() and freed by dispose()', async () => {
    const bitmaps = countBitmaps();
    try {
      page = pageMap([handle.layer], view);
      await page.rendered();
      const count = server.asked.length;
      server.hold();
      handle.reset();
      await page.framed();
      expect(page.pixel(250, 250)).to.eql([0, 0, 0, 0]);
      expect(bitmaps.open).to.equal(0);
      await server.got(2 * count);
      server.release();
      await page.rendered();
      expect(bitmaps.open).to.equal(count);
      handle.dispose();
      expect(bitmaps.open).to.equal(0);
    } finally {
      bitmaps.restore();
    }
  });
});
