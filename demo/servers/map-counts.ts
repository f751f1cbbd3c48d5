import type {MapRequestKind} from './map-content.js';

export interface MapCounts {
  /** Without the preflights. */
  requests: number;
  preflights: number;
  ok: number;
  unauthorized: number;
  forbidden: number;
  /** Answers of any other status. */
  otherwise: number;
  /** Requests by what they were for, whatever the answer. */
  byPath: Record<MapRequestKind, number>;
  /** Requests whose client went away before the answer. */
  aborted: number;
}

export function emptyMapCounts(): MapCounts {
  return {
    requests: 0,
    preflights: 0,
    ok: 0,
    unauthorized: 0,
    forbidden: 0,
    otherwise: 0,
    byPath: {config: 0, xyz: 0, wms: 0, geojson: 0, public: 0, other: 0},
    aborted: 0,
  };
}

export function countRequest(counts: MapCounts, kind: MapRequestKind, preflight: boolean): void {
  if (preflight) {
    counts.preflights += 1;
    return;
  }
  counts.requests += 1;
  counts.byPath[kind] += 1;
}

/** Called before the answer is sent, so that a client that has it finds it counted. */
export function countAnswer(counts: MapCounts, status: number): void {
  if (status === 200) counts.ok += 1;
  else if (status === 401) counts.unauthorized += 1;
  else if (status === 403) counts.forbidden += 1;
  else counts.otherwise += 1;
}
