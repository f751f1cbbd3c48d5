import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import {layerKinds, layerSchema, type LayerConfig} from '../layers/registry.js';
import {mapConfigSchema, viewSchema, type ViewConfig} from './map-config.js';

/** A config as far as it can be used. What is wrong with the rest stands in `problems`, each with its path. */
export interface ParsedConfig {
  readonly title?: string | undefined;
  readonly view?: ViewConfig | undefined;
  readonly layers: readonly LayerConfig[];
  readonly problems: readonly SecureMapError[];
}

/** More layers than this is a mistake, or somebody who wants the page to stand still. */
const MOST_LAYERS = 500;
const MOST_PROBLEMS = 20;

type Issue = v.BaseIssue<unknown>;

/** `layers[2]` and the issue's own path: `layers[2].url`. */
const pathOf = (root: string, issue: Issue): string =>
  (issue.path ?? []).reduce(
    (path, {key}) => (typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key)),
    root,
  );

/** The words of the schema library name nothing that is allowed. */
const wordsOf = ({type, expected, message}: Issue): string =>
  type === 'strict_object' && expected === 'never' ? 'is not known here' : message;

const problem = (code: 'invalid-config' | 'invalid-layer', root: string, issue: Issue): SecureMapError =>
  new SecureMapError(code, `${pathOf(root, issue) || 'config'}: ${wordsOf(issue)}`);

/** A field that nobody knows is most likely misspelt. The layer is shown without it. */
const strangers = (item: unknown, type: LayerConfig['type'], path: string): SecureMapError[] => {
  const {schema} = layerKinds[type];
  // A type may have two forms, such as with a URL and with data.
  const forms = 'entries' in schema ? [schema] : schema.options;
  const known = [...new Set(forms.flatMap(({entries}) => Object.keys(entries)))];
  return Object.keys(isRecord(item) ? item : {})
    .filter((field) => !known.includes(field))
    .map(
      (field) =>
        new SecureMapError('invalid-layer', `${path}.${field}: is not known here. Allowed: ${known.join(', ')}`),
    );
};

const rest = v.omit(mapConfigSchema, ['layers', 'view']);

/** Checks a list of layer configs one by one, so that a bad one does not take the others down. */
export const parseLayers = (value: unknown, root = 'layers'): Pick<ParsedConfig, 'layers' | 'problems'> => {
  if (!Array.isArray(value)) {
    return {layers: [], problems: [new SecureMapError('invalid-config', `${root}: must be an array of layers`)]};
  }
  const layers: LayerConfig[] = [];
  const problems: SecureMapError[] = [];
  if (value.length > MOST_LAYERS) {
    problems.push(new SecureMapError('invalid-config', `${root}: has more than the ${MOST_LAYERS} layers allowed`));
  }
  const ids = new Set<string>();
  for (const [index, item] of value.slice(0, MOST_LAYERS).entries()) {
    const path = `${root}[${index}]`;
    const result = v.safeParse(layerSchema, item);
    if (!result.success) {
      problems.push(...result.issues.slice(0, 3).map((issue) => problem('invalid-layer', path, issue)));
      continue;
    }
    problems.push(...strangers(item, result.output.type, path));
    const {id} = result.output;
    if (id !== undefined && ids.has(id)) {
      const message = `${path}.id: "${id.slice(0, 60)}" is used by another layer already`;
      problems.push(new SecureMapError('invalid-layer', message));
      continue;
    }
    if (id !== undefined) ids.add(id);
    layers.push(result.output);
  }
  return {layers, problems: problems.slice(0, MOST_PROBLEMS)};
};

/** Checks a whole document. Throws nothing: a document of which nothing can be used has no layers and one problem. */
export const parseConfig = (document: unknown): ParsedConfig => {
  if (!isRecord(document)) {
    return {
      layers: [],
      problems: [new SecureMapError('invalid-config', 'config: must be a JSON object with "layers"')],
    };
  }
  const {layers: givenLayers, view: givenView, ...others} = document;
  const {layers, problems: layerProblems} = parseLayers(givenLayers);
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
    layers,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
};
