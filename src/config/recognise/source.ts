import type {Request} from '../../request/request.js';

/** Where a document came from, and how more of its service is asked for. */
export interface Source {
  readonly url: string;
  readonly request: Request;
  readonly signal: AbortSignal;
}

/** What a document of others says, as if it had been written for this map: still to be checked. */
export interface Recognised {
  readonly title?: string | undefined;
  readonly view?: object | undefined;
  readonly layers: readonly object[];
}

/** Of a service with hundreds of layers so many are shown at first; the others wait in the list to be switched on. */
export const shownAtFirst = 3;
