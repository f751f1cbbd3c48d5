import {expect} from '@open-wc/testing';
import type Feature from 'ol/Feature.js';
import Point from 'ol/geom/Point.js';
import type VectorLayer from 'ol/layer/Vector.js';
import {fromLonLat, transform} from 'ol/proj.js';
import {geojson} from '../../../../src/layers/geojson.js';
import type {LayerHandle} from '../../../../src/layers/layer-kind.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {pageMap, type PageMap} from '../../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../../doubles/recorded-context.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';

const style = {'fill-color': 'red'};
const square = (east: number, north = 30): object => ({
  type: 'Polygon',
  coordinates: [
    [
      [-30, -30],
      [east, -30],
      [east, north],
      [-30, north],
      [-30, -30],
    ],
  ],
});
const collection = (geometry: unknown): object => ({
  type: 'FeatureCollection',
  features: [{type: 'Feature', geometry, properties: {name: 'a'}}],
});
const json = (value: unknown): Response => Response.json(value);
const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];

describe('geojson', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;
  const features = (): Feature[] => (handle.layer as VectorLayer).getSource()?.getFeatures() ?? [];
  const create = async (config: object = {url: 'data.json'}): Promise<void> => {
    handle = await geojson.create({type: 'geojson', url: '', style, ...config}, context);
  };

  beforeEach(() => {
    server = new ScriptedServer(() => json(collection(square(30))));
    context = recordedContext(server.request);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });

  it('asks once, and not before it is shown', async () => {
    await create({url: '../data.json', visible: false});
    page = pageMap([handle.layer]);
    await page.framed();
    expect(server.asked).to.eql([]);
    handle.layer.setVisible(true);
    await page.rendered();
    await page.rendered();
    expect([...server.tally()]).to.eql([['https://maps.example/data.json', 1]]);
    expect(page.pixel(256, 256)).to.eql(red);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('takes its features from the configuration without any request', async () => {
    handle = await geojson.create(
      {type: 'geojson', data: {...collection(square(30)), type: 'FeatureCollection'}, style},
      context,
    );
    page = pageMap([handle.layer]);
    await page.rendered();
    expect(page.pixel(256, 256)).to.eql(red);
    expect(server.asked).to.eql([]);
    expect(context.heard).to.eql({starts: 0, ends: 0, errors: []});
  });

  it('reads longitude and latitude, or what the older crs says', async () => {
    const inUtm = transform([5, 52], 'EPSG:4326', 'EPSG:32631');
    for (const [crs, coordinates] of [
      [undefined, [5, 52]],
      [null, [5, 52]],
      [{type: 'name', properties: {name: 'urn:ogc:def:crs:OGC:1.3:CRS84'}}, [5, 52]],
      [{type: 'name', properties: {name: 'EPSG:3857'}}, fromLonLat([5, 52])],
      [{type: 'EPSG', properties: {code: 4326}}, [5, 52]],
      // ol does not have it. On the same ellipsoid as one that it has.
      [{type: 'name', properties: {name: 'urn:ogc:def:crs:EPSG::25831'}}, inUtm],
      [{type: 'name', properties: {name: 'http://www.opengis.net/def/crs/EPSG/0/25831'}}, inUtm],
    ] as const) {
      server.answer = () => json({...collection({type: 'Point', coordinates}), crs});
      await create();
      page = pageMap([handle.layer]);
      await page.rendered();
      const geometry = features()[0]?.getGeometry();
      const [x = 0, y = 0] = geometry instanceof Point ? geometry.getCoordinates() : [];
      const [wantedX = 1, wantedY = 1] = fromLonLat([5, 52]);
      expect(x).to.be.closeTo(wantedX, 0.01);
      expect(y).to.be.closeTo(wantedY, 0.01);
      handle.dispose();
      page.remove();
    }
  });

  for (const [what, value, words] of [
    ['a list', [], 'it must be an object, not a list'],
    ['another document', {type: 'Topology'}, 'type "Topology" is not a GeoJSON type'],
    ['a collection without features', {type: 'FeatureCollection'}, 'features must be a list'],
    [
      'a feature of no type',
      {type: 'FeatureCollection', features: [{}]},
      'features[0].type must be "Feature", not nothing',
    ],
    ['an unknown geometry', collection({type: 'Curve'}), 'features[0].geometry.type "Curve" is not a geometry type'],
    ['no coordinates', collection({type: 'Point'}), 'features[0].geometry.coordinates must be a list'],
    [
      'a part of a collection',
      collection({type: 'GeometryCollection', geometries: [{type: 'Point', coordinates: []}, 7]}),
      'features[0].geometry.geometries[1] must be an object',
    ],
    [
      'coordinates of the wrong depth',
      collection({type: 'Polygon', coordinates: [1, 2]}),
      'features[0].geometry.coordinates must be lists of numbers, 3 deep',
    ],
    [
      'a broken list of coordinates',
      collection({type: 'Polygon', coordinates: [[[0, 0]], null]}),
      'its coordinates cannot be read',
    ],
    [
      'an unknown coordinate system',
      {...collection(null), crs: {type: 'name', properties: {name: 'EPSG:1'}}},
      'its coordinate system ("crs") is not known',
    ],
  ] as const) {
    it(`names what is wrong with ${what}`, async () => {
      server.answer = () => json(value);
      await create();
      page = pageMap([handle.layer]);
      await page.rendered();
      expect(context.heard.errors.map(({kind, message}) => `${kind}: ${message}`)).to.eql([
        `format: This is not valid GeoJSON: ${words}`,
      ]);
    });
  }

  it('does not ask again by itself after a failure, and does on retry', async () => {
    server.answer = () => new RequestError('no', {kind: 'forbidden', status: 403, url: 'https://maps.example/'});
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    page.map.getView().setZoom(3);
    await page.rendered();
    expect(server.asked).to.have.length(1);
    expect(context.heard.errors).to.have.length(1);
    server.answer = () => json(collection(square(30)));
    handle.retry();
    await page.rendered();
    expect(server.asked).to.have.length(2);
    expect(page.pixel(256, 256)).to.eql(red);
    handle.retry();
    await page.rendered();
    expect(server.asked).to.have.length(2);
  });

  it('drops everything on reset, even while the view moves, and takes no late answer', async () => {
    await create();
    page = pageMap([handle.layer]);
    await page.rendered();
    server.hold();
    page.map.getView().animate({rotation: 1, duration: 2000});
    await page.framed();
    handle.reset();
    await page.framed();
    expect(page.pixel(256, 256)).to.eql(clear);
    expect(features()).to.eql([]);
    page.map.getView().cancelAnimations();
    await server.got(2);
    handle.reset();
    await server.got(3);
    server.release();
    await page.rendered();
    expect(server.asked.map(({state}) => state)).to.eql(['answered', 'aborted', 'answered']);
    expect(features()).to.have.length(1);
  });

  it('is aborted when hidden, and asked for again when shown', async () => {
    server.hold();
    await create();
    page = pageMap([handle.layer]);
    await server.got(1);
    handle.layer.setVisible(false);
    await page.framed();
    expect(server.count('aborted')).to.equal(1);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
    handle.layer.setVisible(true);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(features()).to.have.length(1);
  });

  it('aborts and leaves no listener on dispose()', async () => {
    server.hold();
    await create();
    page = pageMap([]);
    const listeners = (): number => (page.map.getListeners('postrender') ?? []).length;
    const before = listeners();
    page.map.addLayer(handle.layer);
    await server.got(1);
    handle.dispose();
    expect(server.count('aborted')).to.equal(1);
    expect(listeners()).to.equal(before);
  });

  it('refuses a style that ol does not know', async () => {
    page = pageMap([]);
    let refusal: unknown;
    await create();
    try {
      await geojson.create({type: 'geojson', url: 'a', style: {'fill-color': ['no-such-operator']}}, context);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).to.have.property('code', 'invalid-layer');
  });
});
