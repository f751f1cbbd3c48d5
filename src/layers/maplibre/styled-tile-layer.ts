import {isRecord} from '../../credentials/is-record.js';
import type {CommonFields} from '../common-fields.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {createLoads} from '../loads.js';
import {createVectorTileLayer, type VectorTileLayerOptions} from '../vector-tiles/vector-tile-layer.js';
import {applyLook, layerName} from './look.js';
import {Sprite} from './sprite.js';
import {configuredStyle, type Json} from './style-document.js';

const drawn = new Set<unknown>(['fill', 'fill-extrusion', 'line', 'circle', 'symbol']);

/** The layers that are about features, all of them as if of the one source that there is. */
const ofTiles = (layers: unknown): unknown =>
  Array.isArray(layers)
    ? (layers as readonly unknown[])
        .filter((layer) => isRecord(layer) && drawn.has(layer['type']))
        .map((layer) => ({...Object(layer), source: 'tiles'}))
    : layers;

/**
 * Vector tiles with the look that a MapLibre style in the config describes. Its sources are of no interest: the tiles
 * are those of the layer.
 */
export const createStyledTileLayer = async (
  config: CommonFields,
  context: LayerContext,
  style: Json,
  options: (layerName: string) => VectorTileLayerOptions,
): Promise<LayerHandle> => {
  const document = configuredStyle({...style, sources: {tiles: {type: 'vector'}}, layers: ofTiles(style['layers'])});
  const sprite = new Sprite(document.sprite, context.baseUrl, context, createLoads(context));
  await sprite.load();
  const handle = createVectorTileLayer(config, context, {...options(layerName), declutter: true});
  const ids = document.layers.map(({id}) => id);
  const look = (): void => applyLook(handle.layer, document, ids, sprite);
  look();
  return {
    ...handle,
    // Its icons were this visitor's.
    isPersonal: document.sprite !== undefined,
    retry() {
      handle.retry();
      if (sprite.hasFailed) void sprite.load().then(look);
    },
    dispose() {
      handle.dispose();
      sprite.dispose();
    },
  };
};
