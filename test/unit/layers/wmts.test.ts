import {expect} from '@open-wc/testing';
import {fromLonLat} from 'ol/proj.js';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {wmts} from '../../../src/layers/wmts.js';
import {RequestError} from '../../../src/request/request-error.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {expectError, rejection} from '../../doubles/rejection.js';
import {ScriptedServer, type Answer} from '../../doubles/scripted-server.js';
import {
  degreeMatrices,
  link,
  matrixSet,
  operation,
  webMatrices,
  wmtsCapabilities,
  type WmtsParts,
} from '../../doubles/wmts-capabilities.js';

type Config = Parameters<typeof wmts.create>[0];

const red = [255, 0, 0, 255];
const style = '<Style isDefault="true"><ows:Identifier>day</ows:Identifier></Style>';
const format = '<Format>image/png</Format>';
const template = (url: string, type = 'tile', of = 'image/png'): string =>
  `<ResourceURL format="${of}" resourceType="${type}" template="${url}"/>`;
const degrees = matrixSet('degrees', 'urn:ogc:def:crs:EPSG::4326', degreeMatrices());
const web = matrixSet('web', 'urn:ogc:def:crs:EPSG::3857', webMatrices());

describe('wmts', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  let tile: Response;
  let replies: Record<string, () => Answer>;

  before(async () => (tile = await imageAnswer('red')));
  beforeEach(() => {
    replies = {};
    handle = page = undefined;
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });
  const make = async (parts: WmtsParts, config: Partial<Config> = {}, overrides: Partial<LayerContext> = {}) => {
    server = new ScriptedServer((url) => {
      const [, reply] = Object.entries(replies).find(([part]) => url.includes(part)) ?? [];
      if (reply) return reply();
      return /GetCapabilities|\.xml/.test(url) ? wmtsCapabilities(parts) : tile;
    });
    context = recordedContext(server.request, overrides);
    handle = await wmts.create({type: 'wmts', url: 'https://maps.example/wmts', ...config}, context);
    return handle;
  };
  const show = async (view: Parameters<typeof pageMap>[1] = {zoom: 1}): Promise<string[]> => {
    page = pageMap(handle ? [handle.layer] : [], view);
    await page.rendered();
    return [...server.tally().keys()].slice(1).sort();
  };
  const refusal = async (parts: WmtsParts, config: Partial<Config> = {}): Promise<string> =>
    expectError(await rejection(make(parts, config)), 'invalid-layer').message;

  it('asks by parameters, with those of the address that has a key', async () => {
    await make({}, {url: 'https://maps.example/wmts?map=a&service=x'});
    expect(server.asked.map(({url}) => url)).to.eql([
      'https://maps.example/wmts?map=a&SERVICE=WMTS&REQUEST=GetCapabilities',
    ]);
    const [first = ''] = await show({zoom: 0});
    expect(Object.fromEntries(new URL(first).searchParams)).to.eql({
      map: 'a',
      SERVICE: 'WMTS',
      REQUEST: 'GetTile',
      VERSION: '1.0.0',
      LAYER: 'roads',
      STYLE: 'day',
      FORMAT: 'image/png',
      TILEMATRIXSET: 'web',
      TILEMATRIX: 'web:0',
      TILEROW: '0',
      TILECOL: '0',
    });
    expect(page?.pixel(250, 250)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
  });

  it('asks by template, relative to the document, with dimensions whatever the case of their names', async () => {
    const layer = `${style}${format}${link('web')}${template('../{Layer}/{style}/{TIME}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png')}
      <Dimension><ows:Identifier>Time</ows:Identifier><Default>2020</Default><Value>2020</Value></Dimension>`;
    const parts = {operations: '', layer};
    await make(parts, {url: 'https://maps.example/wmts/1.0.0/WMTSCapabilities.xml'});
    expect(server.asked[0]?.url).to.equal('https://maps.example/wmts/1.0.0/WMTSCapabilities.xml');
    const asked = await show({zoom: 1, center: [-10_000_000, 10_000_000]});
    expect(asked).to.include('https://maps.example/wmts/roads/day/2020/web/web:1/0/0.png');
    handle?.dispose();
    page?.remove();
    await make(parts, {url: '/a/b.xml', dimensions: {time: '2024-05 a'}});
    expect((await show({zoom: 0}))[0]).to.equal('https://maps.example/roads/day/2024-05%20a/web/web:0/0/0.png');
  });

  it('asks no host that is hidden in the names of matrices, or in placeholders', async () => {
    const mayFollow = (url: string): boolean => new URL(url).hostname === 'maps.example';
    const evil = webMatrices().replaceAll('>web:', '>https://evil.example/');
    for (const address of [
      '{TileMatrix}/{TileRow}/{TileCol}.png',
      '//maps.example:{TileCol}443/{TileMatrix}/{TileRow}',
    ]) {
      const layer = `${style}${format}${link('web')}${template(address)}`;
      const matrixSets = matrixSet('web', 'urn:ogc:def:crs:EPSG::3857', evil);
      expect(await rejection(make({operations: '', layer, matrixSets}, {url: '/a.xml'}, {mayFollow}))).to.include({
        kind: 'format',
      });
      expect(server.asked).to.have.length(1);
    }
  });

  it('takes no matrix of tiles so small that a view would have millions', async () => {
    const matrices = webMatrices().replaceAll('>256</TileWidth>', '>1</TileWidth>');
    const matrixSets = matrixSet('web', 'urn:ogc:def:crs:EPSG::3857', matrices);
    expect(await rejection(make({matrixSets}))).to.include({kind: 'format'});
  });

  it('takes the matrix set of the view among several', async () => {
    const parts = {layer: `${style}${format}${link('web')}${link('degrees')}`, matrixSets: web + degrees};
    await make(parts, {}, {projection: 'EPSG:4326'});
    const asked = await show({projection: 'EPSG:4326', zoom: 1});
    expect(asked.map((url) => new URL(url).searchParams.get('TILEMATRIXSET'))).to.eql(['degrees', 'degrees']);
    expect(page?.pixel(250, 250)).to.eql(red);
  });

  it('reprojects when there is none of the view', async () => {
    const asked = await make({layer: `${style}${format}${link('degrees')}`, matrixSets: degrees}).then(() => show());
    expect(asked.map((url) => new URL(url).searchParams.get('TILEMATRIXSET'))).to.include('degrees');
    expect(page?.pixel(250, 250)).to.eql(red);
  });

  it('knows corners that have longitude first by mistake', async () => {
    const swapped = matrixSet('degrees', 'EPSG:4326', degreeMatrices('-180 90'));
    await make({layer: `${style}${format}${link('degrees')}`, matrixSets: swapped}, {}, {projection: 'EPSG:4326'});
    const asked = await show({projection: 'EPSG:4326', zoom: 2, center: [-135, 45], multiWorld: false});
    expect(asked.some((url) => /TILEMATRIX=1&TILEROW=0&TILECOL=0/.test(url))).to.equal(true);
  });

  it('asks for nothing where the layer has nothing, and for no tiles that a coarse view has too many of', async () => {
    const box =
      '<ows:WGS84BoundingBox><ows:LowerCorner>1 1</ows:LowerCorner><ows:UpperCorner>40 40</ows:UpperCorner></ows:WGS84BoundingBox>';
    await make({layer: `${box}${style}${format}${link('web')}`});
    const asked = await show({zoom: 2});
    expect(asked.map((url) => /TILEROW=(\d)&TILECOL=(\d)/.exec(url)?.slice(1).join())).to.eql(['1,2']);
    handle?.dispose();
    page?.remove();
    await make({matrixSets: matrixSet('web', 'EPSG:3857', webMatrices(3))});
    expect(await show({zoom: 0})).to.eql([]);
    page?.map.getView().setZoom(2);
    await page?.rendered();
    expect(server.asked.length).to.be.above(1);
  });

  it('keeps within the limits of a layer, and to the levels that it has', async () => {
    const limit = (id: string): string =>
      `<TileMatrixLimits><TileMatrix>${id}</TileMatrix><MinTileRow>1</MinTileRow><MaxTileRow>1</MaxTileRow><MinTileCol>2</MinTileCol><MaxTileCol>2</MaxTileCol></TileMatrixLimits>`;
    const limited = `<TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet><TileMatrixSetLimits>${limit('web:2')}</TileMatrixSetLimits></TileMatrixSetLink>`;
    await make({layer: `${style}${format}${limited}`});
    const asked = await show({zoom: 3, center: [3_000_000, 3_000_000]});
    expect(asked.map((url) => /TILEMATRIX=.*/.exec(url)?.[0])).to.eql(['TILEMATRIX=web%3A2&TILEROW=1&TILECOL=2']);
  });

  it('names what the service has not, and what it has', async () => {
    const two = '<Layer><ows:Identifier>rivers</ows:Identifier></Layer>';
    expect(await refusal({}, {layer: 'lakes'})).to.equal('The service has no "layer" "lakes". Allowed: "roads".');
    expect(await refusal({more: two})).to.equal(
      'The layer needs "layer", since the service has several. Allowed: "roads", "rivers".',
    );
    expect(await refusal({}, {matrixSet: 'x'})).to.equal('The service has no "matrixSet" "x". Allowed: "web".');
    expect(await refusal({}, {style: 'night'})).to.equal('The service has no "style" "night". Allowed: "day".');
    expect(await refusal({}, {format: 'image/webp'})).to.equal(
      'The service has no "format" "image/webp". Allowed: "image/png".',
    );
    expect(await refusal({}, {dimensions: {time: '1'}})).to.include('no "dimensions" "time". It names none at all.');
    expect(
      await refusal({layer: `${style}<Format>application/vnd.mapbox-vector-tile</Format>${link('web')}`}),
    ).to.include('no "format"');
    expect(await refusal({matrixSets: matrixSet('web', 'urn:ogc:def:crs:EPSG::99999', webMatrices())})).to.include(
      '99999',
    );
  });

  it('takes the default style, and the first format that browsers show', async () => {
    const layer = `<Style><ows:Identifier>a</ows:Identifier></Style><Style isDefault="true"><ows:Identifier>b</ows:Identifier></Style>
      <Format>application/x-protobuf</Format><Format>image/tiff</Format><Format>image/jpeg</Format>${link('web')}`;
    await make({layer});
    const [first = ''] = await show({zoom: 0});
    expect(first).to.include('STYLE=b&FORMAT=image%2Fjpeg');
  });

  it('says what is no capabilities of a WMTS, or none that can be used', async () => {
    const kind = async (answer: Answer, words: string): Promise<void> => {
      replies = {GetCapabilities: () => answer};
      const error = await rejection(make({}));
      expect(error, words).to.be.instanceOf(RequestError);
      expect(String(error)).to.include(words);
    };
    await kind(new Response('<WMS_Capabilities version="1.3.0"/>'), '<WMS_Capabilities>');
    await kind(new Response('<!doctype html><p>'), 'web page (HTML)');
    await kind(new Response('<Capabilities xmlns="http://www.opengis.net/wmts/1.0"><Contents>'), 'cut short');
    await kind(wmtsCapabilities({matrixSets: matrixSet('web', 'EPSG:3857', '<TileMatrix/>')}), 'how "web" is tiled');
    replies = {};
    const nowhere = {operations: '', layer: `${style}${format}${link('web')}`};
    expect(String(await rejection(make(nowhere, {url: '/a.xml'})))).to.include('where the tiles are');
  });

  it('sends nothing to an origin that the page does not allow, and takes one that it does', async () => {
    const mayFollow = (url: string): boolean => new URL(url).hostname === 'maps.example';
    const foreign = operation('GetTile', 'https://evil.example/wmts?');
    const error = await rejection(make({operations: foreign}, {}, {mayFollow}));
    expect(error).to.include({kind: 'origin'});
    expect(String(error)).to.include('https://evil.example');
    expect(server.asked).to.have.length(1);
    const inside = await rejection(
      make({operations: operation('GetTile', 'http://localhost:8080/wmts?')}, {}, {mayFollow}),
    );
    expect(String(inside)).to.include('public address');
    const host = await rejection(
      make(
        {operations: '', layer: `${style}${format}${link('web')}${template('https://{Style}.example/{TileMatrix}')}`},
        {url: '/a.xml'},
        {mayFollow},
      ),
    );
    expect(host).to.include({kind: 'format'});
    const both = `${style}${format}${link('web')}${template('https://evil.example/{TileMatrix}/{TileRow}/{TileCol}')}`;
    await make({layer: both}, {}, {mayFollow});
    for (const url of await show({zoom: 0})) expect(url).to.match(/^https:\/\/maps\.example\/wmts\?/);
  });

  describe('tells what is at a place', () => {
    const place = {coordinate: fromLonLat([100, 50]), pixel: [0, 0], resolution: 78_271, projection: 'EPSG:3857'};
    const signal = new AbortController().signal;
    const told = `${style}${format}<InfoFormat>text/html</InfoFormat><InfoFormat>application/json</InfoFormat>${link('web')}`;
    const operations =
      operation('GetTile', 'https://maps.example/wmts?') + operation('GetFeatureInfo', 'https://maps.example/info?');

    it('by parameters, with the pixel in the tile', async () => {
      const made = await make({layer: told, operations});
      replies = {
        GetFeatureInfo: () =>
          Response.json({
            type: 'FeatureCollection',
            features: [
              {type: 'Feature', id: 'a.1', properties: {n: '<b>'}, geometry: {type: 'Point', coordinates: [100, 50]}},
            ],
          }),
      };
      const [feature] = (await made.identify?.(place, signal)) ?? [];
      const asked = Object.fromEntries(new URL(server.asked.at(-1)?.url ?? '').searchParams);
      expect(asked).to.include({
        TILEMATRIX: 'web:1',
        TILECOL: '1',
        TILEROW: '0',
        INFOFORMAT: 'application/json',
        J: '173',
      });
      expect(Number(asked['I'])).to.be.within(141, 143);
      expect(feature).to.deep.include({id: 'a.1', properties: {n: '<b>'}});
      const geometry = feature?.geometry as {coordinates: number[]};
      expect(geometry.coordinates[0]).to.be.closeTo(place.coordinate[0] ?? 0, 1);
    });

    it('by template, and in words', async () => {
      const layer = `${told.replace('<InfoFormat>application/json</InfoFormat>', '')}${template('/i/{TileMatrix}/{TileRow}/{TileCol}/{J}/{I}', 'FeatureInfo', 'text/html')}`;
      const made = await make({layer});
      replies = {
        '/i/': () =>
          new Response(
            '<html><head><style>x{}</style></head><body><table><tr><th>Name</th><td>A &amp; B</td></tr></table><script>alert(1)</script></body></html>',
          ),
      };
      expect(await made.identify?.(place, signal)).to.eql([{properties: {}, text: 'Name  A & B'}]);
      expect(server.asked.at(-1)?.url).to.match(/^https:\/\/maps\.example\/i\/web:1\/0\/1\/173\/14\d$/);
    });

    it('unless the service does not say that it can', async () => {
      expect((await make({})).identify).to.equal(undefined);
      expect((await make({operations})).identify).to.equal(undefined);
      expect((await make({layer: told})).identify).to.equal(undefined);
    });
  });

  it('has the legend of its style, asked as everything else, and from nowhere else', async () => {
    const signal = new AbortController().signal;
    const legend = (href: string): string =>
      `<Style isDefault="true"><ows:Title>Day</ows:Title><ows:Identifier>day</ows:Identifier><LegendURL format="image/png" xlink:href="${href}"/></Style>${format}${link('web')}`;
    const made = await make({layer: legend('/legend.png')});
    const [sign] = (await made.legend?.(signal)) ?? [];
    expect(server.asked.at(-1)?.url).to.equal('https://maps.example/legend.png');
    expect(sign?.title).to.equal('Day');
    expect(sign?.image).to.be.instanceOf(ImageBitmap);
    expect((await make({})).legend).to.equal(undefined);
    const foreign = await make(
      {layer: legend('https://evil.example/l.png')},
      {},
      {mayFollow: (url) => !url.includes('evil')},
    );
    expect(await rejection(Promise.resolve(foreign.legend?.(signal)))).to.include({kind: 'origin'});
    expect(server.asked).to.have.length(1);
  });
});
