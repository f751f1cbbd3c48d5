/** One request as the demo shows it: where the credential went, never the credential. */
export interface LogEntry {
  readonly at: number;
  readonly server: 'page' | 'sign-in' | 'map' | 'platform';
  readonly method: string;
  /** Path only: a query can carry codes, states and tokens. For WMS the operation is appended. */
  readonly path: string;
  /** 0 when no answer was given. */
  readonly status: number;
  readonly preflight: boolean;
  /** `secret`: what a back end asks a platform for a token with. */
  readonly credential: 'Bearer' | 'DPoP' | 'none' | 'refused' | 'secret';
  /** The client went away before the answer. */
  readonly aborted: boolean;
}

export type LogListener = (entry: LogEntry) => void;

export interface RequestLog {
  readonly entries: readonly LogEntry[];
  add(entry: LogEntry): void;
  clear(): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: LogListener): () => void;
}

/** Long enough for any test, short enough for a demo left open overnight. */
const LIMIT = 5000;

export function createLog(): RequestLog {
  const entries: LogEntry[] = [];
  const listeners = new Set<LogListener>();
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > LIMIT) entries.shift();
      for (const listener of listeners) listener(entry);
    },
    clear() {
      entries.length = 0;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
