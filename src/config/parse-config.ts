import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {mapConfigSchema, viewSchema, type ViewConfig} from './map-config.js';
import {MOST_PROBLEMS, parseLayers, type ParsedLayers} from './parse-layers.js';
import {problem} from './problem.js';

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

/** Checks a whole document. Rejects nothing: a document of which nothing can be used has no layers and one problem. */
export const parseConfig = async (document: unknown): Promise<ParsedConfig> => {
  if (!isRecord(document)) {
    return {
      layers: [],
      problems: [new SecureMapError('invalid-config', 'config: must be a JSON object with "layers"')],
    };
  }
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
