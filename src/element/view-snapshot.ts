import type {ViewState} from './events.js';

/** What is put back after a sign-in by redirect. */
export interface Snapshot extends ViewState {
  /** Which layers were switched on and which off, by id. */
  readonly layers: ReadonlyMap<string, boolean>;
}

const KEY = 'secure-map.view';
const LONGEST = 15 * 60_000;

const keyOf = (element: Element): string => {
  const all = [...document.querySelectorAll(element.localName)];
  return `${KEY}.${location.pathname}.${element.id || all.indexOf(element)}`;
};

/** Storage can be blocked or full. The visitor then starts with the page's own view: a pity, not an error. */
const storage = (): Storage | undefined => {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
};

export const saveSnapshot = (element: Element, snapshot: Snapshot): void => {
  try {
    storage()?.setItem(keyOf(element), JSON.stringify({...snapshot, layers: [...snapshot.layers], at: Date.now()}));
  } catch {
    // Full.
  }
};

const isNumbers = (value: unknown, count: number): value is number[] =>
  Array.isArray(value) && value.length === count && value.every((item) => Number.isFinite(item));

const isChoice = (value: unknown): value is [string, boolean] =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'boolean';

/** The snapshot of this element, once. Whatever else stands under its key is thrown away. */
export const takeSnapshot = (element: Element): Snapshot | undefined => {
  const key = keyOf(element);
  const text = storage()?.getItem(key);
  if (!text) return undefined;
  storage()?.removeItem(key);
  try {
    const {at, center, zoom, rotation, layers}: Record<string, unknown> = JSON.parse(text);
    const isFresh = typeof at === 'number' && Math.abs(Date.now() - at) < LONGEST;
    if (!isFresh || !isNumbers(center, 2) || !isNumbers([zoom, rotation], 2) || !Array.isArray(layers))
      return undefined;
    const [lon = 0, lat = 0] = center;
    return {
      center: [lon, lat],
      zoom: Number(zoom),
      rotation: Number(rotation),
      layers: new Map(layers.filter(isChoice)),
    };
  } catch {
    return undefined;
  }
};
