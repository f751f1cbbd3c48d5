/** A way to put tiles on a map. Those of `secure-map` and their rivals differ in nothing else. */
export interface Way {
  readonly name: string;
  /** The page that shows it: `page/<page>.ts`. */
  readonly page: 'bare' | 'tag' | 'maplibre' | 'eox-map';
  /** Which of the ways of its page. */
  readonly how: 'img' | 'xhr' | 'fetch' | 'direct' | 'bridge';
  /** Whether the tiles come from the origin of the page, or from another site. */
  readonly from: 'page' | 'tiles';
  /** A package that this project does not have, and that the way is left out without. */
  readonly needs?: string;
}

/** What all others are compared with. */
export const base = 'img';
/** The same once more: what it differs by is noise. */
export const control = 'img@control';

export const ways: readonly Way[] = [
  {name: base, page: 'bare', how: 'img', from: 'page'},
  {name: control, page: 'bare', how: 'img', from: 'page'},
  {name: 'xhr', page: 'bare', how: 'xhr', from: 'page'},
  {name: 'fetch', page: 'bare', how: 'fetch', from: 'page'},
  {name: 'secure-map same origin', page: 'tag', how: 'direct', from: 'page'},
  {name: 'secure-map cross origin', page: 'tag', how: 'direct', from: 'tiles'},
  {name: 'secure-map bridge', page: 'tag', how: 'bridge', from: 'tiles'},
  {name: 'maplibre', page: 'maplibre', how: 'fetch', from: 'page', needs: 'maplibre-gl'},
  {name: 'eox-map', page: 'eox-map', how: 'img', from: 'page', needs: '@eox/map'},
];

/** Plain tiles need nobody signed in. */
export const isProtected = ({how}: Way): boolean => how !== 'img';
