import type {Request} from './request.js';
import {RequestError} from './request-error.js';

/** No server has answered. */
const isLost = (error: unknown): boolean =>
  error instanceof RequestError
  && error.status === undefined
  && (error.awaitsSignIn || error.kind === 'network' || error.kind === 'cors');

/**
 * What was asked before the network came back, or before the visitor had signed in, may turn out to be lost only
 * afterwards: too late for the `retry()` of its layer. It is asked once more when there was one meanwhile, by the count
 * of `retries`; `undefined` when nobody wants the layer any more.
 */
export const again = async <T>(
  task: () => Promise<T>,
  retries: () => number | undefined,
  signal?: AbortSignal,
): Promise<T> => {
  for (;;) {
    const before = retries();
    try {
      return await task();
    } catch (error) {
      const now = retries();
      if (now === undefined || now === before || !isLost(error) || signal?.aborted) throw error;
    }
  }
};

/** A request that is asked {@link again}. */
export const askAgain =
  (request: Request, retries: () => number | undefined): Request =>
  (url, options) =>
    again(() => request(url, options), retries, options?.signal);
