import {toJsonSchema} from '@valibot/to-json-schema';
import * as v from 'valibot';
import {mapConfigSchema} from '../../src/config/map-config.js';
import {isLayerType, layerTypes, loadLayerKind} from '../../src/layers/registry.js';

const layerSchemas = () =>
  Promise.all(layerTypes.filter(isLayerType).map(async (type) => (await loadLayerKind(type)).schema));

/** The published JSON Schema of a map configuration; from the very schema that checks it at run time. */
export const configSchema = async () => ({
  ...toJsonSchema(v.object({...mapConfigSchema.entries, layers: v.array(v.union(await layerSchemas()))}), {
    typeMode: 'input',
    // JSON has no infinite numbers, and its schema has no words for how the numbers of a place hang together.
    ignoreActions: ['finite', 'check'],
  }),
  title: 'Map configuration of <secure-map>',
});
