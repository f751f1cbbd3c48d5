import {findBrokerError} from './broker-error.js';

/** What is told in words to a visitor: why a request was not answered, and nothing of what is behind. */
export type AnswerError =
  | 'unauthorized'
  | 'forbidden'
  | 'cross_site'
  | 'not_found'
  | 'bad_path'
  | 'method_not_allowed'
  | 'platform_unavailable'
  | 'server_error'
  | 'request_failed';

/** JSON that no cache keeps and nothing but a script of the same origin reads. */
export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  });

export const refuse = (status: number, error: AnswerError, headers?: Readonly<Record<string, string>>): Response =>
  json(status, {error}, headers);

/**
 * The same words for every trouble with a platform; the status tells whether to come back: 503 with `Retry-After` when it
 * is busy, 504 when it does not answer, 502 for everything else.
 */
export const troubleAnswer = (error: unknown): Response => {
  const known = findBrokerError(error);
  if (!known) return refuse(500, 'server_error');
  const wait = known.retryAfter === undefined ? {} : {'retry-after': String(Math.ceil(known.retryAfter / 1000))};
  if (known.code === 'platform-busy') return refuse(503, 'platform_unavailable', wait);
  return refuse(known.code === 'platform-timeout' ? 504 : 502, 'platform_unavailable', wait);
};
