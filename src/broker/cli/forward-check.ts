import {BrokerError} from '../broker-error.js';
import {secretUrl} from '../check-options.js';
import {digest} from '../digest.js';
import {createExpiring} from '../expiring.js';
import type {Authorize} from '../handler.js';
import type {ForwardCheck} from './visitor-schema.js';

export interface ForwardCheckParts {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const only = (header: string, names: readonly string[] | undefined): string =>
  header
    .split(/;\s*/)
    .filter((pair) => names === undefined || names.includes(pair.split('=', 1)[0]?.trim() ?? ''))
    .join('; ');

/**
 * Asks the site itself whether it knows the visitor: `GET url` with the visitor's cookies and nothing else of the request.
 * 2xx is a yes; 401, 403 and a redirect, which leads to a sign-in, are a no. Anything else is trouble, and no yes.
 *
 * @throws BrokerError `invalid-option`
 */
export const createForwardCheck = (settings: ForwardCheck, {fetch, now}: ForwardCheckParts): Authorize => {
  const {cookies, cacheSeconds, timeout, allowHttp} = settings;
  const url = secretUrl('forward.url', settings.url, allowHttp);
  const known = createExpiring<true>(now);
  const pending = new Map<string, Promise<boolean>>();

  const ask = async (cookie: string): Promise<boolean> => {
    const response = await fetch(url, {
      headers: {cookie, accept: 'application/json'},
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout * 1000),
    }).catch((error: unknown) => {
      throw new BrokerError('platform-unreachable', 'The site cannot be asked about the visitor.', {cause: error});
    });
    await response.body?.cancel();
    const {status} = response;
    if (response.ok) return true;
    if (status === 401 || status === 403 || (status >= 300 && status < 400)) return false;
    throw new BrokerError('platform-invalid', `Asked about the visitor, the site answered ${status}.`);
  };

  return async (request) => {
    const cookie = only(request.headers.get('cookie') ?? '', cookies);
    if (!cookie) return false;
    const visitor = await digest(cookie);
    if (known.get(visitor)) return true;
    // A map asks for twenty tiles at once.
    const running = pending.get(visitor) ?? ask(cookie).finally(() => pending.delete(visitor));
    pending.set(visitor, running);
    const isKnown = await running;
    if (isKnown && cacheSeconds > 0) known.set(visitor, true, cacheSeconds * 1000);
    return isKnown;
  };
};
