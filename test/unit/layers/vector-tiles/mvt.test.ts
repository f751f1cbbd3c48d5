import {expect} from '@open-wc/testing';
import {useGeographic, clearUserProjection} from 'ol/proj.js';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {mvt} from '../../../../src/layers/mvt.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {imageAnswer} from '../../../doubles/images.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {everywhere, tileAnswer, vectorTile} from '../../../doubles/vector-tiles.js';

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const clear = [0, 0, 0, 0];
const style = {'fill-color': 'red'};
const halfWorld = 20_037_508.342789244;
const paths = (server: ScriptedServer): string[] => server.asked.map(({url}) => new URL(url).pathname).sort();

describe('mvt', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  const create = async (config: object = {}): Promise<void> => {
    handle = await mvt.create({type: 'mvt', url: '/{z}/{x}/{y}.pbf', style, ...config}, context);
  };

  beforeEach(() => {
    server = new ScriptedServer(() => tileAnswer());
    context = recordedContext(server.request);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
    clearUserProjection();
  });

  it('asks for the tiles of the view, and draws their features by a flat style', async () => {
    await create();
    page = pageMap([handle.layer], {zoom: 2});
    await page.rendered();
    expect(paths(server)).to.eql(['/1/0/0.pbf', '/1/0/1.pbf', '/1/1/0.pbf', '/1/1/1.pbf']);
    expect(server.asked.every(({url}) => url.startsWith('https://maps.example/'))).to.equal(true);
    expect(page.pixel(100, 100)).to.eql(red);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('puts features where they belong', async () => {
    const quarter = everywhere.map(([x, y]) => [x / 2, y / 2] as const);
    server.answer = () => tileAnswer(vectorTile({features: [{ring: quarter}]}));
    await create();
    page = pageMap([handle.layer], {zoom: 1}, [512, 512]);
    await page.rendered();
    // One tile for the world: the quarter is its upper left one.
    expect(paths(server)).to.eql(['/0/0/0.pbf']);
    expect([page.pixel(100, 100), page.pixel(400, 100), page.pixel(100, 400)]).to.eql([red, clear, clear]);
  });

  it('draws by expressions, and the named layers only', async () => {
    server.answer = () =>
      tileAnswer(
        vectorTile(
          {name: 'land', features: [{ring: everywhere, properties: {kind: 'water'}}]},
          {name: 'other', features: [{ring: everywhere, properties: {kind: 'land'}}]},
        ),
      );
    await create({
      layers: ['land'],
      style: {'fill-color': ['match', ['get', 'kind'], 'water', 'blue', 'red']},
    });
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql(blue);
  });

  it('draws by a MapLibre style, whatever its source, with its icons', async () => {
    server.answer = (url) => {
      if (url.endsWith('.json')) return Response.json({dot: {x: 0, y: 0, width: 40, height: 40, pixelRatio: 1}});
      if (url.endsWith('.png')) return imageAnswer('blue', 64);
      const point = {name: 'points', features: [{ring: [[2048, 2048] as const]}]};
      return tileAnswer(
        vectorTile({features: [{ring: everywhere}]}, {name: 'other', features: [{ring: everywhere}]}, point),
      );
    };
    const layer = (name: string, type: string, more: object) => ({
      id: name,
      type,
      source: 's',
      'source-layer': name,
      ...more,
    });
    await create({
      style: {
        version: 8,
        sources: {s: {type: 'vector', url: 'https://nobody.example/'}},
        sprite: 'https://maps.example/sprite',
        layers: [
          {id: 'background', type: 'background'},
          layer('areas', 'fill', {paint: {'fill-color': 'red'}}),
          layer('points', 'symbol', {layout: {'icon-image': 'dot'}}),
        ],
      },
    });
    page = pageMap([handle.layer]);
    await page.rendered();
    expect([page.pixel(100, 100), page.pixel(256, 256)]).to.eql([red, blue]);
    expect(handle.isPersonal).to.equal(true);
    expect(server.asked.filter(({url}) => !url.startsWith('https://maps.example/'))).to.eql([]);
  });

  it('draws beyond the last level of the tiling from the last one', async () => {
    await create();
    page = pageMap([handle.layer], {zoom: 26, maxZoom: 28});
    await page.rendered();
    expect(new Set(paths(server).map((path) => path.split('/')[1]))).to.eql(new Set(['22']));
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('is shown in another projection', async () => {
    await create();
    page = pageMap([handle.layer], {projection: 'EPSG:4326', center: [5, 52], zoom: 6});
    await page.rendered();
    expect(page.pixel(256, 256)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
    // From one page of a tile to the other no more than what the view shows is asked for.
    expect(server.asked.length).to.be.below(20);
  });

  it('works where the page speaks in longitude and latitude', async () => {
    useGeographic();
    await create();
    page = pageMap([handle.layer], {center: [5, 52], zoom: 6});
    await page.rendered();
    expect(page.pixel(256, 256)).to.eql(red);
  });

  for (const [what, answer] of [
    ['404', () => new RequestError('gone', {kind: 'network', status: 404, url: 'https://maps.example/'})],
    ['204', () => new Response(null, {status: 204})],
    ['an empty body', () => tileAnswer(new Uint8Array())],
  ] as const) {
    it(`takes ${what} for a tile without features`, async () => {
      server.answer = (url) => (url.endsWith('/1/0/0.pbf') ? answer() : tileAnswer());
      await create();
      page = pageMap([handle.layer], {zoom: 2});
      await page.rendered();
      expect(context.heard.errors).to.eql([]);
      expect([page.pixel(100, 100), page.pixel(400, 400)]).to.eql([clear, red]);
      handle.retry();
      await page.rendered();
      expect(server.asked).to.have.length(4);
    });
  }

  const good = vectorTile({features: [{ring: everywhere}]});
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
  const cut = (length: number): Uint8Array<ArrayBuffer> => good.slice(0, length);
  const layer = (...content: number[]): Uint8Array<ArrayBuffer> => bytes(26, content.length, ...content);
  for (const [what, body, words] of [
    ['a web page', '<!doctype html><title>Sign in</title>', 'a web page (HTML) where a vector tile'],
    ['JSON', '{"type": "FeatureCollection"}', 'JSON where a vector tile'],
    ['XML', '<?xml version="1.0"?><a/>', 'XML where a vector tile'],
    ['an image', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'an image where a vector tile'],
    ['gzip that was not unpacked', bytes(0x1f, 0x8b, 8, 0, 0, 0), 'compressed (gzip, without a Content-Encoding'],
    ['a later version', vectorTile({version: 3, features: []}), 'of version 3; those of version 1 and 2'],
    ['a tile without its end', cut(good.length - 3), 'cut short'],
    ['a tile of two bytes', cut(2), 'cut short'],
    ['a layer without a name', layer(15 * 8, 2), 'a layer without a name'],
    [
      'a command that would go on for minutes',
      layer(10, 1, 97, 120, 2, 18, 9, 24, 3, 34, 5, 255, 255, 255, 255, 15),
      'unknown command',
    ],
    ['a command that nobody knows', layer(10, 1, 97, 120, 2, 18, 5, 24, 3, 34, 1, 3), 'unknown command'],
    ['a number without an end', bytes(...Array<number>(12).fill(0xff)), 'more than ten bytes'],
    ['a wire type that is none', bytes(7), 'no Protocol Buffer'],
  ] as const) {
    it(`says that it was sent ${what}`, async () => {
      server.answer = () => new Response(body);
      await create();
      page = pageMap([handle.layer]);
      await page.rendered();
      expect(context.heard.errors.map(({kind, url}) => `${kind} ${url}`)).to.eql([
        'format https://maps.example/0/0/0.pbf',
      ]);
      expect(context.heard.errors[0]?.message).to.include(words);
    });
  }

  it('refuses a tile of 30 MB without reading it', async () => {
    let read = 0;
    server.answer = () =>
      ({
        headers: new Headers({'content-length': '30000000'}),
        body: {cancel: () => Promise.resolve(), getReader: () => (read += 1)},
        clone(): unknown {
          return this;
        },
      }) as unknown as Response;
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(context.heard.errors[0]).to.include({kind: 'format', reason: 'too-large'});
    expect(read).to.equal(0);
  });

  it('draws tiles of version 1, as older servers send them', async () => {
    server.answer = () => tileAnswer(vectorTile({version: 1, features: [{ring: everywhere}]}));
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('asks again for what failed, on retry() only', async () => {
    server.answer = (url) =>
      url.endsWith('/1/0/0.pbf')
        ? new RequestError('no', {kind: 'network', status: 500, url: 'https://maps.example/'})
        : tileAnswer();
    await create();
    page = pageMap([handle.layer], {zoom: 2});
    await page.rendered();
    page.map.getView().setCenter([1000, 1000]);
    await page.rendered();
    expect(server.asked).to.have.length(4);
    expect(context.heard.errors).to.have.length(1);
    server.answer = () => tileAnswer();
    handle.retry();
    await page.rendered();
    expect(server.tally().get('https://maps.example/1/0/0.pbf')).to.equal(2);
    expect(server.asked).to.have.length(5);
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('fills the holes of a tile of the screen that is made from several', async () => {
    const wrong = '/2/2/0.pbf';
    server.answer = (url) =>
      url.endsWith(wrong) ? new RequestError('no', {kind: 'network', status: 500, url}) : tileAnswer();
    await create();
    page = pageMap([handle.layer], {projection: 'EPSG:4326', center: [30, 66.5], zoom: 3});
    await page.rendered();
    expect([page.pixel(256, 160), page.pixel(256, 350)]).to.eql([clear, red]);
    const count = server.asked.length;
    server.answer = () => tileAnswer();
    handle.retry();
    await page.rendered();
    expect([page.pixel(256, 160), page.pixel(256, 350)]).to.eql([red, red]);
    expect(server.asked).to.have.length(count + 1);
  });

  it('shows the world in longitude and latitude, whose tiles go beyond the poles', async () => {
    await create();
    page = pageMap([handle.layer], {projection: 'EPSG:4326', zoom: 0});
    await page.rendered();
    expect(page.pixel(256, 256)).to.eql(red);
  });

  it('aborts stale tiles on the wire, and never holds up others', async () => {
    server.hold();
    await create();
    page = pageMap([handle.layer], {zoom: 2}, [1024, 1024]);
    await server.got(4);
    for (let round = 1; round < 20; round += 1) {
      const count = server.asked.length;
      page.map.getView().setZoom(2 + round);
      await server.got(count + 1);
      await page.framed();
      expect(server.asked.slice(0, count).every(({state}) => state === 'aborted')).to.equal(true);
    }
    server.release();
    await page.rendered();
    expect(server.count('answered') + server.count('aborted')).to.equal(server.asked.length);
    expect(page.pixel(500, 500)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
    expect(context.heard.starts).to.equal(context.heard.ends);
  });

  it('goes on with a tile that another tile of the screen still wants', async () => {
    server.hold();
    await create();
    // Beyond the last level four tiles of the screen are drawn from one of the service.
    page = pageMap([handle.layer], {zoom: 24, maxZoom: 28, center: [0.3, 0.3]}, [600, 600]);
    await server.got(1);
    const count = server.asked.length;
    page.map.getView().adjustCenter([1, 1]);
    await page.framed();
    expect(server.asked[0]?.state).to.equal('waiting');
    server.release();
    await page.rendered();
    expect(server.asked).to.have.length(count);
    expect(page.pixel(300, 300)).to.eql(red);
  });

  it('is aborted when hidden, and asked for again when shown', async () => {
    server.hold();
    await create();
    page = pageMap([handle.layer]);
    await server.got(1);
    handle.layer.setVisible(false);
    await page.framed();
    expect(server.count('aborted')).to.equal(1);
    handle.layer.setVisible(true);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('goes across the antimeridian', async () => {
    await create();
    page = pageMap([handle.layer], {zoom: 4, center: [halfWorld, 0]});
    await page.rendered();
    expect(paths(server)).to.eql(['/3/0/3.pbf', '/3/0/4.pbf', '/3/7/3.pbf', '/3/7/4.pbf']);
    for (const x of [10, 250, 260, 500]) expect(page.pixel(x, 250)).to.eql(red);
  });

  it('drops everything on reset, also while the view moves', async () => {
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    server.hold();
    page.map.getView().animate({rotation: 1, duration: 2000});
    await page.framed();
    handle.reset();
    await page.framed();
    expect(page.pixel(256, 256)).to.eql(clear);
    page.map.getView().cancelAnimations();
    server.release();
    await page.rendered();
    expect(server.asked).to.have.length(2);
    expect(page.pixel(256, 256)).to.eql(red);
  });

  it('says what is drawn at a place', async () => {
    const ring = everywhere.map(([x, y]) => [x / 2, y / 2] as const);
    server.answer = () => tileAnswer(vectorTile({features: [{id: 7, ring, properties: {name: '<b>a</b>'}}]}));
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    const at = (x: number) => ({coordinate: [0, 0], pixel: [x, x], resolution: 1, projection: 'EPSG:3857'});
    const {signal} = new AbortController();
    expect(await handle.identify?.(at(100), signal)).to.eql([
      {id: '7', properties: {name: '<b>a</b>', layer: 'areas'}},
    ]);
    expect(await handle.identify?.(at(400), signal)).to.eql([]);
    page.map.removeLayer(handle.layer);
    expect(await handle.identify?.(at(100), signal)).to.eql([]);
  });

  it('leaves the map exportable', async () => {
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    for (const canvas of document.querySelectorAll('canvas'))
      if (canvas.width) expect(canvas.toDataURL()).to.match(/^data:/);
  });

  it('refuses a style that ol does not know, and one that is no MapLibre style', async () => {
    await create();
    page = pageMap([]);
    for (const wrong of [{'fill-color': ['no-such-operator']}, {version: 8, layers: 7}]) {
      const refusal = await rejection(
        Promise.resolve(mvt.create({type: 'mvt', url: '/{z}/{x}/{y}', style: wrong}, context)),
      );
      expect(refusal).to.have.property('code', 'invalid-layer');
    }
  });
});
