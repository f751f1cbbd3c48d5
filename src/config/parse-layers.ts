import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {isRecord} from '../credentials/is-record.js';
import type {LayerKind} from '../layers/layer-kind.js';
import {isLayerType, layerTypes, loadLayerKind, type LayerConfig} from '../layers/registry.js';
import {problem} from './problem.js';

/** A layer that can be made, and the group that it is in. */
export interface ParsedLayer {
  readonly config: LayerConfig;
  /** The place of its group in the same list. */
  readonly parent?: number | undefined;
  /** Its address is one that the document of a service names, and not the page or its own config. */
  readonly isAdvertised?: boolean | undefined;
}

export interface ParsedLayers {
  /** Groups stand before what is in them. */
  readonly layers: readonly ParsedLayer[];
  /** What is wrong with the rest, each with its path. */
  readonly problems: readonly SecureMapError[];
}

/** More layers than this is a mistake, or somebody who wants the page to stand still. */
const MOST_LAYERS = 500;
const DEEPEST = 8;
export const MOST_PROBLEMS = 20;

const invalid = (message: string): SecureMapError => new SecureMapError('invalid-layer', message);

/** A field that nobody knows is most likely misspelt. The layer is shown without it. */
const strangers = (item: object, schema: LayerKind['schema'], path: string): SecureMapError[] => {
  // A type may have two forms, such as with a URL and with data.
  const forms: readonly unknown[] = 'options' in schema && Array.isArray(schema.options) ? schema.options : [schema];
  const known = new Set(forms.flatMap((form) => (isRecord(form) ? Object.keys(Object(form['entries'])) : [])));
  return Object.keys(item)
    .filter((field) => !known.has(field))
    .map((field) => invalid(`${path}.${field}: is not known here. Allowed: ${[...known].join(', ')}`));
};

class LayerParser {
  readonly layers: ParsedLayer[] = [];
  readonly problems: SecureMapError[] = [];
  readonly #ids = new Set<string>();
  #seen = 0;

  async list(value: unknown, root: string, parent?: number, depth = 0): Promise<void> {
    if (!Array.isArray(value)) {
      this.problems.push(new SecureMapError('invalid-config', `${root}: must be an array of layers`));
      return;
    }
    if (depth > DEEPEST) {
      this.problems.push(invalid(`${root}: is in more than the ${DEEPEST} groups allowed`));
      return;
    }
    for (const [index, item] of value.entries()) {
      this.#seen += 1;
      if (this.#seen > MOST_LAYERS) {
        if (this.#seen === MOST_LAYERS + 1)
          this.problems.unshift(
            new SecureMapError('invalid-config', `${root}: has more than the ${MOST_LAYERS} layers allowed`),
          );
        return;
      }
      await this.#one(item, `${root}[${index}]`, parent, depth);
    }
  }

  async #one(item: unknown, path: string, parent: number | undefined, depth: number): Promise<void> {
    if (!isRecord(item)) return void this.problems.push(invalid(`${path}: must be an object`));
    const {type} = item;
    if (!isLayerType(type)) {
      const shown = (JSON.stringify(type) ?? 'nothing').slice(0, 60);
      const message = `${path}.type: ${shown} is not a layer type; allowed are ${layerTypes.join(', ')}`;
      return void this.problems.push(invalid(message));
    }
    const kind = await loadLayerKind(type).catch(() => undefined);
    if (!kind) {
      const message = `${path}: the part of secure-map.js for "${type}" could not be loaded`;
      return void this.problems.push(new SecureMapError('config-unavailable', message, {reason: 'module'}));
    }
    const {schema} = kind;
    const result = v.safeParse(schema, item);
    if (!result.success) {
      this.problems.push(...result.issues.slice(0, 3).map((issue) => problem('invalid-layer', path, issue)));
      return;
    }
    this.problems.push(...strangers(item, schema, path));
    // What the schema of this type lets through is a config of this type.
    const config = result.output as LayerConfig;
    if (config.id !== undefined) {
      if (this.#ids.has(config.id)) {
        const message = `${path}.id: "${config.id.slice(0, 60)}" is used by another layer already`;
        return void this.problems.push(invalid(message));
      }
      this.#ids.add(config.id);
    }
    this.layers.push({config, parent});
    if (config.type === 'group') await this.list(config.layers, `${path}.layers`, this.layers.length - 1, depth + 1);
  }
}

/** Checks a list of layer configs one by one, so that a bad one does not take the others down. */
export const parseLayers = async (value: unknown, root = 'layers'): Promise<ParsedLayers> => {
  const parser = new LayerParser();
  await parser.list(value, root);
  return {layers: parser.layers, problems: parser.problems.slice(0, MOST_PROBLEMS)};
};
