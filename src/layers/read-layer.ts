import * as v from 'valibot';
import {layerSchema, type LayerConfig} from './registry.js';

export type ReadLayer =
  | {readonly config: LayerConfig; readonly problems?: never}
  | {readonly config?: never; readonly problems: readonly string[]};

/**
 * Checks one layer of a document. A problem says where it is, what is wrong and what is allowed, `path` being where
 * the layer stands: `layers[2].opacity: must be a number from 0 to 1`.
 */
export const readLayer = (value: unknown, path: string): ReadLayer => {
  const result = v.safeParse(layerSchema, value);
  if (result.success) return {config: result.output};
  return {problems: result.issues.map((issue) => `${path}${steps(issue)}: ${issue.message}`)};
};

const steps = ({path}: v.BaseIssue<unknown>): string =>
  (path ?? []).map(({key}) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
