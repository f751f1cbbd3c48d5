import {expect} from '@open-wc/testing';
import type {Extent} from 'ol/extent.js';
import {ogcFeaturesAnswer, pointCollection} from '../../../doubles/feature-services.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const config = {type: 'ogc-features', url: 'https://maps.example/api', collection: 'trees'} as const;
const view = {center: [0, 0], zoom: 10};
/** What is seen at zoom level 10, in map units. */
const width = 512 * 152.87;

const boxes = (shown: ShownLayer): readonly Extent[] =>
  shown.queries('/items').map((query) => (query.get('bbox') ?? '').split(',').map(Number));
const items =
  (answer: (url: string) => Response | Promise<Response> | Error) =>
  (url: string): Response | Promise<Response> | Error =>
    url.includes('/items') ? answer(url) : ogcFeaturesAnswer(url);
const withIds = (...ids: readonly (string | undefined)[]): Response =>
  Response.json({
    ...pointCollection,
    features: ids.map((id) => ({...pointCollection.features[0], id})),
  });

describe('features that are loaded by what is in view', () => {
  let shown: ShownLayer | undefined;
  const show = async (answer: Parameters<typeof items>[0], more: object = {}): Promise<ShownLayer> => {
    shown = await showLayer(config, items(answer), {view, ...more});
    return shown;
  };
  const move = (to: number): void => shown?.page.map.getView().setCenter([to * width, 0]);
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('are asked for where the map moves to, and not again where it has been', async () => {
    const {page} = await show(() => withIds('a'));
    move(2);
    await page.rendered();
    move(0);
    await page.rendered();
    page.map.getView().setZoom(11);
    await page.rendered();
    const [here, there, ...more] = boxes(shown!);
    expect(here?.[0]).to.be.below(0);
    expect(there?.[0]).to.be.above(here?.[2] ?? 0);
    expect(more).to.eql([]);
    expect(shown?.features()).to.have.length(1);
  });

  it('are there once where parts overlap, with an id and without', async () => {
    await show(() => withIds('a', undefined));
    move(0.5);
    await shown?.page.rendered();
    expect(boxes(shown!)).to.have.length(2);
    expect(shown?.features()).to.have.length(2);
  });

  it('appear page by page', async () => {
    const second = Promise.withResolvers<Response>();
    const counts: number[] = [];
    const more = {...pointCollection, links: [{rel: 'next', href: 'items?page=2'}]};
    const answer = (url: string): Response | Promise<Response> => {
      if (!url.includes('page=2')) return Response.json(more);
      void shown?.page.framed().then(() => {
        counts.push(shown?.features().length ?? 0);
        second.resolve(withIds('b', 'c'));
      });
      return second.promise;
    };
    await show(() => new Error('not yet'));
    if (shown) shown.server.answer = items(answer);
    shown?.handle.retry();
    await shown?.page.rendered();
    expect(counts).to.eql([1]);
    expect(shown?.features()).to.have.length(3);
  });

  it('are not waited for when they have gone out of view, and asked for again on coming back', async () => {
    const {server, page, context} = await show(() => withIds('a'));
    server.forget();
    server.hold();
    move(2);
    await server.got(1);
    move(4);
    await server.got(2);
    await page.framed();
    expect(server.asked.map(({state}) => state)).to.eql(['aborted', 'waiting']);
    move(2);
    await server.got(3);
    server.release();
    await page.rendered();
    expect(server.asked.map(({state}) => state)).to.eql(['aborted', 'aborted', 'answered']);
    expect(context.heard.errors).to.eql([]);
    expect(context.heard.starts).to.equal(context.heard.ends);
  });

  it('are not asked for twice when the map zooms out while they are under way', async () => {
    const {server, page} = await show(() => withIds('a'));
    server.forget();
    server.hold();
    move(3);
    await server.got(1);
    page.map.getView().setZoom(9);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(server.asked.map(({state}) => state)).to.eql(['aborted', 'answered']);
  });

  it('are asked for again by retry() where that failed, and only there', async () => {
    let isDown = true;
    const {server, page} = await show(() => withIds('a'));
    server.answer = items(() => (isDown ? new TypeError('Failed to fetch') : withIds('b')));
    for (const to of [2, 4]) {
      move(to);
      await page.rendered();
    }
    expect(shown?.told()).to.eql(['network: There was no answer', 'network: There was no answer']);
    server.forget();
    isDown = false;
    shown?.handle.retry();
    await page.rendered();
    expect(boxes(shown!)).to.have.length(1);
    move(2);
    await page.rendered();
    move(0);
    await page.rendered();
    expect(boxes(shown!)).to.have.length(2);
  });

  it('are found in the one world that services know, however far the map has gone round', async () => {
    const world = 40_075_016.68;
    const {page, server} = await show(() => withIds('a'));
    expect(server.asked).to.have.length(3);
    page.map.getView().setCenter([3 * world + 2 * width, 0]);
    await page.rendered();
    const [, there] = boxes(shown!);
    for (const longitude of [there?.[0], there?.[2]]) expect(longitude).to.be.within(0, 5);
    expect(server.count('aborted')).to.equal(0);
  });

  it('are forgotten with all that is under way when another visitor comes', async () => {
    const {server, page, handle} = await show(() => withIds('a'));
    server.hold();
    move(2);
    await server.got(4);
    handle.reset();
    expect(shown?.features()).to.eql([]);
    expect(server.count('aborted')).to.equal(1);
    server.release();
    await page.rendered();
    expect(shown?.features()).to.have.length(1);
  });
});

describe('a great many features', () => {
  const many = (count: number): object => ({
    type: 'FeatureCollection',
    features: Array.from({length: count}, (_, i) => ({
      type: 'Feature',
      properties: {i},
      geometry: {type: 'Point', coordinates: [(i % 360) - 180, ((i / 360) % 160) - 80]},
    })),
  });

  it('are shown up to a limit, which is said', async () => {
    const text = JSON.stringify(many(50_500));
    const shown = await showLayer({type: 'geojson', url: 'https://maps.example/a.json'}, () => new Response(text));
    expect(shown.features()).to.have.length(50_000);
    expect(shown.told()).to.eql(['format: There are more than 50,000 features: the rest is not shown.']);
    shown.remove();
  }).timeout(60_000);
});
