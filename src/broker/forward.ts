import {retryAfter} from '../credentials/retry-after.js';
import {BrokerError} from './broker-error.js';
import type {ServerCredential} from './handler.js';
import {refuse} from './answer.js';
import {limitedBody} from './limited-body.js';
import {requestHeaders, responseHeaders} from './proxy-headers.js';
import {withDeadline} from './with-deadline.js';

export interface ForwardOptions {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly attach: (headers: Headers, credential: ServerCredential) => void;
  /** Milliseconds until the answer begins, and between its parts. */
  readonly timeout: number;
  /** Bytes of one answer. */
  readonly maxBytes: number;
}

type Renew = () => Promise<ServerCredential | undefined>;

/** Sends a visitor's request to the upstream, and hands on what a map is made of. */
export type Forward = (request: Request, url: URL, credential: ServerCredential, renew: Renew) => Promise<Response>;

const trouble = (what: string): BrokerError => new BrokerError('platform-invalid', `The upstream ${what}.`);

interface Sent {
  readonly response: Response;
  readonly stop: () => void;
}

export const createForward = ({fetch, now, attach, timeout, maxBytes}: ForwardOptions): Forward => {
  const late = (): BrokerError =>
    new BrokerError('platform-timeout', `The upstream did not answer within ${timeout / 1000} seconds.`);

  const send = async (request: Request, url: URL, credential: ServerCredential): Promise<Sent> => {
    const stopper = new AbortController();
    const headers = requestHeaders(request);
    attach(headers, credential);
    const ask = (signal: AbortSignal): Promise<Response> =>
      fetch(url.href, {
        method: request.method,
        headers,
        signal: AbortSignal.any([stopper.signal, signal]),
        redirect: 'manual',
        cache: 'no-store',
      });
    try {
      const response = await withDeadline(ask, {timeout, late, signal: request.signal});
      return {response, stop: () => stopper.abort()};
    } catch (error) {
      stopper.abort();
      request.signal.throwIfAborted();
      if (error instanceof BrokerError) throw error;
      throw new BrokerError('platform-unreachable', 'The upstream cannot be reached.', {cause: error});
    }
  };

  const handOn = ({response, stop}: Sent, method: string): Response => {
    const {status} = response;
    const headers = responseHeaders(response);
    if (status === 304 || status === 204 || method === 'HEAD' || !response.body) {
      stop();
      return new Response(null, {status, headers});
    }
    if (Number(headers.get('content-length') ?? 0) > maxBytes) throw trouble('answers with more than "maxBytes"');
    return new Response(limitedBody(response.body, {largest: maxBytes, silence: timeout, stop}), {status, headers});
  };

  /** What a visitor is told of a failure: the status where it says something about the request, never the body. */
  const failure = ({response, stop}: Sent): Response => {
    const {status} = response;
    stop();
    if (status === 429 || status === 503) {
      throw new BrokerError('platform-busy', `The upstream answered with status ${status}.`, {
        retryAfter: retryAfter(response, now()),
      });
    }
    if (status >= 500) throw new BrokerError('platform-unreachable', `The upstream answered with status ${status}.`);
    if (status === 401) throw new BrokerError('platform-refused', 'The upstream refuses the credential.');
    if (status < 400) throw trouble('answered with a redirect, which is not followed');
    return refuse(status, status === 403 ? 'forbidden' : status === 404 ? 'not_found' : 'request_failed');
  };

  const isPage = ({headers}: Response): boolean => /\bx?html\b/i.test(headers.get('content-type') ?? '');

  return async (request, url, credential, renew) => {
    let sent = await send(request, url, credential);
    if (sent.response.status === 401) {
      const next = await renew();
      if (!next) {
        // The visitor has none any more, and has to hear it.
        sent.stop();
        return refuse(401, 'unauthorized');
      }
      // The one before comes back where it was asked for anew a moment ago: it would be refused again.
      if (next.token !== credential.token) {
        sent.stop();
        sent = await send(request, url, next);
      }
    }
    const {response, stop} = sent;
    if (!response.ok && response.status !== 304) return failure(sent);
    if (isPage(response)) {
      stop();
      throw trouble('answered with a page (HTML) in place of a part of the map');
    }
    return handOn(sent, request.method);
  };
};
