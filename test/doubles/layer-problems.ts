import * as v from 'valibot';
import {layerSchema} from '../../src/layers/registry.js';

/** What the schema says of a value, each with the path inside it. */
export const layerProblems = (value: unknown): string[] =>
  (v.safeParse(layerSchema, value).issues ?? []).map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
