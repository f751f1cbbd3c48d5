import {toJsonSchema, type ConversionConfig} from '@valibot/to-json-schema';
import * as v from 'valibot';
import {mapConfigSchema} from '../../src/config/map-config.js';
import {isLayerType, layerTypes, loadLayerKind} from '../../src/layers/registry.js';

type Schema = Readonly<Record<string, unknown>>;

const options: ConversionConfig = {
  typeMode: 'input',
  // JSON has no infinite numbers, and its schema has no words for how the numbers of a place hang together.
  ignoreActions: ['finite', 'check'],
};

/** What a list of layers holds, at the top and in each group. */
const layers = {type: 'array', items: {$ref: '#/$defs/layer'}};

/** In place of the children, which the program checks one by one. */
const withLayers = (schema: object): Schema => ({
  ...schema,
  properties: {...('properties' in schema ? Object(schema.properties) : {}), layers},
});

const ofType = async (type: string): Promise<Schema> => {
  if (!isLayerType(type)) throw new Error(`${type} is not registered.`);
  const {$schema: _, ...schema} = toJsonSchema((await loadLayerKind(type)).schema, options);
  return type === 'group' ? withLayers(schema) : schema;
};

/** The published JSON Schema of a map configuration; from the very schemas that check it at run time. */
export const configSchema = async (): Promise<Schema> => {
  const types = await Promise.all(layerTypes.map(async (type) => [type, await ofType(type)] as const));
  return {
    ...withLayers(toJsonSchema(v.object(mapConfigSchema.entries), options)),
    title: 'Map configuration of <secure-map>',
    $defs: {
      layer: {anyOf: types.map(([type]) => ({$ref: `#/$defs/${type}`}))},
      ...Object.fromEntries(types),
    },
  };
};
