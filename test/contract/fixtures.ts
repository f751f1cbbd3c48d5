import type {ViewOptions} from 'ol/View.js';
import type {LayerConfig, LayerType} from '../../src/layers/registry.js';
import {imageAnswer} from '../doubles/images.js';
import {wmtsCapabilities} from '../doubles/wmts-capabilities.js';
import {ogcTilesAnswer} from '../doubles/ogc-tiles-service.js';
import {tileAnswer} from '../doubles/vector-tiles.js';

/** What the contract suite must know of a layer type: how it is configured at least, and what its server answers. */
export interface LayerFixture {
  /** Only what is required. */
  readonly config: LayerConfig;
  /** What the server answers to each of its requests when all is well. */
  readonly answer: (url: string) => Promise<Response>;
  readonly view?: ViewOptions;
}

const image = (): Promise<Response> => imageAnswer('red');

/** One for each registered type; the type of this object, and the suite, see to it that none is missing. */
export const layerFixtures: Readonly<Record<LayerType, readonly LayerFixture[]>> = {
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
  group: [
    {
      config: {type: 'group', layers: [{type: 'xyz', url: 'https://maps.example/{z}/{x}/{y}.png'}]},
      answer: image,
    },
  ],
  image: [{config: {type: 'image', url: 'https://maps.example/plan.png', extent: [-90, -45, 90, 45]}, answer: image}],
  mvt: [{config: {type: 'mvt', url: 'https://maps.example/{z}/{x}/{y}.pbf'}, answer: async () => tileAnswer()}],
  'ogc-tiles': [
    {config: {type: 'ogc-tiles', url: 'https://maps.example/ogc/'}, answer: ogcTilesAnswer()},
    {config: {type: 'ogc-tiles', url: 'https://maps.example/ogc/map/tiles'}, answer: ogcTilesAnswer()},
  ],
  osm: [{config: {type: 'osm', credential: 'none'}, answer: image}],
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
