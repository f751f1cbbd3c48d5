import type {Move, Place} from './page/harness.js';

/** What one page is opened for: some of the figures come from the same page. */
export type Visit = 'views' | 'pan' | 'zoom' | 'expired' | 'load';

export type Scenario = 'first' | 'next' | 'pan' | 'zoom' | 'expired' | 'load';

export const visitOf: Readonly<Record<Scenario, Visit>> = {
  first: 'views',
  next: 'views',
  pan: 'pan',
  zoom: 'zoom',
  expired: 'expired',
  load: 'load',
};

export const scenarios = Object.keys(visitOf) as Scenario[];

export const titles: Readonly<Record<Scenario, string>> = {
  first: 'first view',
  next: 'next view',
  pan: 'pan and zoom',
  zoom: 'fast zoom',
  expired: 'expired token',
  load: 'page load',
};

const ZOOM = 8;

/** So far apart that no two of them have a tile in common. */
const place = (index: number): Place => ({lonLat: [-140 + index * 40, 48.3], zoom: ZOOM});

export const warmUp = place(0);
export const first = place(1);
export const next = [place(2), place(3), place(4)];

/** In screens east and south, and levels. */
export const moves: readonly Move[] = [
  {east: 0.6, south: 0, levels: 0},
  {east: 0, south: 0.6, levels: 0},
  {east: 0, south: 0, levels: 1},
  {east: -0.7, south: 0, levels: 0},
  {east: 0, south: -0.7, levels: 0},
  {east: 0, south: 0, levels: -1},
  {east: 0.6, south: -0.6, levels: 0},
  {east: 0, south: 0, levels: 1},
];
export const MOVE_MS = 250;

export const zoomStart: Place = {lonLat: [100.2, 48.3], zoom: 6};
export const LEVELS = 9;
export const LEVEL_MS = 100;
