import {retryAfter} from '../credentials/retry-after.js';
import {refuse} from './answer.js';
import {BrokerError} from './broker-error.js';
import type {ServerCredential} from './handler.js';
import {createLeakGuard} from './leak-guard.js';
import {limitedBody} from './limited-body.js';
import {isExplanation, isHtml, isText} from './media-type.js';
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
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A tile is read whole: passing it on in parts costs more than the wait for its end. */
const SMALL = 128 * 1024;

type Renew = () => Promise<ServerCredential | undefined>;

/** Sends a visitor's request to the upstream, and hands on what a map is made of. */
export type Forward = (request: Request, url: URL, credential: ServerCredential, renew: Renew) => Promise<Response>;

interface Sent {
  readonly response: Response;
  readonly credential: ServerCredential;
  stop(): void;
}

const trouble = (what: string): BrokerError => new BrokerError('platform-invalid', `The upstream ${what}.`);

const unreachable = (cause: unknown): BrokerError =>
  cause instanceof BrokerError
    ? cause
    : new BrokerError('platform-unreachable', 'The upstream cannot be reached, or has broken off.', {cause});

export const createForward = ({fetch, now, attach, timeout, maxBytes, onError}: ForwardOptions): Forward => {
  const late = (): BrokerError =>
    new BrokerError('platform-timeout', `The upstream did not answer within ${timeout / 1000} seconds.`);

  const headersFor = (request: Request, credential: ServerCredential): Headers => {
    const headers = requestHeaders(request);
    try {
      attach(headers, credential);
    } catch {
      // Whoever refuses it quotes it: nothing of that error is kept.
      throw new BrokerError(
        'invalid-option',
        'The credential has a character that cannot be sent, such as a line break.',
      );
    }
    return headers;
  };

  const send = async (request: Request, url: URL, credential: ServerCredential): Promise<Sent> => {
    const headers = headersFor(request, credential);
    const controller = new AbortController();
    const {method, signal: visitor} = request;
    const ask = (signal: AbortSignal): Promise<Response> =>
      fetch(url.href, {method, headers, signal, redirect: 'manual', cache: 'no-store'});
    try {
      const response = await withDeadline(ask, {timeout, late, signal: visitor, controller});
      return {response, credential, stop: () => controller.abort()};
    } catch (error) {
      controller.abort();
      visitor.throwIfAborted();
      throw unreachable(error);
    }
  };

  const handOn = async ({response, credential, stop}: Sent, method: string): Promise<Response> => {
    const {status, body} = response;
    const headers = responseHeaders(response);
    if (status === 304 || status === 204 || method === 'HEAD' || !body) {
      stop();
      return new Response(null, {status, headers});
    }
    const length = Number(headers.get('content-length') ?? Infinity);
    if (length > maxBytes && length < Infinity) {
      stop();
      throw trouble('answers with more than "maxBytes"');
    }
    const guard = isText(response) ? createLeakGuard(credential) : undefined;
    if (length > SMALL) {
      const limits = {largest: maxBytes, silence: timeout, guard, stop, onError};
      return new Response(limitedBody(body, limits), {status, headers});
    }
    try {
      const whole = new Uint8Array(await withDeadline(() => response.arrayBuffer(), {timeout, late}));
      guard?.pass(whole);
      return new Response(whole, {status, headers});
    } catch (error) {
      stop();
      throw unreachable(error);
    }
  };

  /** The platform's trouble is told in neutral words; what is wrong with the request itself, in those of the service. */
  const failure = async (sent: Sent, method: string): Promise<Response> => {
    const {response, stop} = sent;
    const {status} = response;
    if (status === 429 || status === 503) {
      stop();
      throw new BrokerError('platform-busy', `The upstream answered with status ${status}.`, {
        retryAfter: retryAfter(response, now()),
      });
    }
    if (status >= 400 && status < 500 && status !== 401) {
      if (isExplanation(response)) return handOn(sent, method);
      stop();
      return refuse(status, status === 403 ? 'forbidden' : status === 404 ? 'not_found' : 'request_failed');
    }
    stop();
    if (status >= 500) throw new BrokerError('platform-unreachable', `The upstream answered with status ${status}.`);
    if (status === 401) throw new BrokerError('platform-refused', 'The upstream refuses the credential.');
    throw trouble('answered with a redirect, which is not followed');
  };

  return async (request, url, credential, renew) => {
    let sent = await send(request, url, credential);
    if (sent.response.status === 401) {
      const next = await renew();
      // The visitor's own session is over: only a sign-in helps.
      if (!next) {
        sent.stop();
        return refuse(401, 'unauthorized');
      }
      // The one before comes back where it was asked for anew a moment ago: it would be refused again.
      if (next.token !== credential.token) {
        sent.stop();
        sent = await send(request, url, next);
      }
    }
    if (!sent.response.ok && sent.response.status !== 304) return failure(sent, request.method);
    if (isHtml(sent.response)) {
      sent.stop();
      throw trouble('answered with a page (HTML) in place of a part of the map');
    }
    return handOn(sent, request.method);
  };
};
