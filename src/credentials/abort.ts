import type {Environment} from './environment.js';

/**
 * Waits for a shared piece of work. The caller's abort releases only that caller: the work, which others wait for too,
 * goes on.
 */
export const released = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    // Attached in any case: the failure of work that nobody waits for any more is nobody's unhandled rejection.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, {once: true});
  });
};

/** Waits by the clock of the environment. Rejects with the signal's reason when that comes first. */
export const pause = (environment: Environment, delay: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = environment.after(delay, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, {once: true});
  });
};
