import type {ViewOptions} from 'ol/View.js';
import type {LayerConfig, LayerType} from '../../src/layers/registry.js';
import type {RequestOptions} from '../../src/request/request.js';
import {arcgisAnswer} from '../doubles/arcgis-service.js';
import {featureServerAnswer, gpxAnswer, kmlAnswer, ogcFeaturesAnswer, wfsAnswer} from '../doubles/feature-services.js';
import {redGeotiff} from '../doubles/geotiff.js';
import {imageAnswer} from '../doubles/images.js';
import {wmtsCapabilities} from '../doubles/wmts-capabilities.js';
import {ogcMapsAnswer} from '../doubles/ogc-maps-service.js';
import {ogcTilesAnswer} from '../doubles/ogc-tiles-service.js';
import {imageArchive, vectorArchive} from '../doubles/pmtiles.js';
import {fileAnswer} from '../doubles/range-server.js';
import {styleAnswer} from '../doubles/map-style.js';
import {tileAnswer} from '../doubles/vector-tiles.js';

/** What the contract suite must know of a layer type: how it is configured at least, and what its server answers. */
export interface LayerFixture {
  /** Only what is required. */
  readonly config: LayerConfig;
  /** What the server answers to each of its requests when all is well. */
  readonly answer: (url: string, options: RequestOptions) => Promise<Response>;
  readonly view?: ViewOptions | undefined;
}

const image = (): Promise<Response> => imageAnswer('red');

/** One for each registered type; the type of this object, and the suite, see to it that none is missing. */
export const layerFixtures: Readonly<Record<LayerType, readonly LayerFixture[]>> = {
  'arcgis-feature': [
    {
      config: {type: 'arcgis-feature', url: 'https://maps.example/rest/Trees/FeatureServer'},
      answer: featureServerAnswer,
    },
  ],
  'arcgis-image': [
    {config: {type: 'arcgis-image', url: 'https://maps.example/rest/a/MapServer'}, answer: arcgisAnswer()},
    {config: {type: 'arcgis-image', url: 'https://maps.example/rest/a/ImageServer'}, answer: arcgisAnswer()},
  ],
  'arcgis-tile': [
    {config: {type: 'arcgis-tile', url: 'https://maps.example/rest/a/MapServer'}, answer: arcgisAnswer()},
    {
      config: {type: 'arcgis-tile', url: 'https://maps.example/rest/a/MapServer'},
      answer: arcgisAnswer({tileInfo: null}),
    },
  ],
  geojson: [
    {
      config: {type: 'geojson', url: 'https://maps.example/points.json'},
      answer: async () =>
        Response.json({
          type: 'FeatureCollection',
          features: [{type: 'Feature', properties: {}, geometry: {type: 'Point', coordinates: [0, 0]}}],
        }),
    },
  ],
  geotiff: [{config: {type: 'geotiff', url: 'https://maps.example/a.tif'}, answer: fileAnswer(redGeotiff)}],
  gpx: [{config: {type: 'gpx', url: 'https://maps.example/track.gpx'}, answer: gpxAnswer}],
  group: [
    {
      config: {type: 'group', layers: [{type: 'xyz', url: 'https://maps.example/{z}/{x}/{y}.png'}]},
      answer: image,
    },
  ],
  image: [{config: {type: 'image', url: 'https://maps.example/plan.png', extent: [-90, -45, 90, 45]}, answer: image}],
  kml: [{config: {type: 'kml', url: 'https://maps.example/places.kml'}, answer: kmlAnswer}],
  mvt: [{config: {type: 'mvt', url: 'https://maps.example/{z}/{x}/{y}.pbf'}, answer: async () => tileAnswer()}],
  'ogc-features': [
    {config: {type: 'ogc-features', url: 'https://maps.example/api', collection: 'trees'}, answer: ogcFeaturesAnswer},
  ],
  'ogc-map': [{config: {type: 'ogc-map', url: 'https://maps.example/api'}, answer: ogcMapsAnswer()}],
  'ogc-tiles': [
    {config: {type: 'ogc-tiles', url: 'https://maps.example/ogc/'}, answer: ogcTilesAnswer()},
    {config: {type: 'ogc-tiles', url: 'https://maps.example/ogc/map/tiles'}, answer: ogcTilesAnswer()},
  ],
  osm: [{config: {type: 'osm', credential: 'none'}, answer: image}],
  pmtiles: [
    {config: {type: 'pmtiles', url: 'https://maps.example/a.pmtiles'}, answer: fileAnswer(vectorArchive)},
    {config: {type: 'pmtiles', url: 'https://maps.example/b.pmtiles'}, answer: fileAnswer(imageArchive)},
  ],
  style: [{config: {type: 'style', url: 'https://maps.example/style.json'}, answer: styleAnswer}],
  tilejson: [
    {
      config: {type: 'tilejson', url: 'https://maps.example/tiles.json'},
      answer: async (url) =>
        url.endsWith('.json') ? Response.json({tilejson: '3.0.0', tiles: ['/t/{z}/{x}/{y}.png']}) : image(),
    },
    {
      config: {type: 'tilejson', url: 'https://maps.example/tiles.json'},
      answer: async (url) =>
        url.endsWith('.json')
          ? Response.json({tilejson: '3.0.0', tiles: ['/t/{z}/{x}/{y}.pbf'], vector_layers: []})
          : tileAnswer(),
    },
  ],
  wfs: [
    {config: {type: 'wfs', url: 'https://maps.example/wfs', typeName: 'city:trees'}, answer: (url) => wfsAnswer(url)},
  ],
  wms: [
    {config: {type: 'wms', url: 'https://maps.example/wms', layers: 'a'}, answer: image},
    {config: {type: 'wms', url: 'https://maps.example/wms', layers: 'a', single: true}, answer: image},
  ],
  wmts: [
    {
      config: {type: 'wmts', url: 'https://maps.example/wmts'},
      answer: async (url) => (url.includes('GetCapabilities') ? wmtsCapabilities() : image()),
    },
  ],
  xyz: [{config: {type: 'xyz', url: 'https://maps.example/{z}/{x}/{y}.png'}, answer: image}],
};
