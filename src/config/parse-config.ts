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

const rest = v.omit(mapConfigSchema, ['layers', 'view']);

/** Checks a whole document. Rejects nothing: a document of which nothing can be used has no layers and one problem. */
export const parseConfig = async (document: unknown): Promise<ParsedConfig> => {
  if (!isRecord(document)) {
    return {
      layers: [],
      problems: [new SecureMapError('invalid-config', 'config: must be a JSON object with "layers"')],
    };
  }
  const {layers: givenLayers, view: givenView, ...others} = document;
  const {layers, problems: layerProblems} = await parseLayers(givenLayers);
  const top = v.safeParse(rest, others);
  const view = v.safeParse(v.optional(viewSchema), givenView);
  const problems = [
    ...(top.issues ?? []).map((issue) => problem('invalid-config', '', issue)),
    ...(view.issues ?? []).map((issue) => problem('invalid-config', 'view', issue)),
    ...layerProblems,
  ];
  return {
    title: top.success ? top.output.title : undefined,
    view: view.success ? view.output : undefined,
    projections: top.success ? top.output.projections : undefined,
    layers,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
};
