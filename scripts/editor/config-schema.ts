import {toJsonSchema} from '@valibot/to-json-schema';
import {mapConfigSchema} from '../../src/config/map-config.js';

/** The published JSON Schema of a map configuration; from the very schema that checks it at run time. */
export const configSchema = () => ({
  ...toJsonSchema(mapConfigSchema, {
    typeMode: 'input',
    // Says what JSON cannot say otherwise: it has no infinite numbers.
    ignoreActions: ['finite'],
  }),
  title: 'Map configuration of <secure-map>',
});
