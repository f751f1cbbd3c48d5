import type Feature from 'ol/Feature.js';
import {containsExtent, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import VectorSource from 'ol/source/Vector.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import type {Loads} from '../loads.js';
import type {FeatureQuery} from './feature-query.js';
import {isInView} from './is-in-view.js';

export interface LoadByExtentOptions {
  /** Where the features come from, for reports. */
  readonly url: string;
  /** `all` at once, or what is in view. */
  readonly strategy: 'all' | 'view';
  readonly load: (query: FeatureQuery) => Promise<void>;
}

interface Part {
  readonly extent: Extent;
  readonly controller: AbortController;
}

/** So many areas take a slow machine three seconds to draw, and that whenever the scale changes. */
export const maxFeatures = 50_000;

/** Of one part. A service that names ever another page, be they empty, would be asked for ever. */
const mostPages = 1_000;

const tooMany = (url: string, strategy: 'all' | 'view'): RequestError =>
  new RequestError(
    strategy === 'view'
      ? 'There are more features here than can be shown at once: zoom in to see all of them.'
      : `There are more than ${maxFeatures.toLocaleString('en')} features: the rest is not shown.`,
    {kind: 'format', url, reason: 'too-many-features'},
  );

/**
 * Features that are loaded part by part, page by page. A part that failed is not asked for again until `retry`; one that
 * has gone out of view is aborted.
 */
export class FeatureParts {
  readonly source: VectorSource;
  readonly #options: LoadByExtentOptions;
  readonly #underWay = new Set<Part>();
  #failed: Extent[] = [];
  /** The scale at which there were more features than can be shown. */
  #fullAt: number | undefined;
  #isFullTold = false;
  /** What features without an id are known by, so that none is there twice where parts overlap. */
  readonly #nameless = new Set<string>();

  constructor(context: Pick<LayerContext, 'request'>, loads: Loads, options: LoadByExtentOptions) {
    this.#options = options;
    this.source = new VectorSource({
      ...(options.strategy === 'view' ? {strategy: (extent, resolution) => this.#wanted(extent, resolution)} : {}),
      loader: async (extent: Extent, resolution: number, projection: Projection) => {
        await this.#load(extent, resolution, projection, context, loads);
        // Added already, each page when it came.
        return [];
      },
    });
  }

  #wanted(extent: Extent, resolution: number): Extent[] {
    // Nearer by, what is in view may be few enough.
    if (this.#fullAt !== undefined && resolution < 0.9 * this.#fullAt) this.#clear();
    return [extent];
  }

  async #load(
    extent: Extent,
    resolution: number,
    projection: Projection,
    context: Pick<LayerContext, 'request'>,
    loads: Loads,
  ): Promise<void> {
    const {load, url, strategy} = this.#options;
    const part: Part = {extent, controller: new AbortController()};
    const {signal} = part.controller;
    // By moving about: what was seen before makes room.
    if (this.#isFull) this.#clear();
    // The larger part has it all.
    for (const other of this.#underWay) if (containsExtent(extent, other.extent)) this.#abort(other);
    this.#failed = this.#failed.filter((other) => !containsExtent(extent, other));
    this.#underWay.add(part);
    const {promise: whole, resolve: end} = Promise.withResolvers<void>();
    let isCounted = false;
    let pages = 0;
    const request: FeatureQuery['request'] = (from, options) => {
      if (!isCounted) void loads.during(signal, () => whole);
      isCounted = true;
      return context.request(from, {...options, signal});
    };
    try {
      await load({
        extent,
        resolution,
        projection,
        signal,
        request,
        add: (page) => {
          pages += 1;
          return !signal.aborted && this.#add(page, resolution, pages < mostPages);
        },
        cutOff: () => (this.#fullAt = signal.aborted ? this.#fullAt : resolution),
        tell: (error) => !signal.aborted && loads.report(error, url),
      });
      if (this.#fullAt !== undefined && !this.#isFullTold && !signal.aborted) {
        this.#isFullTold = true;
        loads.report(tooMany(url, strategy), url);
      }
    } catch (error) {
      // ol would tell of an error; an abort is none.
      if (signal.aborted) return;
      // Not given up yet: ol would ask again in the next frame, and the next.
      this.#failed.push(extent);
      loads.report(error, url);
      throw error;
    } finally {
      this.#underWay.delete(part);
      end();
    }
  }

  get #isFull(): boolean {
    return this.source.getFeatures().length >= maxFeatures;
  }

  #add(page: readonly Feature[], resolution: number, mayGoOn: boolean): boolean {
    const fresh = this.#options.strategy === 'view' ? page.filter((feature) => this.#isNew(feature)) : page;
    const room = maxFeatures - this.source.getFeatures().length;
    this.source.addFeatures(fresh.slice(0, room));
    const isWanted = mayGoOn && fresh.length <= room;
    if (!isWanted) this.#fullAt = resolution;
    return isWanted;
  }

  #isNew(feature: Feature): boolean {
    if (feature.getId() !== undefined) return true;
    const geometry = feature.getGeometry();
    const {[feature.getGeometryName()]: _, ...properties} = feature.getProperties();
    const name = JSON.stringify([geometry?.getExtent(), geometry?.getType(), properties]);
    if (this.#nameless.has(name)) return false;
    this.#nameless.add(name);
    return true;
  }

  #clear(): void {
    this.keepOnly(undefined);
    this.#fullAt = undefined;
    this.#nameless.clear();
    this.source.refresh();
  }

  #abort(part: Part): void {
    this.#underWay.delete(part);
    part.controller.abort();
    // ol takes an extent for loaded as soon as it is asked for.
    this.source.removeLoadedExtent(part.extent);
  }

  /** Aborts what is not in `view`, or everything. */
  keepOnly(view: Extent | undefined, projection?: Projection): void {
    for (const part of this.#underWay)
      if (!view || !projection || !isInView(part.extent, view, projection)) this.#abort(part);
  }

  retry(): void {
    if (this.#failed.length === 0) return;
    for (const extent of this.#failed) this.source.removeLoadedExtent(extent);
    this.#failed = [];
    this.source.changed();
  }

  drop(): void {
    this.#failed = [];
    this.#isFullTold = false;
    this.#clear();
  }

  dispose(): void {
    this.keepOnly(undefined);
    this.source.dispose();
  }
}
