import * as v from 'valibot';
import type {LayerContext, LayerHandle, LayerKind} from './layer-kind.js';
import {geojson} from './geojson.js';
import {osm} from './osm.js';
import {wms} from './wms.js';
import {xyz} from './xyz.js';

/** Every layer type. A new one is a file and a line here: the types, the schema and the contract tests follow. */
export const layerKinds = {geojson, osm, wms, xyz} satisfies Record<string, LayerKind>;

export type LayerType = keyof typeof layerKinds;

const schemas = Object.values(layerKinds).map(({schema}) => schema);
const allowed = Object.keys(layerKinds).join(', ');

/** One layer of a map configuration. */
export const layerSchema = v.variant('type', schemas, ({path, input}) =>
  path
    ? `${(JSON.stringify(input) ?? 'nothing').slice(0, 60)} is not a layer type; allowed are ${allowed}`
    : 'must be an object',
);

export type LayerConfig = v.InferOutput<typeof layerSchema>;

/** Makes the layer that a configuration describes. */
export const createLayer = async (config: LayerConfig, context: LayerContext): Promise<LayerHandle> => {
  const kind: LayerKind = layerKinds[config.type];
  return kind.create(config, context);
};
