import type OlMap from 'ol/Map.js';
import {shownOl} from './ol-map.js';

export interface LoadedPage {
  /** Milliseconds from the navigation to the first complete map. */
  readonly at: number;
  readonly isDrawn: boolean;
}

declare global {
  var firstMap: Promise<LoadedPage>;
}

/** Leaves the moment, and whether all is there, for whoever drives the page. */
export const firstComplete = (map: OlMap): void => {
  const shown = shownOl(map, () => undefined);
  globalThis.firstMap = shown.complete().then((at) => ({at, isDrawn: shown.isDrawn()}));
};
