import type {CommonFields} from '../common-fields.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import type {AnyStyle} from '../vector/flat-style.js';
import {layerStyle} from '../vector/layer-style.js';
import type {TilePlace} from './fetched-vector-tile.js';
import {loadMvt} from './load-mvt.js';
import {mvtReader, type MvtReader} from './read-mvt.js';
import {createVectorTileLayer, type VectorTileLayerOptions} from './vector-tile-layer.js';

export interface MvtFields extends CommonFields {
  readonly layers?: readonly string[] | undefined;
  readonly style?: AnyStyle | undefined;
}

export interface MvtPlace extends Pick<VectorTileLayerOptions, 'projection' | 'tileGrid' | 'tileUrl'> {
  /** Where the tiles are not simply what is at their URLs. */
  readonly load?:
    | ((place: TilePlace, signal: AbortSignal, read: MvtReader) => ReturnType<VectorTileLayerOptions['load']>)
    | undefined;
}

/** A layer of Mapbox Vector Tiles: by their URLs, or from where `load` has them. */
export const createMvtLayer = async (
  {style, layers, ...config}: MvtFields,
  context: LayerContext,
  {load, ...place}: MvtPlace,
): Promise<LayerHandle> => {
  const optionsWith = (read: MvtReader) => ({
    ...place,
    load: load ? (at: TilePlace, signal: AbortSignal) => load(at, signal, read) : loadMvt(context, place.tileUrl, read),
  });
  if (style && !Array.isArray(style) && style['version'] === 8) {
    const {createStyledTileLayer} = await import('../maplibre/styled-tile-layer.js');
    return createStyledTileLayer(config, context, style, (layerName) => optionsWith(mvtReader(layers, layerName)));
  }
  const {look, isPersonal, dispose} = await layerStyle(style, context);
  const handle = createVectorTileLayer(config, context, {...optionsWith(mvtReader(layers)), style: look});
  return {
    ...handle,
    isPersonal,
    dispose() {
      handle.dispose();
      dispose();
    },
  };
};
