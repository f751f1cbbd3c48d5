import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import {retryAfter} from '../../credentials/retry-after.js';

const TIMEOUT = 15_000;

export interface HttpAnswer {
  readonly status: number;
  readonly ok: boolean;
  /** `undefined` when the body is neither JSON nor, where one was posted, a form. */
  readonly json: unknown;
  readonly headers: Headers;
  /** When the answer was made, as well as we can know: half the round trip before it came. */
  readonly receivedAt: number;
}

export interface HttpRequest {
  readonly url: string;
  /** Present: a form that is posted. */
  readonly form?: Readonly<Record<string, string | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Told of every answer, also of one that is no use. */
  readonly onAnswer?: ((headers: Headers) => void) | undefined;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
  /** For people: what could not be reached. */
  readonly what: string;
}

const parse = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};

/** RFC 6749 §5.1 wants JSON. Some answer with a form, by its own type or as plain text; a page of HTML is none. */
const parseForm = (text: string, {headers}: Response): unknown => {
  if (!/^(application\/x-www-form-urlencoded|text\/plain)\s*(;|$)/i.test(headers.get('content-type') ?? ''))
    return undefined;
  return /^\w+=/.test(text) ? Object.fromEntries(new URLSearchParams(text.trim())) : undefined;
};

const toInit = ({form, headers, keepalive = false}: HttpRequest): RequestInit => {
  const pairs = Object.entries(form ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return {
    ...(form ? {method: 'POST', body: new URLSearchParams(pairs)} : {}),
    keepalive,
    headers: {accept: 'application/json', ...headers},
    // The provider's cookies are for its own pages; a code or refresh token must not be carried on by a redirect; and
    // the address of our page is nobody's business.
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
  };
};

const unreachable = (what: string, options: {cause?: unknown; reason?: string; retryAfter?: number | undefined}) =>
  new SecureMapError('provider-unreachable', `${what} of the sign-in provider cannot be reached.`, options);

const checked = (response: Response, what: string, now: number): void => {
  if (response.type === 'opaqueredirect') {
    throw new SecureMapError('provider-invalid', `${what} of the sign-in provider redirects.`, {reason: 'redirect'});
  }
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    throw unreachable(what, {reason: `http-${response.status}`, retryAfter: retryAfter(response, now)});
  }
};

/**
 * One request to the provider. oidc-client-ts would use the global `fetch`, follow redirects, put answers into error
 * messages and drop `Retry-After`, with no way in; so every request of the sign-in goes through here instead.
 */
export const ask = async (request: HttpRequest, environment: Environment, signal: AbortSignal): Promise<HttpAnswer> => {
  signal.throwIfAborted();
  const timeout = new AbortController();
  const cancel = environment.after(TIMEOUT, () => timeout.abort());
  const sentAt = environment.now();
  // The browser's own `fetch` must not be called as a method of something else.
  const {fetch} = environment;
  try {
    const response = await fetch(request.url, {
      ...toInit(request),
      signal: AbortSignal.any([signal, timeout.signal]),
    });
    const answeredAt = environment.now();
    const {headers, ok, status} = response;
    request.onAnswer?.(headers);
    checked(response, request.what, answeredAt);
    const text = await response.text();
    const json = parse(text) ?? (request.form ? parseForm(text, response) : undefined);
    return {status, ok, json, headers, receivedAt: answeredAt - (answeredAt - sentAt) / 2};
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SecureMapError) throw error;
    throw unreachable(request.what, timeout.signal.aborted ? {reason: 'timeout'} : {reason: 'network', cause: error});
  } finally {
    cancel();
  }
};
