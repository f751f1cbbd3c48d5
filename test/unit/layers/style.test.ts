import {expect, waitUntil} from '@open-wc/testing';
import type LayerGroup from 'ol/layer/Group.js';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {style} from '../../../src/layers/style.js';
import {createAuthorizedFetch} from '../../../src/request/authorized-fetch.js';
import {createPartRequest} from '../../../src/request/part-request.js';
import {RequestError} from '../../../src/request/request-error.js';
import {SharedWork} from '../../../src/request/shared-work.js';
import {countBitmaps} from '../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {rejection} from '../../doubles/rejection.js';
import {aCredential, ScriptedSignIn} from '../../doubles/scripted-source.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';
import {everywhere, tileAnswer, vectorTile} from '../../doubles/vector-tiles.js';
import {setUp} from '../request/setup.js';

const red = [255, 0, 0, 255];
const lime = [0, 255, 0, 255];
const blue = [0, 0, 255, 255];
const clear = [0, 0, 0, 0];
const tiles = ['https://tiles.example/{z}/{x}/{y}.pbf'];
const vector = {type: 'vector', tiles};
const left = everywhere.map(([x, y]) => [x / 2, y] as const);
const fill = (colour: unknown, more: object = {}) => ({
  id: JSON.stringify(colour),
  type: 'fill',
  source: 'a',
  'source-layer': 'areas',
  paint: {'fill-color': colour, 'fill-antialias': false},
  ...more,
});
const background = (colour: unknown) => ({id: 'background', type: 'background', paint: {'background-color': colour}});
const documentOf = (layers: unknown[], more: object = {}) => ({version: 8, sources: {a: vector}, layers, ...more});

describe('style', () => {
  let server: ScriptedServer;
  let answers: Record<string, () => Response | Error | Promise<Response>>;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;

  const create = async (document: object, overrides: Partial<LayerContext> = {}): Promise<LayerHandle> => {
    answers['https://styles.example/s/style.json'] ??= () => Response.json(document);
    context = recordedContext(server.request, overrides);
    handle = await style.create({type: 'style', url: 'https://styles.example/s/style.json'}, context);
    return handle;
  };
  const show = async (document: object, view = {}): Promise<PageMap> => {
    page = pageMap([(await create(document)).layer], view);
    await page.rendered();
    return page;
  };
  const asked = (): string[] => server.asked.map(({url}) => url);
  const words = async (document: object): Promise<string> => {
    const error = (await rejection(create(document))) as RequestError;
    return `${error.kind}: ${error.message}`;
  };

  beforeEach(() => {
    answers = {};
    server = new ScriptedServer(
      (url) => answers[url]?.() ?? (url.endsWith('.png') ? imageAnswer('blue') : tileAnswer()),
    );
    handle = page = undefined;
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });

  it('asks for the document and its tiles, and draws its layers in their order', async () => {
    const {pixel} = await show(
      documentOf([background('blue'), fill('red'), fill('lime', {filter: ['==', 'kind', 'x']})]),
    );
    expect(asked()).to.eql(['https://styles.example/s/style.json', 'https://tiles.example/0/0/0.pbf']);
    expect(pixel(100, 100)).to.eql(red);
    expect(context.heard).to.eql({starts: 2, ends: 2, errors: []});
    expect(handle?.isPersonal).to.equal(true);
  });

  it('draws the background where nothing else is, at every zoom', async () => {
    answers['https://tiles.example/0/0/0.pbf'] = () => tileAnswer(vectorTile({features: [{ring: left}]}));
    const colour = ['interpolate', ['linear'], ['zoom'], 0, 'blue', 5, 'blue'];
    const {pixel} = await show(documentOf([background(colour), fill('red')]));
    expect([pixel(100, 100), pixel(400, 100)]).to.eql([red, blue]);
  });

  it('draws one source below and above another', async () => {
    answers['https://data.example/a.json'] = () =>
      Response.json({
        type: 'Polygon',
        coordinates: [
          [
            [-170, -80],
            [170, -80],
            [170, 80],
            [-170, 80],
            [-170, -80],
          ],
        ],
      });
    const sources = {a: vector, b: {type: 'geojson', data: 'https://data.example/a.json', attribution: 'B'}};
    const half = tileAnswer(vectorTile({name: 'top', features: [{ring: left}]}, {features: [{ring: everywhere}]}));
    answers['https://tiles.example/0/0/0.pbf'] = () => half.clone();
    const {pixel} = await show({
      ...documentOf([
        fill('red'),
        fill('lime', {source: 'b', 'source-layer': undefined}),
        fill('blue', {'source-layer': 'top'}),
      ]),
      sources,
    });
    expect([pixel(100, 250), pixel(400, 250)]).to.eql([blue, lime]);
    expect((handle as {layer: unknown} as {layer: LayerGroup}).layer.getLayers().getLength()).to.equal(3);
    expect(handle?.attribution).to.equal('B');
  });

  it('reads TileJSON, and shows rasters', async () => {
    answers['https://styles.example/s/r.json'] = () =>
      Response.json({tiles: ['img/{z}/{x}/{y}.png'], maxzoom: 3, attribution: 'R'});
    const sources = {r: {type: 'raster', url: 'r.json', tileSize: 256}};
    const {pixel} = await show({version: 8, sources, layers: [{id: 'r', type: 'raster', source: 'r'}]}, {zoom: 1});
    expect(asked().slice(0, 2)).to.eql(['https://styles.example/s/style.json', 'https://styles.example/s/r.json']);
    expect(asked()).to.include('https://styles.example/s/img/1/0/0.png');
    expect(pixel(100, 100)).to.eql(blue);
    expect(handle?.attribution).to.equal('R');
  });

  const icons = {
    dot: {x: 0, y: 0, width: 40, height: 40, pixelRatio: 1},
    small: {x: 0, y: 0, width: 40, height: 40, pixelRatio: 2},
  };
  const symbol = (name: unknown) => ({
    id: 'icons',
    type: 'symbol',
    source: 'a',
    'source-layer': 'areas',
    layout: {'icon-image': name, 'icon-allow-overlap': true},
  });
  const withSprite = (layers: unknown[], more: object = {}) =>
    documentOf(layers, {sprite: 'https://sprites.example/x?v=1', ...more});
  const sprite = devicePixelRatio > 1 ? 'https://sprites.example/x@2x' : 'https://sprites.example/x';

  it('asks for no detailed rasters in a view of the world, and for none of a pixel', async () => {
    const raster = {type: 'raster', tiles: ['https://tiles.example/{z}/{x}/{y}.png']};
    const layer = {id: 'r', type: 'raster', source: 'r'};
    await show(documentOf([layer], {sources: {r: {...raster, minzoom: 7, tileSize: 256}}}));
    expect(asked()).to.have.length(1);
    handle?.dispose();
    page?.remove();
    answers = {};
    server.forget();
    await show(documentOf([layer], {sources: {r: {...raster, tileSize: 1}}}));
    expect(asked()).to.have.length(2);
  });

  it('draws icons of a sprite, in their size', async () => {
    answers[`${sprite}.json?v=1`] = () => Response.json(icons);
    answers[`${sprite}.png?v=1`] = () => imageAnswer('red', 64);
    const point = tileAnswer(vectorTile({features: [{ring: [[2048, 2048]], properties: {icon: 'dot'}}]}));
    answers['https://tiles.example/0/0/0.pbf'] = () => point.clone();
    const {pixel} = await show(withSprite([symbol(['get', 'icon'])]));
    expect(asked().filter((url) => url.includes('sprites.example'))).to.eql([
      `${sprite}.json?v=1`,
      `${sprite}.png?v=1`,
    ]);
    expect([pixel(256, 256), pixel(272, 256), pixel(280, 256)]).to.eql([red, red, clear]);
    handle?.dispose();
    page?.remove();
    delete answers['https://styles.example/s/style.json'];
    const smaller = await show(withSprite([symbol('small')]));
    expect([smaller.pixel(256, 256), smaller.pixel(272, 256)]).to.eql([red, clear]);
  });

  it('fills areas with patterns', async () => {
    answers[`${sprite}.json?v=1`] = () => Response.json(icons);
    answers[`${sprite}.png?v=1`] = () => imageAnswer('lime', 64);
    const pattern = fill('red', {paint: {'fill-pattern': ['match', ['get', 'kind'], 'x', 'nothing', 'dot']}});
    const {pixel} = await show(withSprite([pattern]));
    expect(pixel(100, 100)).to.eql(lime);
    expect(context.heard.errors).to.eql([]);
  });

  it('shows the rest when the sprite cannot be had, and the icons after retry()', async () => {
    const point = tileAnswer(vectorTile({features: [{ring: [[2048, 2048]]}]}));
    answers['https://tiles.example/0/0/0.pbf'] = () => point.clone();
    answers[`${sprite}.json?v=1`] = () => new RequestError('no', {kind: 'forbidden', status: 403, url: sprite});
    const {pixel} = await show(withSprite([background('blue'), symbol('dot')]));
    expect(context.heard.errors.map(({kind}) => kind)).to.eql(['forbidden']);
    expect(pixel(256, 256)).to.eql(blue);
    answers[`${sprite}.json?v=1`] = () => Response.json(icons);
    answers[`${sprite}.png?v=1`] = () => imageAnswer('red', 64);
    const loaded = server.got(server.asked.length + 2);
    handle?.retry();
    await loaded;
    await waitUntil(() => String(page?.pixel(256, 256)) === String(red));
  });

  it('shows the rest when a source cannot be had, and all of it after retry()', async () => {
    answers['https://closed.example/t.json'] = () =>
      new RequestError('no', {kind: 'forbidden', status: 403, url: 'https://closed.example/'});
    const sources = {a: vector, b: {type: 'vector', url: 'https://closed.example/t.json'}};
    const {pixel} = await show({
      ...documentOf([fill('red', {source: 'b'}), fill('blue', {filter: ['==', 'no', 'such']})]),
      sources,
    });
    expect(context.heard.errors.map(({kind}) => kind)).to.eql(['forbidden']);
    expect(pixel(100, 100)).to.eql(clear);
    answers['https://closed.example/t.json'] = () => Response.json({tiles: ['/{z}/{x}/{y}.pbf']});
    const loaded = server.got(server.asked.length + 2);
    handle?.retry();
    await loaded;
    await page?.rendered();
    expect(page?.pixel(100, 100)).to.eql(red);
  });

  it('makes each part once, however often it is told to try again', async () => {
    answers['https://closed.example/t.json'] = () =>
      new RequestError('no', {kind: 'forbidden', status: 403, url: 'https://closed.example/'});
    const sources = {a: vector, b: {type: 'vector', url: 'https://closed.example/t.json'}};
    const shared = new SharedWork();
    const {signal} = new AbortController();
    const document = {...documentOf([fill('red'), {...fill('blue'), source: 'b'}]), sources};
    const {layer} = await create(document, {share: (key, work) => shared.get(key, work, signal)});
    page = pageMap([layer]);
    await page.rendered();
    answers['https://closed.example/t.json'] = () => Response.json({tiles});
    handle?.retry();
    handle?.retry();
    const parts = (layer as LayerGroup).getLayers();
    await waitUntil(() => parts.getLength() > 1);
    await page?.rendered();
    expect(parts.getLength()).to.equal(2);
  });

  it('puts on each request the credential of its scope, and on a foreign one none', async () => {
    const answer = (url: string): Response | Promise<Response> => {
      const {host, pathname} = new URL(url);
      if (host === 'styles.example')
        return Response.json({
          version: 8,
          sources: {
            a: vector,
            b: {type: 'raster', tiles: ['https://pictures.example/{z}/{x}/{y}.png']},
            c: {type: 'vector', url: 'https://foreign.example/t.json'},
          },
          layers: [fill('red'), {id: 'b', type: 'raster', source: 'b'}, fill('blue', {source: 'c'})],
          sprite: 'https://tiles.example/sprite',
        });
      if (pathname === '/t.json') return Response.json({tiles: ['https://foreign.example/{z}/{x}/{y}.pbf']});
      if (pathname.endsWith('.json')) return Response.json({});
      return pathname.endsWith('.png') ? imageAnswer('blue') : tileAnswer();
    };
    const of = (token: string, scope: string) =>
      setUp({source: new ScriptedSignIn(() => aCredential(token)), scope, answer: ({url}) => answer(url)});
    const [first, second, third] = [
      of('one', 'https://styles.example/'),
      of('two', 'https://tiles.example/'),
      of('three', 'https://pictures.example/'),
    ];
    const blocked: string[] = [];
    const authorizedFetch = createAuthorizedFetch({
      environment: first.environment,
      identities: () => [first, second, third].map(({identity}) => identity),
      onBlocked: (origin) => blocked.push(origin),
    });
    context = recordedContext(createPartRequest({authorizedFetch, now: () => 0}));
    handle = await style.create({type: 'style', url: 'https://styles.example/s/style.json'}, context);
    page = pageMap([handle.layer]);
    await page.rendered();
    const sent = first.network.sent.map(({url, headers}) => `${new URL(url).host} ${headers.get('authorization')}`);
    expect(new Set(sent)).to.eql(
      new Set([
        'styles.example Bearer one',
        'tiles.example Bearer two',
        'pictures.example Bearer three',
        'foreign.example null',
      ]),
    );
    expect(blocked).to.eql(['https://foreign.example']);
    expect(context.heard.errors).to.eql([]);
  });

  it('takes the style from the config, and leaves it as it is', async () => {
    const own = Object.freeze(
      documentOf([fill('red')], {sources: {a: {type: 'vector', tiles: ['t/{z}/{x}/{y}.pbf']}}}),
    );
    context = recordedContext(server.request);
    handle = await style.create({type: 'style', style: own as unknown as {version: 8}}, context);
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(asked()).to.eql(['https://maps.example/config/t/0/0/0.pbf']);
    expect(page.pixel(100, 100)).to.eql(red);
  });

  it('asks for no font and for nothing else behind the back of the request', async () => {
    const before = document.querySelectorAll('link').length;
    const label = {...symbol(undefined), layout: {'text-field': 'x', 'text-font': ['Noto Sans Regular']}};
    await show(documentOf([label], {glyphs: 'https://fonts.example/{fontstack}/{range}.pbf'}));
    expect(document.querySelectorAll('link')).to.have.length(before);
    expect(asked()).to.have.length(2);
  });

  it('says what is at a place, from all its layers', async () => {
    await show(documentOf([fill('red')]));
    const place = {coordinate: [0, 0], pixel: [100, 100], resolution: 1, projection: 'EPSG:3857'};
    expect(await handle?.identify?.(place, new AbortController().signal)).to.have.length(1);
  });

  it('aborts and frees everything, icons included', async () => {
    const bitmaps = countBitmaps();
    answers[`${sprite}.json?v=1`] = () => Response.json(icons);
    const sources = {a: vector, r: {type: 'raster', tiles: ['https://tiles.example/{z}/{x}/{y}.png']}};
    await show(withSprite([fill('red'), {id: 'r', type: 'raster', source: 'r'}], {sources}));
    server.forget();
    server.hold();
    handle?.reset();
    await server.got(2);
    await page?.framed();
    handle?.dispose();
    expect(server.count('aborted')).to.equal(server.asked.length);
    expect(bitmaps.open).to.equal(0);
    bitmaps.restore();
  });

  for (const [what, document, said] of [
    ['no object', [], 'it must be an object'],
    ['another version', {version: 7}, 'version must be 8'],
    ['no sources', {version: 8, layers: []}, 'sources must be an object of objects'],
    ['no layers', {version: 8, sources: {}}, 'layers must be a list'],
    ['a layer that is none', documentOf([7]), 'layers[0] must be an object'],
    ['a layer without a name', documentOf([{type: 'fill'}]), 'layers[0].id must be a text'],
    [
      'two layers of a name',
      documentOf([fill('red'), fill('red')]),
      'layers[1].id must be a text that no other layer has',
    ],
    ['a layer without a type', documentOf([{id: 'a'}]), 'layers[0].type must be a text'],
    [
      'a layer of no source',
      documentOf([fill('red', {source: 'x'})]),
      'layers[0].source must be the name of one of the sources',
    ],
    [
      'a source without tiles',
      documentOf([fill('red')], {sources: {a: {type: 'vector'}}}),
      'neither "url" nor "tiles"',
    ],
    [
      'an address of Mapbox',
      documentOf([fill('red')], {sources: {a: {type: 'vector', url: 'mapbox://x.y?token=secret'}}}),
      'no http(s) URL: mapbox:',
    ],
    [
      'a sprite that is no address',
      documentOf([fill('red')], {sprite: 'javascript:alert(1)'}),
      'no http(s) URL: javascript:',
    ],
  ] as const) {
    it(`says what is wrong with a style with ${what}`, async () => {
      const told = await words(document);
      expect(told)
        .to.match(/^format: /)
        .and.to.include(said);
      expect(told).not.to.include('secret');
    });
  }

  it('says so of a style in the config as well', async () => {
    const wrong = {version: 8, sources: {}} as unknown as {version: 8};
    const refusal = await rejection(
      Promise.resolve(style.create({type: 'style', style: wrong}, recordedContext(server.request))),
    );
    expect(refusal).to.include({code: 'invalid-layer'});
    expect(String(refusal)).to.include('layers must be a list');
  });
});
