import {expect} from '@open-wc/testing';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {ogcTiles} from '../../../src/layers/ogc-tiles.js';
import type {RequestError} from '../../../src/request/request-error.js';
import {ogcTilesAnswer, ogcTilesDocuments} from '../../doubles/ogc-tiles-service.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {rejection} from '../../doubles/rejection.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';
import {everywhere, tileAnswer, vectorTile} from '../../doubles/vector-tiles.js';

const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];
const style = {'fill-color': 'red'};
type Documents = Record<string, Record<string, unknown>>;

describe('ogc-tiles', () => {
  let documents: Documents;
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;

  const create = async (config: object = {}, overrides: Partial<LayerContext> = {}): Promise<LayerHandle> => {
    context = recordedContext(server.request, overrides);
    handle = await ogcTiles.create({type: 'ogc-tiles', url: 'https://maps.example/ogc/', style, ...config}, context);
    return handle;
  };
  const show = async (config: object = {}, view = {}, overrides: Partial<LayerContext> = {}): Promise<PageMap> => {
    const {layer} = await create(config, overrides);
    page = pageMap([layer], view);
    await page.rendered();
    return page;
  };
  const asked = (): string[] => server.asked.map(({url}) => url.replace('https://maps.example', ''));
  const refusal = async (config: object = {}, overrides: Partial<LayerContext> = {}): Promise<string> => {
    const error = await rejection(create(config, overrides));
    const {kind, code} = error as RequestError;
    return `${kind ?? code}: ${(error as Error).message}`;
  };

  beforeEach(() => {
    documents = ogcTilesDocuments();
    server = new ScriptedServer(ogcTilesAnswer(documents));
    handle = page = undefined;
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });

  it('goes from the landing page to the tiles of the projection of the view', async () => {
    const {pixel} = await show({}, {zoom: 1});
    expect(asked().slice(0, 3)).to.eql(['/ogc/', '/ogc/vector/tiles', '/ogc/vector/tiles/WebMercatorQuad?f=json']);
    expect(asked().slice(3).sort()).to.eql(
      ['0/0', '0/1', '1/0', '1/1'].map((tile) => `/ogc/vector/tiles/WebMercatorQuad/1/${tile}?f=x`),
    );
    expect(pixel(100, 100)).to.eql(red);
    expect(context.heard).to.eql({starts: 2, ends: 2, errors: []});
    expect(handle?.isPersonal).to.equal(true);
  });

  it('asks for JSON, where a browser would be shown a page', async () => {
    const accepted: unknown[] = [];
    await create(
      {},
      {
        request: (url, options) => {
          accepted.push(options?.headers?.['accept']);
          return server.request(url, options);
        },
      },
    );
    expect(accepted).to.eql(Array(3).fill('application/json'));
  });

  it('shows pictures where the format is one', async () => {
    const {pixel} = await show({format: 'png'}, {zoom: 1});
    expect(asked()).to.include('/ogc/map/tiles/WebMercatorQuad/1/1/0?f=x');
    expect(pixel(100, 100)).to.eql(red);
  });

  it('shows no pictures of a service with detailed levels only in a view of the world', async () => {
    const limits = {minTileRow: 0, maxTileRow: 127, minTileCol: 0, maxTileCol: 127};
    Object.assign(documents['/ogc/map/tiles/WebMercatorQuad'] ?? {}, {
      tileMatrixSetLimits: [{tileMatrix: '7', ...limits}],
    });
    const {map, rendered} = await show({format: 'image/png', style: undefined}, {zoom: 1});
    expect(asked().filter((path) => path.includes('WebMercatorQuad/'))).to.eql([]);
    map.getView().setZoom(7);
    await rendered();
    expect(asked().filter((path) => path.includes('WebMercatorQuad/7/')).length).to.be.within(1, 16);
  });

  it('finds a collection, in the list or by its own document', async () => {
    expect(await create({collection: 'roads'})).to.have.property('attribution', 'City');
    expect(asked()).to.include('/ogc/collections');
    await show({collection: 'pipes'});
    expect(asked()).to.include('/ogc/collections/pipes').and.to.include('/ogc/map/tiles/WebMercatorQuad?f=json');
    expect(page?.pixel(100, 100)).to.eql(red);
  });

  it('takes the address of a list and of a tileset as well', async () => {
    await create({url: '/ogc/vector/tiles'});
    await create({url: '/ogc/map/tiles/WebMercatorQuad'});
    expect(asked()).to.eql([
      '/ogc/vector/tiles',
      '/ogc/vector/tiles/WebMercatorQuad?f=json',
      '/ogc/map/tiles/WebMercatorQuad',
    ]);
  });

  it('asks for the pictures of a style of the service', async () => {
    await create({style: 'night'});
    expect(asked()).to.include('/ogc/styles/night/map/tiles');
  });

  it('shows another TileMatrixSet in the projection of the view', async () => {
    const half = everywhere.map(([x, y]) => [x / 2, Math.min(4096, Math.max(0, y))] as const);
    const answer = ogcTilesAnswer(documents);
    server.answer = (url) =>
      url.includes('/0/0/0') ? tileAnswer(vectorTile({features: [{ring: half}]})) : answer(url);
    const {pixel} = await show({tileMatrixSet: 'WorldCRS84Quad'}, {zoom: 1, center: [-10_018_754, 0]});
    const tiles = asked().filter((url) => url.endsWith('?f=x'));
    expect(tiles).to.include('/ogc/vector/tiles/WorldCRS84Quad/0/0/0?f=x');
    // The west of the western half of the world, and not its east.
    expect([pixel(150, 256), pixel(350, 256)]).to.eql([red, clear]);
  });

  const link = (href: string, rel = 'item', type = 'application/vnd.mapbox-vector-tile') => ({rel, type, href});
  const own = (crs: string, axes: string[] | undefined, point: number[], corner: string, rows = 2) => ({
    id: 'own',
    crs,
    ...(axes ? {orderedAxes: axes} : {}),
    tileMatrices: [
      {
        id: 'deep',
        cellSize: 5000,
        pointOfOrigin: point,
        cornerOfOrigin: corner,
        tileWidth: 256,
        tileHeight: 256,
        matrixWidth: 4,
        matrixHeight: rows * 2,
      },
      {
        id: 'top',
        cellSize: 10_000,
        pointOfOrigin: point,
        cornerOfOrigin: corner,
        tileWidth: 256,
        tileHeight: 256,
        matrixWidth: 2,
        matrixHeight: rows,
      },
    ],
  });
  const withSet = (set: unknown, more: object = {}): void => {
    const {tileMatrixSetURI: _, ...tileset} = documents['/ogc/vector/tiles/WebMercatorQuad'] ?? {};
    documents['/ogc/own'] = {...tileset, tileMatrixSetId: 'own', tileMatrixSet: set, ...more};
  };

  it('takes the tiling from the document: its origin, its order of axes, its corner', async () => {
    for (const [set, first] of [
      [own('EPSG:3857', undefined, [0, 5_120_000], 'topLeft'), 'top/0/0'],
      [own('EPSG:3857', ['N', 'E'], [5_120_000, 0], 'topLeft'), 'top/0/0'],
      [own('http://www.opengis.net/def/crs/EPSG/0/3857', undefined, [0, 0], 'bottomLeft'), 'top/1/0'],
    ] as const) {
      withSet(set);
      server.forget();
      const {pixel} = await show({url: '/ogc/own'}, {center: [1_280_000, 3_840_000], resolution: 10_000});
      expect(asked()).to.include(`/ogc/vector/tiles/WebMercatorQuad/${first}?f=x`);
      expect([pixel(256, 256), pixel(100, 256)]).to.eql([red, clear]);
      handle?.dispose();
      page?.remove();
    }
  });

  it('reads the definition of the tiling where the tileset links to it', async () => {
    withSet(undefined, {
      links: [
        link('/own/{z}/{x}/{y}'),
        {rel: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme', href: '/ogc/own-set'},
      ],
    });
    documents['/ogc/own-set'] = own('EPSG:3857', undefined, [0, 5_120_000], 'topLeft');
    await create({url: '/ogc/own'});
    expect(asked()).to.eql(['/ogc/own', '/ogc/own-set']);
  });

  it('asks for no tile outside of the limits of the service', async () => {
    withSet(own('EPSG:3857', undefined, [0, 5_120_000], 'topLeft'), {
      tileMatrixSetLimits: [{tileMatrix: 'top', minTileRow: 0, maxTileRow: 0, minTileCol: 1, maxTileCol: 1}],
    });
    await show({url: '/ogc/own'}, {center: [2_560_000, 2_560_000], resolution: 5000});
    expect(asked().filter((url) => url.includes('?f=x'))).to.eql(['/ogc/vector/tiles/WebMercatorQuad/top/0/1?f=x']);
  });

  const tileset = (change: object): void => {
    Object.assign(documents['/ogc/vector/tiles/WebMercatorQuad'] ?? {}, change);
  };
  for (const [what, change, config, words] of [
    [
      'a collection that is not there',
      () => undefined,
      {collection: 'x'},
      'invalid-layer: The service has no "collection" "x". Allowed: "roads", "pipes".',
    ],
    [
      'a tiling that is not there',
      () => undefined,
      {tileMatrixSet: 'x'},
      'Allowed: "WorldCRS84Quad", "WebMercatorQuad".',
    ],
    [
      'a format that is not there',
      () => undefined,
      {format: 'image/webp'},
      'has no "format" "image/webp". Allowed: "image/png".',
    ],
    [
      'a service with tiles of collections only',
      () => (documents['/ogc/'] = {links: [link('/ogc/collections', 'data', 'application/json')]}),
      {},
      'needs "collection", since the service has several. Allowed: "roads", "pipes"',
    ],
    [
      'a landing page without tiles',
      () => (documents['/ogc/'] = {title: 'x'}),
      {},
      'format: The service offers no tiles there',
    ],
    [
      'links that are none',
      () => (documents['/ogc/'] = {links: [7, {href: 7, rel: 'tiles'}, null]}),
      {},
      'format: The service offers no tiles there',
    ],
    [
      'an empty list',
      () => (documents['/ogc/vector/tiles'] = {tilesets: []}),
      {},
      'format: The service lists no tiles there',
    ],
    [
      'a tileset without addresses',
      () => tileset({links: []}),
      {},
      'format: The service does not say where the tiles are',
    ],
    [
      'tiles in other forms only',
      () => tileset({links: [link('{z}{x}{y}', 'item', 'application/geo+json')]}),
      {},
      'format: The service has its tiles in forms only',
    ],
    [
      'an unknown part of the address',
      () => tileset({links: [link('/{tileMatrix}/{time}')]}),
      {},
      'format: The service names an address for its tiles with {time} in it',
    ],
    [
      'an address that is none',
      () => tileset({links: [link('javascript:{z}{x}{y}')]}),
      {},
      'format: The service names an address for its layers that is no http(s) URL',
    ],
    [
      'a list that is no object',
      () => (documents['/ogc/vector/tiles'] = [] as unknown as Documents[string]),
      {},
      'format: The answer is not a document of an OGC API',
    ],
    [
      'a tiling without levels',
      () => tileset({tileMatrixSet: {crs: 'EPSG:3857', tileMatrices: []}}),
      {},
      'format: The TileMatrixSet of the service cannot be used: tileMatrices:',
    ],
    [
      'a tiling with a cell of no size',
      () =>
        tileset({tileMatrixSet: {...own('EPSG:3857', undefined, [0, 0], 'topLeft'), tileMatrices: [{cellSize: 0}]}}),
      {},
      'TileMatrixSet of the service cannot be used',
    ],
    [
      'limits that are none',
      () => tileset({tileMatrixSetLimits: {}}),
      {},
      'The tileMatrixSetLimits of the service cannot be used',
    ],
    [
      'a projection that nobody knows',
      () => tileset({tileMatrixSet: own('EPSG:987654', undefined, [0, 0], 'topLeft')}),
      {},
      'EPSG:987654',
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, async () => {
      change();
      expect(await refusal(config)).to.include(words);
    });
  }

  for (const [what, change] of [
    [
      'a list of tilesets',
      () => (documents['/ogc/'] = {links: [link('https://elsewhere.example/t', 'tilesets-vector')]}),
    ],
    [
      'a tileset',
      () => (documents['/ogc/vector/tiles'] = {tilesets: [{links: [link('https://elsewhere.example/t', 'self')]}]}),
    ],
    ['tiles', () => tileset({links: [link('https://elsewhere.example/{z}/{x}/{y}')]})],
    [
      'a tiling',
      () =>
        tileset({
          tileMatrixSetId: 'x',
          tileMatrixSetURI: undefined,
          links: [link('/{z}'), link('https://elsewhere.example/s', 'tiling-scheme')],
        }),
    ],
    ['a collection', () => (documents['/ogc/'] = {links: [link('https://elsewhere.example/c', 'data')]})],
  ] as const) {
    it(`sends nothing to a foreign address of ${what}, and tells of it`, async () => {
      change();
      const mayFollow = (url: string): boolean => url.startsWith('https://maps.example/');
      const config = what === 'a collection' ? {collection: 'roads'} : {};
      expect(await refusal(config, {mayFollow})).to.match(/^origin: .*elsewhere\.example/);
      expect(server.asked.filter(({url}) => !url.startsWith('https://maps.example/'))).to.eql([]);
    });
  }

  it('says so when the service is on an address of its own network', async () => {
    tileset({links: [link('http://localhost:8080/{z}/{x}/{y}')]});
    const mayFollow = (url: string): boolean => url.startsWith('https://maps.example/');
    expect(await refusal({}, {mayFollow})).to.match(/^origin: .*http:\/\/localhost:8080.*behind a proxy/);
  });
});
