import {expect} from '@open-wc/testing';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {ogcMap} from '../../../src/layers/ogc-map.js';
import {ogcMapsAnswer, ogcMapsDocuments} from '../../doubles/ogc-maps-service.js';
import {ogcTilesAnswer} from '../../doubles/ogc-tiles-service.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {expectError, rejection} from '../../doubles/rejection.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';

type Config = Parameters<typeof ogcMap.create>[0];

const red = [255, 0, 0, 255];
const mercator = 'http://www.opengis.net/def/crs/EPSG/0/3857';
const degrees = 'http://www.opengis.net/def/crs/EPSG/0/4326';

describe('ogc-map', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  let documents: Record<string, Record<string, unknown>>;

  beforeEach(() => {
    handle = page = undefined;
    documents = ogcMapsDocuments();
    server = new ScriptedServer((url) => ogcMapsAnswer(documents)(url));
  });
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });
  const make = async (config: Partial<Config> = {}, overrides: Partial<LayerContext> = {}): Promise<LayerHandle> => {
    context = recordedContext(server.request, overrides);
    handle = await ogcMap.create({type: 'ogc-map', url: 'https://maps.example/api', ...config}, context);
    return handle;
  };
  const show = async (view: Parameters<typeof pageMap>[1] = {zoom: 2}): Promise<string> => {
    page = pageMap(handle ? [handle.layer] : [], view);
    await page.rendered();
    expect(page.pixel(250, 250)).to.eql(red);
    expect(context.heard.errors).to.eql([]);
    return server.asked.at(-1)?.url ?? '';
  };
  const query = (url: string): Record<string, string> => Object.fromEntries(new URL(url).searchParams);
  const only = (collection: string, fields: object): void => {
    const all = documents['/api/collections']?.['collections'] as {id: string}[];
    documents['/api/collections'] = {
      collections: all.map((each) => (each.id === collection ? {...each, ...fields} : each)),
    };
  };

  it('finds the one collection that has maps, and asks for one picture of the view', async () => {
    const {attribution, isPersonal} = await make();
    expect({attribution, isPersonal}).to.eql({attribution: 'City', isPersonal: true});
    const asked = await show({resolution: 10_000});
    expect(server.asked.map(({url}) => new URL(url).pathname)).to.eql([
      '/api',
      '/api/collections',
      '/api/collections/roads/map',
    ]);
    expect(query(asked)).to.eql({
      f: 'png',
      bbox: '-3840000,-3840000,3840000,3840000',
      'bbox-crs': mercator,
      crs: mercator,
      width: '768',
      height: '768',
      transparent: 'true',
    });
  });

  it('has latitude first where the system has', async () => {
    await make({}, {projection: 'EPSG:4326'});
    const asked = await show({projection: 'EPSG:4326', resolution: 0.125, center: [10, 20]});
    expect(query(asked)).to.include({crs: degrees, bbox: '-28,-38,68,58'});
  });

  it('asks in a system of the service, and reprojects', async () => {
    only('roads', {
      crs: ['#/crs', 'http://www.opengis.net/def/crs/EPSG/0/99999', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'],
    });
    await make();
    const {crs, bbox = ''} = query(await show({zoom: 3, center: [1_000_000, 1_000_000]}));
    expect(crs).to.equal('http://www.opengis.net/def/crs/OGC/1.3/CRS84');
    for (const edge of bbox.split(',')) expect(Math.abs(Number(edge))).to.be.below(180);
  });

  it('takes the collection, the format and the style that the config names', async () => {
    await make({collection: 'roads', format: 'image/jpeg', style: 'night'});
    const asked = await show();
    expect(new URL(asked).pathname).to.equal('/api/collections/roads/styles/night/map');
    expect(query(asked)).to.include({f: 'jpeg'});
  });

  it('takes the address of a collection, and maps of all that a service has', async () => {
    const {collections} = documents['/api/collections'] as {collections: Record<string, unknown>[]};
    const [roads = {}] = collections;
    documents['/api/collections/roads'] = roads;
    await make({url: 'https://maps.example/api/collections/roads', collection: 'roads'});
    expect(await show()).to.include('/roads/map?f=png');
    handle?.dispose();
    page?.remove();
    documents['/api'] = {...documents['/api'], links: [{rel: 'ogc-rel:map', href: 'api/map'}]};
    await make();
    expect(new URL(await show()).pathname).to.equal('/api/map');
  });

  it('has tiles of a TileMatrixSet', async () => {
    server = new ScriptedServer(ogcTilesAnswer());
    await make({url: 'https://maps.example/ogc/', tileMatrixSet: 'WebMercatorQuad'});
    expect(await show({zoom: 0})).to.match(/\/ogc\/map\/tiles\/WebMercatorQuad\/0\/0\/0/);
    const error = expectError(
      await rejection(make({url: 'https://maps.example/ogc/', tileMatrixSet: 'x'})),
      'invalid-layer',
    );
    expect(error.message).to.include('"WebMercatorQuad"');
  });

  it('names what the service has not, and what it has', async () => {
    const words = async (config: Partial<Config>): Promise<string> =>
      expectError(await rejection(make(config)), 'invalid-layer').message;
    expect(await words({collection: 'x'})).to.equal('The service has no "collection" "x". Allowed: "roads", "names".');
    expect(await words({format: 'image/webp'})).to.equal(
      'The service has no "format" "image/webp". Allowed: "image/jpeg", "image/png".',
    );
    only('names', {links: [{rel: 'map', href: '/m'}]});
    expect(await words({})).to.include('Allowed: "roads", "names".');
  });

  it('says what has no maps, and sends nothing to foreign origins', async () => {
    const kindOf = async (overrides: Partial<LayerContext> = {}): Promise<unknown> =>
      (await rejection(make({collection: 'roads'}, overrides))) as Error;
    only('roads', {links: []});
    expect(await kindOf()).to.include({kind: 'format'});
    only('roads', {links: [{rel: 'map', href: 'https://evil.example/map'}]});
    const mayFollow = (url: string): boolean => !url.includes('evil');
    expect(await kindOf({mayFollow})).to.include({kind: 'origin'});
    expect(server.asked.some(({url}) => url.includes('evil'))).to.equal(false);
    server.answer = () => new Response('<!doctype html>');
    expect(await kindOf()).to.include({kind: 'format'});
    server.answer = () => Response.json({code: 'NotFound', description: 'No such API'});
    expect(String(await kindOf())).to.include('No such API');
  });
});
