import {pause} from './abort.js';
import type {Environment} from './environment.js';

/** A tab that is frozen inside the lock must not stop the others for ever. */
const PATIENCE = 10_000;
/** Without locks, tabs that wake at the same moment are spread over this time. */
const SPREAD = 2_000;

const isAbortOf = (signal: AbortSignal, error: unknown): boolean => signal.aborted && error === signal.reason;

/**
 * Runs `task` in one tab of the browser at a time (Web Locks). Whoever waited too long looks first whether the work was
 * done meanwhile: `task` itself must begin by reading what is kept. Then the lock is stolen, once. Where there are no
 * locks (an old browser, a sandbox), chance spreads the tabs, and `task`'s own claim decides.
 */
export const exclusively = async <T>(
  name: string,
  environment: Environment,
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> => {
  const {locks} = environment;
  if (!locks) {
    await pause(environment, SPREAD * environment.random(), signal);
    return task();
  }
  const patience = new AbortController();
  const cancel = environment.after(PATIENCE, () => patience.abort(new Error('The lock was not had in time.')));
  let work: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    cancel();
    work = task();
    return work;
  };
  try {
    // Only the waiting ends with the signal; what holds the lock has a time of its own.
    return await locks.request(name, {signal: AbortSignal.any([signal, patience.signal])}, begin);
  } catch (error) {
    // A tab that slept inside the lock had it stolen. Its work goes on, and finds out by itself that it is late.
    if (work) return work;
    if (!isAbortOf(patience.signal, error)) throw error;
    return await locks.request(name, {steal: true}, begin);
  } finally {
    cancel();
  }
};
