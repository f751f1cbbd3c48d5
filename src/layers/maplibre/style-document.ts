import {SecureMapError} from '../../credentials/errors.js';
import {isRecord} from '../../credentials/is-record.js';
import {RequestError} from '../../request/request-error.js';

export type Json = Readonly<Record<string, unknown>>;

export interface StyleLayer extends Json {
  readonly id: string;
  readonly type: string;
  readonly source?: string;
}

/** A MapLibre style (version 8), as far as it has to be right before anything can be made of it. */
export interface StyleDocument {
  readonly version: 8;
  readonly sources: Readonly<Record<string, Json>>;
  readonly layers: readonly StyleLayer[];
  readonly sprite: unknown;
}

/** What is wrong with a style, and where; `undefined` when nothing is. */
const problemOf = (value: unknown): string | undefined => {
  if (!isRecord(value)) return 'it must be an object';
  if (value['version'] !== 8) return 'version must be 8';
  const {sources, layers} = value;
  if (!isRecord(sources) || !Object.values(sources).every(isRecord)) return 'sources must be an object of objects';
  if (!Array.isArray(layers)) return 'layers must be a list';
  const ids = new Set<unknown>();
  for (const [i, layer] of (layers as readonly unknown[]).entries()) {
    if (!isRecord(layer)) return `layers[${i}] must be an object`;
    const {id, type, source, ref} = layer;
    if (typeof id !== 'string' || ids.has(id)) return `layers[${i}].id must be a text that no other layer has`;
    if (typeof type !== 'string' && typeof ref !== 'string') return `layers[${i}].type must be a text`;
    if (source !== undefined && !(typeof source === 'string' && Object.hasOwn(sources, source)))
      return `layers[${i}].source must be the name of one of the sources`;
    ids.add(id);
  }
  return undefined;
};

const words = (problem: string): string => `This is not a MapLibre style: ${problem}`;

/** A copy of its own, since what draws it keeps its books on the object, and the page may change theirs. */
const copied = (value: unknown): StyleDocument => {
  const style: unknown = structuredClone(value);
  // `schema` would set values for all styles of the page (ol-mapbox-style 13.9).
  if (isRecord(style)) delete (style as Record<string, unknown>)['schema'];
  return style as StyleDocument;
};

export const fetchedStyle = (value: unknown, url: string): StyleDocument => {
  const problem = problemOf(value);
  if (problem) throw new RequestError(words(problem), {kind: 'format', url});
  return copied(value);
};

export const configuredStyle = (value: unknown): StyleDocument => {
  const problem = problemOf(value);
  if (problem) throw new SecureMapError('invalid-layer', words(problem));
  return copied(value);
};
