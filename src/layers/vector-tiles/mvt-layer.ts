import type {InferOutput} from 'valibot';
import type {CommonFields} from '../common-fields.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import type {flatStyle} from '../vector/flat-style.js';
import {loadMvt} from './load-mvt.js';
import {mvtReader} from './read-mvt.js';
import {compileStyle} from './tile-style.js';
import {createVectorTileLayer, type VectorTileLayerOptions} from './vector-tile-layer.js';

export interface MvtFields extends CommonFields {
  readonly layers?: readonly string[] | undefined;
  readonly style?: InferOutput<typeof flatStyle> | undefined;
}

export type MvtPlace = Pick<VectorTileLayerOptions, 'projection' | 'tileGrid' | 'tileUrl'>
  & Partial<Pick<VectorTileLayerOptions, 'load'>>;

/** A layer of Mapbox Vector Tiles: by their URLs, or from where `load` has them. */
export const createMvtLayer = async (config: MvtFields, context: LayerContext, place: MvtPlace): Promise<LayerHandle> =>
  createVectorTileLayer(config, context, {
    load: loadMvt(context, place.tileUrl, mvtReader(config.layers)),
    ...place,
    style: await compileStyle(config.style),
  });
