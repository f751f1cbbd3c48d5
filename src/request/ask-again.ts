import type {Request} from './request.js';
import {RequestError} from './request-error.js';

/** No server has answered. */
const isLost = (error: unknown): boolean =>
  error instanceof RequestError
  && error.status === undefined
  && (error.awaitsSignIn || error.kind === 'network' || error.kind === 'cors');

/**
 * A request that was sent before the network came back, or before the visitor had signed in, may find out only
 * afterwards that it got lost: too late for the `retry()` of its layer. It is asked once more when there was one meanwhile, by
 * the count of `retries`; `undefined` when nobody wants the layer any more.
 */
export const askAgain =
  (request: Request, retries: () => number | undefined): Request =>
  async (url, options) => {
    for (;;) {
      const before = retries();
      try {
        return await request(url, options);
      } catch (error) {
        const now = retries();
        if (now === undefined || now === before || !isLost(error) || options?.signal?.aborted) throw error;
      }
    }
  };
