import {pause} from './abort.js';
import type {Environment} from './environment.js';

/** A tab that is frozen inside the lock must not stop the others for ever. */
const PATIENCE = 10_000;
/** Without locks, tabs that wake at the same moment are spread over this time. */
const SPREAD = 2_000;

/** A browser keeps a copy of the storage in each process: the next tab must not read what was there before. */
const SETTLING = 50;

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
  // Apart from the lock, which is held a little longer. A tab that slept inside it has it stolen: its work goes on, and
  // finds out by itself that it is late.
  const {promise, resolve, reject} = Promise.withResolvers<T>();
  let hasBegun = false;
  const begin = async (): Promise<void> => {
    hasBegun = true;
    cancel();
    const work = task();
    resolve(work);
    await work.then(
      () => new Promise<void>((settled) => environment.after(SETTLING, settled)),
      () => undefined,
    );
  };
  // Only the waiting ends with the signal; what holds the lock has a time of its own.
  const wait = (): Promise<unknown> => locks.request(name, {signal: AbortSignal.any([signal, patience.signal])}, begin);
  wait()
    .catch((error: unknown) => {
      // Chromium gives a lock away for nothing when it is granted while the page stands still in `window.open`.
      if (hasBegun || signal.aborted || isAbortOf(patience.signal, error)) throw error;
      return wait();
    })
    .catch((error: unknown) => {
      if (!isAbortOf(patience.signal, error)) throw error;
      return locks.request(name, {steal: true}, begin);
    })
    .catch(reject)
    .finally(cancel);
  return promise;
};
