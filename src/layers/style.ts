import LayerGroup from 'ol/layer/Group.js';
import * as v from 'valibot';
import {readJson} from '../request/read-json.js';
import {layerFields} from './common-fields.js';
import type {LayerContext, LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl, layerOptions} from './layer-options.js';
import {createLoads} from './loads.js';
import {makeBackground, makePart, partsOf, type MadePart} from './maplibre/parts.js';
import {readSource, type Source} from './maplibre/source.js';
import {Sprite} from './maplibre/sprite.js';
import {configuredStyle, fetchedStyle, type StyleDocument} from './maplibre/style-document.js';
import {describe} from './service/describe.js';
import {url} from './url-fields.js';

const needed = 'either "url" or "style" is required';

const schema = v.variant('type', [
  layerFields('style', {url}, needed),
  layerFields(
    'style',
    {style: v.looseObject({version: v.literal(8, 'must be 8')}, 'must be a MapLibre style')},
    needed,
  ),
]);

/** One layer is loading as long as one of its parts is. */
const together = (context: LayerContext): LayerContext => {
  let underWay = 0;
  return {
    ...context,
    onLoadStart() {
      underWay += 1;
      if (underWay === 1) context.onLoadStart();
    },
    onLoadEnd() {
      underWay -= 1;
      if (underWay === 0) context.onLoadEnd();
    },
  };
};

class StyleParts {
  readonly group: LayerGroup;
  readonly #style: StyleDocument;
  readonly #baseUrl: string;
  readonly #context: LayerContext;
  readonly #sprite: Sprite;
  readonly #loads: ReturnType<typeof createLoads>;
  readonly #sources = new Map<string, Source | undefined>();
  readonly #made = new Map<number, MadePart>();
  #isDisposed = false;
  #isLoading = false;

  constructor(style: StyleDocument, baseUrl: string, context: LayerContext, group: LayerGroup) {
    this.group = group;
    this.#style = style;
    this.#baseUrl = baseUrl;
    this.#context = context;
    this.#loads = createLoads(context);
    this.#sprite = new Sprite(style.sprite, baseUrl, context, this.#loads);
  }

  /** Reads the sources and the icons. A source that fails is told, and takes no other down; none at all rejects. */
  async load(): Promise<void> {
    const parts = partsOf(this.#style);
    const names = new Set(parts.flatMap(({source}) => source ?? []));
    const missing = [...names].filter((name) => !this.#sources.has(name));
    const failures: unknown[] = [];
    await Promise.all([
      this.#sprite.load(),
      ...missing.map(async (name) => {
        try {
          this.#sources.set(name, await readSource(this.#style.sources[name] ?? {}, this.#baseUrl, this.#context));
        } catch (error) {
          failures.push(error);
        }
      }),
    ]);
    if (failures.length > 0 && failures.length === names.size) {
      for (const other of failures.slice(1)) this.#loads.report(other, this.#baseUrl);
      throw failures[0];
    }
    for (const error of failures) this.#loads.report(error, this.#baseUrl);
    await this.#make();
  }

  async #make(): Promise<void> {
    const parts = partsOf(this.#style);
    for (const [i, part] of parts.entries()) {
      const source = part.source === undefined ? undefined : this.#sources.get(part.source);
      if (this.#made.has(i) || this.#isDisposed) continue;
      const made = source
        ? await makePart(part, source, this.#style, this.#sprite, this.#context)
        : part.source === undefined && makeBackground(part);
      if (!made) continue;
      if (this.#isDisposed) made.dispose();
      else this.#made.set(i, made);
    }
    const layers = [...this.#made].sort(([a], [b]) => a - b).map(([, {layer}]) => layer);
    const collection = this.group.getLayers();
    for (const [i, layer] of layers.entries()) if (collection.item(i) !== layer) collection.insertAt(i, layer);
  }

  get attribution(): string | undefined {
    const said = [...this.#sources.values()].flatMap((source) => source?.attribution ?? []);
    return said.length > 0 ? [...new Set(said)].join(' ') : undefined;
  }

  get parts(): readonly MadePart[] {
    return [...this.#made.values()];
  }

  retry(): void {
    for (const part of this.parts) part.retry();
    const hasMissing = partsOf(this.#style).some(({source}) => source !== undefined && !this.#sources.has(source));
    if (hasMissing || this.#sprite.hasFailed) void this.#again();
  }

  async #again(): Promise<void> {
    // Two at once would make each part twice, and leave one of both on the map.
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      await this.load();
      for (const {look} of this.parts) look?.();
    } catch (error) {
      this.#loads.report(error, this.#baseUrl);
    } finally {
      this.#isLoading = false;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#sprite.dispose();
    for (const part of this.parts) part.dispose();
  }
}

/** A MapLibre style: its sources, drawn as its layers say. Each of them is asked with the credential of its scope. */
export const style: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    const own = together(context);
    let baseUrl = context.baseUrl;
    let document: StyleDocument;
    if ('url' in config) {
      baseUrl = absoluteUrl(config.url, context.baseUrl).href;
      document = fetchedStyle(await describe(own, baseUrl, 'style', readJson), baseUrl);
    } else {
      document = configuredStyle(config.style);
    }
    const group = new LayerGroup(layerOptions(config));
    const parts = new StyleParts(document, baseUrl, own, group);
    try {
      await parts.load();
    } catch (error) {
      parts.dispose();
      throw error;
    }
    return {
      layer: group,
      isPersonal: true,
      attribution: parts.attribution,
      retry: () => parts.retry(),
      reset() {
        for (const part of parts.parts) part.reset();
      },
      dispose() {
        parts.dispose();
        group.dispose();
      },
      async identify(place, signal) {
        const found = await Promise.all(
          parts.parts.toReversed().flatMap((part) => part.identify?.(place, signal) ?? []),
        );
        return found.flat();
      },
    };
  },
};
