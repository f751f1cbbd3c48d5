/**
 * The outside world as seen by credentials and sources: a clock, timers, the network and the signs of waking up.
 * Given by the element in a browser, by tests with a clock of their own.
 */
export interface Environment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `task` once after about `delay` milliseconds; the answer cancels it. */
  after(delay: number, task: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
  readonly fetch: typeof fetch;
  /**
   * Calls `task` whenever time may have jumped or the network may be back: the page became visible, came out of the
   * back/forward cache, went online. The answer ends it.
   */
  onWake(task: () => void): () => void;
  /** Calls `task` whenever the visitor does something on the page. The answer ends it. */
  onActivity?(task: () => void): () => void;
  /** Whether the visitor can see the page. */
  isVisible?(): boolean;
  /** Tells the owner of the site, on the console. Never a secret. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Web Locks; absent where the browser has none or the page may not use them. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  /** A storage that outlives the page; absent or `undefined` where it is blocked. */
  readonly storage?: ((kind: 'session' | 'local') => Storage | undefined) | undefined;
  /** Calls `task` when another tab has changed what stands in the local storage, and this tab can see it. The answer ends it. */
  readonly onStored?: ((task: (key: string | null, isGone: boolean) => void) => () => void) | undefined;
  /** IndexedDB, for what no script may read and a `Storage` cannot hold; absent where there is none. */
  readonly databases?: IDBFactory | undefined;
  /** A channel to the other tabs of this origin; absent or `undefined` where there is none. */
  readonly openChannel?: ((name: string) => BroadcastChannel | undefined) | undefined;
}
