import {retryAfter} from '../credentials/retry-after.js';
import {BrokerError} from './broker-error.js';
import {withDeadline} from './with-deadline.js';

/** Far more than any token answer; a login page of a portal may be longer. */
const LARGEST = 256 * 1024;

export interface AskOptions {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
}

/** A request to a platform for a credential: one answer read to its end, or a `BrokerError`. 4xx is an answer. */
export type Ask = (url: URL | string, init?: RequestInit) => Promise<Response>;

const invalid = (what: string): BrokerError => new BrokerError('platform-invalid', `The platform ${what}.`);

const readAll = async (response: Response): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part; reader && (part = await reader.read()) && !part.done;) {
    size += part.value.length;
    chunks.push(part.value);
    if (size > LARGEST) {
      await reader.cancel();
      throw invalid(`answered with more than ${LARGEST / 1024} KiB`);
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** What cannot stand in a header is quoted by whoever refuses it, and may be a secret: nothing of that error is kept. */
const checkHeaders = ({headers}: RequestInit): void => {
  try {
    new Headers(headers);
  } catch {
    throw new BrokerError('invalid-option', 'The secret has a character that cannot be sent, such as a line break.');
  }
};

/** Statuses without a body by the Fetch standard: a response cannot be made with one. */
const isWithoutBody = (status: number): boolean => status === 204 || status === 205 || status === 304;

/** The network as a broker may use it: no redirects, no waiting for ever, no endless answers. */
export const createAsk = ({fetch, now, timeout}: AskOptions): Ask => {
  const askOnce = async (url: URL | string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    const response = await fetch(String(url), {...init, signal, redirect: 'manual', cache: 'no-store'});
    const {status, headers} = response;
    if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
      await response.body?.cancel();
      throw invalid('answered with a redirect, which is not followed');
    }
    if (status === 429 || status >= 500) {
      await response.body?.cancel();
      throw new BrokerError(
        status === 429 || status === 503 ? 'platform-busy' : 'platform-unreachable',
        `The platform answered with status ${status}.`,
        {retryAfter: retryAfter(response, now())},
      );
    }
    const body = await readAll(response);
    return new Response(isWithoutBody(status) ? null : body, {status, headers});
  };
  const late = (): BrokerError =>
    new BrokerError('platform-timeout', `The platform did not answer within ${timeout / 1000} seconds.`);
  return async (url, init = {}) => {
    checkHeaders(init);
    const signal = init.signal ?? undefined;
    try {
      return await withDeadline((both) => askOnce(url, init, both), {timeout, late, signal});
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      signal?.throwIfAborted();
      throw new BrokerError('platform-unreachable', 'The platform cannot be reached.', {cause: error});
    }
  };
};
