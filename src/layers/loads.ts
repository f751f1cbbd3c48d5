import {isAbort} from '../credentials/errors.js';
import {RequestError} from '../request/request-error.js';
import type {LayerContext} from './layer-kind.js';

/** Keeps the books of one layer: what is under way, and which failures are worth telling. */
export interface Loads {
  /** Counts `task` as under way until it settles or `signal` fires, whatever a request does with the signal. */
  during<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** Tells the map of a failure, unless it is an abort or mends itself when the visitor signs in. */
  report(error: unknown, url: string): void;
}

const asRequestError = (error: unknown, url: string): RequestError => {
  if (error instanceof RequestError) return error;
  // `fetch` and reading a body say every trouble on the way as a TypeError.
  const network = error instanceof TypeError;
  return new RequestError(network ? 'There was no answer' : 'The answer could not be used', {
    kind: network ? 'network' : 'format',
    url,
    cause: error,
  });
};

export const createLoads = ({
  onLoadStart,
  onLoadEnd,
  onError,
}: Pick<LayerContext, 'onLoadStart' | 'onLoadEnd' | 'onError'>): Loads => {
  let underWay = 0;
  return {
    async during(signal, task) {
      let open = true;
      const end = (): void => {
        if (!open) return;
        open = false;
        signal.removeEventListener('abort', end);
        underWay -= 1;
        if (underWay === 0) onLoadEnd();
      };
      underWay += 1;
      signal.addEventListener('abort', end);
      if (underWay === 1) onLoadStart();
      try {
        return await task();
      } finally {
        end();
      }
    },
    report(error, url) {
      if (isAbort(error)) return;
      const told = asRequestError(error, url);
      if (!told.awaitsSignIn) onError(told);
    },
  };
};
