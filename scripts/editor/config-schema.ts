import {toJsonSchema} from '@valibot/to-json-schema';
import {mapConfigSchema} from '../../src/config/map-config.js';

/** The published JSON Schema of a map configuration; from the very schema that checks it at run time. */
export const configSchema = () => ({
  ...toJsonSchema(mapConfigSchema, {
    typeMode: 'input',
    // JSON has no infinite numbers, and its schema has no words for how the numbers of a place hang together.
    ignoreActions: ['finite', 'check'],
  }),
  title: 'Map configuration of <secure-map>',
});
