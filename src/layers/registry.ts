import type {InferOutput} from 'valibot';
import type {LayerContext, LayerHandle, LayerKind} from './layer-kind.js';
import {osm} from './osm.js';
import {xyz} from './xyz.js';

/**
 * Every layer type. A new one is a file and a line here: the types, the schema and the contract tests follow. What most
 * maps begin with is at hand; the rest is loaded when a map first names it.
 */
export const layerKinds = {
  'arcgis-feature': async () => (await import('./arcgis-feature.js')).arcgisFeature,
  'arcgis-image': async () => (await import('./arcgis-image.js')).arcgisImage,
  'arcgis-tile': async () => (await import('./arcgis-tile.js')).arcgisTile,
  geojson: async () => (await import('./geojson.js')).geojson,
  geotiff: async () => (await import('./geotiff.js')).geotiff,
  gpx: async () => (await import('./gpx.js')).gpx,
  group: async () => (await import('./group.js')).group,
  image: async () => (await import('./image.js')).image,
  kml: async () => (await import('./kml.js')).kml,
  mvt: async () => (await import('./mvt.js')).mvt,
  'ogc-features': async () => (await import('./ogc-features.js')).ogcFeatures,
  'ogc-map': async () => (await import('./ogc-map.js')).ogcMap,
  'ogc-tiles': async () => (await import('./ogc-tiles.js')).ogcTiles,
  osm,
  pmtiles: async () => (await import('./pmtiles.js')).pmtiles,
  style: async () => (await import('./style.js')).style,
  tilejson: async () => (await import('./tilejson.js')).tilejson,
  wfs: async () => (await import('./wfs.js')).wfs,
  wms: async () => (await import('./wms.js')).wms,
  wmts: async () => (await import('./wmts.js')).wmts,
  xyz,
} satisfies Record<string, LayerKind | (() => Promise<LayerKind>)>;

export type LayerType = keyof typeof layerKinds;

type KindOf<E> = E extends () => Promise<infer K> ? K : E;
type ConfigOf<K> = K extends LayerKind<infer S> ? InferOutput<S> : never;

/** One layer of a map configuration. */
export type LayerConfig = {[T in LayerType]: ConfigOf<KindOf<(typeof layerKinds)[T]>>}[LayerType];

export const layerTypes = Object.keys(layerKinds);

export const isLayerType = (type: unknown): type is LayerType =>
  typeof type === 'string' && Object.hasOwn(layerKinds, type);

/** Rejects when its part of the package cannot be loaded. */
export const loadLayerKind = async (type: LayerType): Promise<LayerKind> => {
  const kind: LayerKind | (() => Promise<LayerKind>) = layerKinds[type];
  return typeof kind === 'function' ? kind() : kind;
};

/** Makes the layer that a configuration describes. */
export const createLayer = async (config: LayerConfig, context: LayerContext): Promise<LayerHandle> => {
  if (context.isAdvertised && 'url' in config) {
    const {checkAdvertised} = await import('./check-advertised.js');
    checkAdvertised(config.url, context);
  }
  return (await loadLayerKind(config.type)).create(config, context);
};
