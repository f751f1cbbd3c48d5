import type {Request} from './request.js';
import {RequestError} from './request-error.js';

/** No server has answered. */
const isLost = (error: unknown): boolean =>
  error instanceof RequestError
  && error.status === undefined
  && (error.awaitsSignIn || error.kind === 'network' || error.kind === 'cors');

/**
 * A request that was sent before the network came back, or before the visitor had signed in, may find out only
 * afterwards that it got lost: too late for the `retry()` of its layer. It is asked once more for each `retry()` that
 * came meanwhile, as `retries` counts them.
 */
export const askAgain =
  (request: Request, retries: () => number): Request =>
  async (url, options) => {
    for (;;) {
      const before = retries();
      try {
        return await request(url, options);
      } catch (error) {
        if (retries() === before || !isLost(error) || options?.signal?.aborted) throw error;
      }
    }
  };
