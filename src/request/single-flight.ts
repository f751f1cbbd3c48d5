import {released} from '../credentials/abort.js';

interface Flight {
  readonly done: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work that several wait for, done once at a time. It is aborted when nobody waits for it any more. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight & {readonly done: Promise<T>}>();

  async get(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#begin(key, work);
    flight.waiting += 1;
    try {
      return await released(flight.done, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.stop.abort();
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Flight & {readonly done: Promise<T>} {
    const stop = new AbortController();
    const flight = {done: work(stop.signal), stop, waiting: 0};
    this.#flights.set(key, flight);
    return flight;
  }
}
