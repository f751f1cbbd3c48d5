import * as v from 'valibot';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {RequestError} from '../request/request-error.js';
import {unavailable} from './fetch-config.js';
import {mapConfigSchema, viewSchema, type ViewConfig} from './map-config.js';
import {MOST_PROBLEMS, parseLayers, type ParsedLayers} from './parse-layers.js';
import {problem} from './problem.js';
import type {Recognised, Source} from './recognise/source.js';

/** A config as far as it can be used. */
export interface ParsedConfig extends ParsedLayers {
  readonly title?: string | undefined;
  readonly view?: ViewConfig | undefined;
  /** Definitions of projections by their names, as proj4 reads them. */
  readonly projections?: Readonly<Record<string, string>> | undefined;
}

const rest = v.omit(mapConfigSchema, ['layers', 'view', 'projections']);
const {projections: projectionsSchema} = mapConfigSchema.entries;

/** Those of the definitions that can be read, so that a wrong one does not take the others down. */
const readable = (given: unknown): Readonly<Record<string, string>> | undefined => {
  if (!isRecord(given)) return undefined;
  const entries = Object.entries(given).filter(([name, value]) => v.is(projectionsSchema, {[name]: value}));
  return Object.fromEntries(entries) as Record<string, string>;
};

/** One of ours has layers; a MapLibre style has them as well, beside its sources. */
const isOurs = (document: unknown): boolean =>
  isRecord(document) && 'layers' in document && !isRecord(document['sources']);

const unusable = (error: SecureMapError): ParsedConfig => ({layers: [], problems: [error]});

/** The map configuration itself. */
const parseOwn = async (document: unknown): Promise<ParsedConfig> => {
  if (!isRecord(document))
    return unusable(new SecureMapError('invalid-config', 'config: must be a JSON object with "layers"'));
  const {layers: givenLayers, view: givenView, projections: givenProjections, ...others} = document;
  const {layers, problems: layerProblems} = await parseLayers(givenLayers);
  const top = v.safeParse(rest, others);
  const view = v.safeParse(v.optional(viewSchema), givenView);
  const projections = v.safeParse(projectionsSchema, givenProjections);
  const problems = [
    ...(top.issues ?? []).map((issue) => problem('invalid-config', '', issue)),
    ...(view.issues ?? []).map((issue) => problem('invalid-config', 'view', issue)),
    ...(projections.issues ?? []).map((issue) => problem('invalid-config', 'projections', issue)),
    ...layerProblems,
  ];
  return {
    title: top.success ? top.output.title : undefined,
    view: view.success ? view.output : undefined,
    projections: readable(givenProjections),
    layers,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
};

/** A document of others, as one of ours. */
const translate = async (document: unknown, source: Source | undefined): Promise<Recognised | undefined> => {
  if (isOurs(document)) return undefined;
  const {recognise} = await import('./recognise/recognise.js');
  try {
    return await recognise(document, source);
  } catch (error) {
    throw error instanceof RequestError && source ? await unavailable(error, source.url, source.signal) : error;
  }
};

/**
 * Checks a whole document, which may be one of those that others publish: then `source` says where it came from. A
 * document of which nothing can be used has no layers and one problem. Rejects only when a part of it cannot be loaded.
 */
export const parseConfig = async (document: unknown, source?: Source): Promise<ParsedConfig> => {
  let recognised: Recognised | undefined;
  try {
    recognised = await translate(document, source);
  } catch (error) {
    if (isSecureMapError(error) && error.code === 'invalid-config') return unusable(error);
    throw error;
  }
  const parsed = await parseOwn(recognised ?? document);
  if (!recognised || !source) return parsed;
  return {...parsed, layers: parsed.layers.map((layer) => ({...layer, isAdvertised: true}))};
};
