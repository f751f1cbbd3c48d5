import {pause} from '../credentials/abort.js';
import type {Environment} from '../credentials/environment.js';
import {retryAfter} from '../credentials/retry-after.js';
import {reusable} from './reusable.js';

/** Tries of one request on a server that says it is busy (429, 503). */
const TRIES = 3;
/** A server that wants to be left alone for longer gets its wish: the request fails, with the time in the error. */
const LONGEST_WAIT = 30_000;
const DEFAULT_WAIT = 1_000;

/** One try. The request is its own. */
export type Dispatch = (request: Request) => Promise<Response>;

/** Sends a request, and again while the server is busy and says for how long. */
export const send = async (
  request: Request,
  environment: Environment,
  dispatch: Dispatch = environment.fetch,
): Promise<Response> => {
  for (let tries = 1; ; tries += 1) {
    const response = await dispatch(reusable(request));
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || tries === TRIES) return response;
    const wait = retryAfter(response, environment.now()) ?? DEFAULT_WAIT * tries;
    if (wait > LONGEST_WAIT) return response;
    await response.body?.cancel();
    request.signal.throwIfAborted();
    await pause(environment, wait, request.signal);
  }
};
