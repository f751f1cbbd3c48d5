import {toJsonSchema} from '@valibot/to-json-schema';
import {configSchema} from '../../src/broker/cli/config-schema.js';

/** The published JSON Schema of the configuration of `secure-map-broker`; from the very schema that checks it at run time. */
export const brokerSchema = (): object => ({
  ...toJsonSchema(configSchema, {
    typeMode: 'input',
    // That one of several is there, JSON Schema says in words that no editor can explain.
    ignoreActions: ['check', 'min_entries'],
  }),
  title: 'Configuration of secure-map-broker',
});
