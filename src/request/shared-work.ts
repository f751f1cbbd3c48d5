import {released} from '../credentials/abort.js';

interface Entry {
  readonly done: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
  isDone: boolean;
}

/** Work that several layers of a map need, such as reading the capabilities of their service, done once. */
export class SharedWork {
  readonly #entries = new Map<string, Entry>();

  /** Begins the work, joins it, or has its outcome. It is aborted when nobody waits for it any more. */
  async get<T>(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const entry = this.#entries.get(key) ?? this.#begin(key, work);
    entry.waiting += 1;
    try {
      // One key is always for one kind of work.
      return (await released(entry.done, signal)) as T;
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0 && !entry.isDone) this.#drop(key, entry);
    }
  }

  /** Another visitor, or none: what was read was for the one before. */
  forget(): void {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const {stop} of entries) stop.abort();
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): Entry {
    const stop = new AbortController();
    const entry: Entry = {done: work(stop.signal), stop, waiting: 0, isDone: false};
    this.#entries.set(key, entry);
    entry.done.then(
      () => (entry.isDone = true),
      // What failed is tried again by the next who asks.
      () => this.#drop(key, entry),
    );
    return entry;
  }

  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.stop.abort();
  }
}
