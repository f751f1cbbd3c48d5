import {expect} from '@open-wc/testing';
import {arcgisImage} from '../../../src/layers/arcgis-image.js';
import {arcgisTile} from '../../../src/layers/arcgis-tile.js';
import type {LayerContext, LayerHandle, LayerKind} from '../../../src/layers/layer-kind.js';
import {RequestError} from '../../../src/request/request-error.js';
import {arcgisDocument} from '../../doubles/arcgis-service.js';
import {imageAnswer, png} from '../../doubles/images.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {expectError, rejection} from '../../doubles/rejection.js';
import {ScriptedServer, type Answer} from '../../doubles/scripted-server.js';

const service = 'https://gis.example/rest/services/city/MapServer';
const red = [255, 0, 0, 255];
const signal = new AbortController().signal;

describe('ArcGIS', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  let document: Record<string, unknown>;
  let replies: Record<string, () => Answer | Promise<Answer>>;
  let picture: Response;

  before(async () => (picture = await imageAnswer('red', 768)));
  beforeEach(() => {
    document = arcgisDocument();
    replies = {};
    handle = page = undefined;
    server = new ScriptedServer((url) => {
      const [, reply] = Object.entries(replies).find(([part]) => url.includes(part)) ?? [];
      if (reply) return reply();
      return /Server\?(?:.*&)?f=json/.test(url) ? Response.json(document) : picture;
    });
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });
  const make = async <K extends typeof arcgisTile | typeof arcgisImage>(
    kind: K,
    config: object = {},
    overrides: Partial<LayerContext> = {},
  ): Promise<LayerHandle> => {
    context = recordedContext(server.request, overrides);
    const whole = {type: kind === arcgisTile ? 'arcgis-tile' : 'arcgis-image', url: service, ...config};
    handle = await (kind as LayerKind).create(whole, context);
    return handle;
  };
  const show = async (view: Parameters<typeof pageMap>[1] = {zoom: 1}): Promise<string[]> => {
    page = pageMap(handle ? [handle.layer] : [], view);
    await page.rendered();
    expect(context.heard.errors).to.eql([]);
    expect(page.pixel(200, 200)).to.eql(red);
    return [...server.tally().keys()].slice(1).sort();
  };
  const query = (url = ''): Record<string, string> => Object.fromEntries(new URL(url).searchParams);

  it('has the tiles of its cache, by the levels of the service and row before column', async () => {
    const {attribution, isPersonal} = await make(arcgisTile, {url: `${service}/?key=k`});
    expect(server.asked[0]?.url).to.equal(`${service}?key=k&f=json`);
    expect({attribution, isPersonal}).to.eql({attribution: 'City of <b>Example</b>', isPersonal: true});
    const asked = await show({zoom: 2, center: [10_000_000, -1_000_000], multiWorld: false});
    expect(asked).to.include(`${service}/tile/2/2/3?key=k`);
  });

  it('reprojects its cache for a view of another projection', async () => {
    await make(arcgisTile, {}, {projection: 'EPSG:4326'});
    const asked = await show({projection: 'EPSG:4326', zoom: 1});
    expect(asked.every((url) => url.includes('/tile/'))).to.equal(true);
  });

  it('draws its tiles where it has no cache, or when only some layers are wanted', async () => {
    document['tileInfo'] = undefined;
    await make(arcgisTile);
    const [first] = await show({zoom: 0});
    expect(new URL(first ?? '').pathname).to.match(/MapServer\/export$/);
    expect(query(first)).to.include({
      bboxSR: '3857',
      imageSR: '3857',
      size: '256,256',
      f: 'image',
      transparent: 'true',
    });
    expect(query(first)).not.to.have.property('layers');
    handle?.dispose();
    page?.remove();
    document = arcgisDocument();
    server.forget();
    await make(arcgisTile, {layers: ['Wells', 0]});
    expect(query((await show({zoom: 0}))[0])).to.include({layers: 'show:3,0'});
  });

  it('draws one picture of the view, longitude first', async () => {
    await make(arcgisImage, {layers: 'show:0'}, {projection: 'EPSG:4326'});
    const [first] = await show({projection: 'EPSG:4326', resolution: 0.125, center: [10, 20]});
    expect(query(first)).to.include({
      bbox: '-38,-28,58,68',
      bboxSR: '4326',
      size: '768,768',
      layers: 'show:0',
      format: 'png32',
    });
  });

  it('draws pictures of an ImageServer', async () => {
    document = {pixelType: 'U8', capabilities: 'Image', fullExtent: {}};
    await make(arcgisImage, {url: service.replace('Map', 'Image')});
    const [first] = await show({zoom: 2});
    expect(new URL(first ?? '').pathname).to.match(/ImageServer\/exportImage$/);
    const error = await rejection(make(arcgisImage, {url: service.replace('Map', 'Image'), layers: 1}));
    expect(expectError(error, 'invalid-layer').message).to.include('one picture');
  });

  it('names the layers that there are, and the kind of a service that is another', async () => {
    expect(expectError(await rejection(make(arcgisImage, {layers: 7})), 'invalid-layer').message).to.equal(
      'The service has no "layers" "7". Allowed: "0 (Pipes)", "3 (Wells)".',
    );
    const feature = await rejection(make(arcgisTile, {url: 'https://gis.example/rest/a/FeatureServer/0'}));
    expect(expectError(feature, 'invalid-layer').message).to.include('FeatureServer');
  });

  it('says what is no description of a service, or one that is not complete', async () => {
    for (const [answer, kind, words] of [
      [Response.json({error: {code: 499, message: 'Token Required'}}), 'ogc', 'Token Required'],
      [Response.json({folders: [], services: []}), 'format', 'not the description'],
      [new Response('<html></html>'), 'format', 'HTML'],
      [Response.json({...document, tileInfo: {rows: 256, cols: 256}}), 'format', 'tileInfo'],
    ] as const) {
      replies = {'MapServer?f=json': () => answer};
      const error = await rejection(make(arcgisTile));
      expect(error).to.be.instanceOf(RequestError);
      expect(error).to.include({kind});
      expect(String(error)).to.include(words);
    }
    replies = {};
    document['tileInfo'] = {...(document['tileInfo'] as object), spatialReference: {wkid: 54_321}};
    expect(expectError(await rejection(make(arcgisTile)), 'invalid-layer').message).to.include('54321');
  });

  it('has the signs of the layers that are shown, from the answer or from below the layer', async () => {
    const bytes = new Uint8Array(await (await png('red', 20)).arrayBuffer());
    const imageData = btoa(String.fromCharCode(...bytes));
    const legend = [
      {
        layerId: 0,
        layerName: 'Pipes',
        legend: [
          {label: 'Old', imageData},
          {label: 'New', url: 'a/b'},
        ],
      },
      {layerId: 3, layerName: 'Wells', legend: [{label: '', imageData}]},
    ];
    replies = {'/legend': () => Response.json({layers: legend})};
    const all = (await (await make(arcgisImage)).legend?.(signal)) ?? [];
    expect(all.map(({title}) => title)).to.eql(['Pipes: Old', 'Pipes: New', 'Wells']);
    expect(all[0]?.image).to.include({width: 20});
    expect(server.asked.map(({url}) => url).slice(1)).to.eql([`${service}/legend?f=json`, `${service}/0/images/a%2Fb`]);
    const some = (await (await make(arcgisTile, {layers: 3})).legend?.(signal)) ?? [];
    expect(some.map(({title}) => title)).to.eql(['Wells']);
  });

  it('tells what is at a place, with shapes in the projection of the view', async () => {
    const results = [
      {layerId: 0, layerName: 'Pipes', attributes: {OBJECTID: '7', NAME: '<b>'}, geometry: {x: 5, y: 6}},
      {layerId: 3, attributes: {a: 1}},
    ];
    replies = {'/identify': () => Response.json({results})};
    const made = await make(arcgisImage, {layers: 0});
    const place = {coordinate: [100, 200], pixel: [0, 0], resolution: 2, projection: 'EPSG:3857'};
    expect(await made.identify?.(place, signal)).to.eql([
      {id: 'Pipes.7', properties: {OBJECTID: '7', NAME: '<b>'}, geometry: {type: 'Point', coordinates: [5, 6]}},
      {id: '3', properties: {a: 1}},
    ]);
    expect(query(server.asked.at(-1)?.url)).to.include({
      geometry: '100,200',
      sr: '3857',
      layers: 'visible:0',
      mapExtent: '-1,99,201,301',
      imageDisplay: '101,101,96',
    });
    document['capabilities'] = 'Map';
    expect((await make(arcgisImage)).identify).to.equal(undefined);
    document = {pixelType: 'U8', fullExtent: {}};
    replies = {'/identify': () => Response.json({value: '17', name: 'Pixel'})};
    const raster = await make(arcgisImage, {url: service.replace('Map', 'Image')});
    expect(await raster.identify?.(place, signal)).to.eql([{properties: {value: '17'}}]);
    replies = {'/identify': () => Response.json({value: 'NoData'})};
    expect(await raster.identify?.(place, signal)).to.eql([]);
  });
});
