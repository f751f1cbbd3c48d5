import type {Coordinate} from 'ol/coordinate.js';
import type OlMap from 'ol/Map.js';
import type {Pixel} from 'ol/pixel.js';
import {toLonLat} from 'ol/proj.js';
import type {IdentifiedFeature} from '../../layers/around.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerSlot} from '../layer-slot.js';

/** What one layer has at the place. */
export interface FoundInLayer {
  readonly slot: LayerSlot;
  readonly features: readonly IdentifiedFeature[];
  /** The layer could not say. */
  readonly isFailed: boolean;
}

/** What is known of the place that the visitor asked for. */
export interface Found {
  /** In the projection of the view. */
  readonly coordinate: Coordinate;
  readonly layers: readonly FoundInLayer[];
  readonly isLoading: boolean;
}

export interface IdentifyHost {
  readonly map: OlMap;
  /** From the lowest up. */
  readonly slots: () => readonly LayerSlot[];
  readonly onChange: () => void;
  /** `coordinate` is longitude and latitude. */
  readonly onFound: (layerId: string, features: readonly IdentifiedFeature[], coordinate: Coordinate) => void;
  readonly onError: (layerId: string, error: RequestError) => void;
}

/** Whether the layer and the groups that it is in are switched on. */
const isShown = ({visible, parent}: LayerSlot): boolean => visible && (!parent || isShown(parent));

/** Asks the layers that answer clicks what is at a place: the newest question counts. */
export class Identify {
  readonly #host: IdentifyHost;
  #run: AbortController | undefined;
  #found: Found | undefined;
  #asked: readonly LayerSlot[] = [];

  constructor(host: IdentifyHost) {
    this.#host = host;
  }

  /** Without what a layer said that is not on the map any more; nothing once all of them are gone. */
  get found(): Found | undefined {
    const found = this.#found;
    const here = this.#host.slots();
    if (!found || this.#asked.every((slot) => !here.includes(slot))) return undefined;
    return {...found, layers: found.layers.filter(({slot}) => here.includes(slot))};
  }

  clear(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#set(undefined);
  }

  async ask(coordinate: Coordinate, pixel: Pixel): Promise<void> {
    const {map, slots} = this.#host;
    this.clear();
    const asked = slots().filter((slot) => slot.config.identify && slot.handle?.identify && isShown(slot));
    const resolution = map.getView().getResolution();
    if (asked.length === 0 || resolution === undefined) return;
    this.#asked = asked;
    const projection = map.getView().getProjection();
    const {signal} = (this.#run = new AbortController());
    const place = {coordinate, pixel, resolution, projection: projection.getCode()};
    const lonLat = toLonLat(coordinate, projection);
    let layers: readonly FoundInLayer[] = [];
    const one = async (slot: LayerSlot): Promise<void> => {
      const {id, handle} = slot;
      let features: readonly IdentifiedFeature[] | undefined;
      try {
        features = await handle?.identify?.(place, signal);
      } catch (error) {
        if (error instanceof RequestError && !signal.aborted) this.#host.onError(id, error);
      }
      if (signal.aborted) return;
      if (!slots().includes(slot)) return;
      const here = {slot, features: features ?? [], isFailed: !features};
      // As the layers lie on each other, whichever answers first.
      layers = asked.toReversed().flatMap((each) => {
        if (each === slot) return here;
        return layers.find((before) => before.slot === each) ?? [];
      });
      this.#set({coordinate, layers, isLoading: true});
      if (here.features.length > 0) this.#host.onFound(id, here.features, lonLat);
    };
    this.#set({coordinate, layers, isLoading: true});
    await Promise.all(asked.map(one));
    if (!signal.aborted) this.#set({coordinate, layers, isLoading: false});
  }

  #set(found: Found | undefined): void {
    if (found === this.#found) return;
    this.#found = found;
    this.#host.onChange();
  }
}
