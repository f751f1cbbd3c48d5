import type {Credential} from '../credentials/credential.js';
import type {Environment} from '../credentials/environment.js';
import {isSecureMapError} from '../credentials/errors.js';
import {createReachable} from './reachable.js';
import {RequestError} from './request-error.js';
import {route, type Identity, type Route} from './route.js';
import {send} from './send.js';

export interface AuthorizedFetchOptions {
  readonly environment: Environment;
  /** Read for each request: the page may change them at any time. */
  readonly identities: () => readonly Identity[];
  /** A credential was wanted for an origin that may not have it. Called once per origin. */
  readonly onBlocked: (origin: string, layerId: string | undefined) => void;
}

export interface ExchangeOptions {
  /** `none`, or the id of an identity; otherwise the URL decides. */
  readonly credential?: string | undefined;
  readonly layerId?: string | undefined;
  readonly whileSignedOut: 'fail' | 'wait';
}

export interface Exchange {
  readonly response: Response;
  readonly route: Route['type'];
}

/** One authorized fetch: route → attach → send → replay once after a refusal. Answers come back whatever their status. */
export type AuthorizedFetch = (request: Request, options: ExchangeOptions) => Promise<Exchange>;

/** A server that refuses even a new credential is not asked to prove it again and again. */
const REFUSAL_REMEMBERED = 60_000;

export const createAuthorizedFetch = (options: AuthorizedFetchOptions): AuthorizedFetch => {
  const {environment, identities, onBlocked} = options;
  const reachable = createReachable({fetch: environment.fetch, now: () => environment.now()});
  const blocked = new Set<string>();
  const refusals = new Map<string, number>();

  const explain = async (request: Request, error: unknown): Promise<never> => {
    request.signal.throwIfAborted();
    if (isSecureMapError(error)) throw error;
    const {origin} = new URL(request.url);
    const isThere = await reachable(origin);
    request.signal.throwIfAborted();
    throw isThere
      ? new RequestError(`${origin} answers, but does not let this page read it (CORS), or redirects elsewhere.`, {
          kind: 'cors',
          url: request.url,
          cause: error,
        })
      : new RequestError(`${origin} cannot be reached.`, {kind: 'network', url: request.url, cause: error});
  };

  const sendBare = (request: Request): Promise<Response> =>
    send(new Request(request, {credentials: 'omit'}), environment).catch((error: unknown) => explain(request, error));

  const sendWith = ({transport}: Identity, request: Request, credential: Credential): Promise<Response> => {
    const headers = new Headers(request.headers);
    transport.attach(headers, credential);
    const init: RequestInit = {
      headers,
      credentials: 'omit',
      // A redirect would take custom headers to whatever origin it names.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    };
    return send(new Request(request.clone(), init), environment).catch((error: unknown) => explain(request, error));
  };

  const needCredential = async (request: Request, {session}: Identity, whileSignedOut: 'fail' | 'wait') => {
    const {origin} = new URL(request.url);
    try {
      return await session.credential({origin, signal: request.signal, whileSignedOut});
    } catch (error) {
      request.signal.throwIfAborted();
      if (!isSecureMapError(error)) throw error;
      // A sign-in that came back with a refusal too: the part waits for the next one.
      const signIn = error.code.startsWith('login-') || error.code === 'session-over';
      throw new RequestError(signIn ? 'The visitor has to sign in first.' : error.message, {
        kind: signIn ? 'auth' : 'network',
        url: request.url,
        reason: signIn ? 'sign-in-required' : error.code,
        retryAfter: error.retryAfter,
        cause: error,
      });
    }
  };

  const sendAuthorized = async (request: Request, identity: Identity, whileSignedOut: 'fail' | 'wait') => {
    if (identity.transport.isTaken(request.headers)) {
      return send(new Request(request, {redirect: 'error', credentials: 'omit'}), environment).catch((error: unknown) =>
        explain(request, error),
      );
    }
    const {origin} = new URL(request.url);
    const credential = await needCredential(request, identity, whileSignedOut);
    const response = await sendWith(identity, request, credential);
    if (response.status !== 401) {
      refusals.delete(origin);
      return response;
    }
    if (environment.now() - (refusals.get(origin) ?? -Infinity) < REFUSAL_REMEMBERED) return response;
    const better = await identity.session
      .replace(credential, {origin, signal: request.signal, whileSignedOut})
      .catch((error: unknown) => {
        request.signal.throwIfAborted();
        if (isSecureMapError(error)) return undefined;
        throw error;
      });
    if (!better) {
      // Nobody is signed in any more: the layer asks again after the sign-in, so this is no fault of the layer.
      await response.body?.cancel();
      if (identity.session.state === 'expired' || identity.session.state === 'signed-out') {
        const again = await needCredential(request, identity, whileSignedOut);
        return sendWith(identity, request, again);
      }
      throw new RequestError('The server refused the credential, and no new one could be had.', {
        kind: 'auth',
        status: 401,
        url: request.url,
      });
    }
    await response.body?.cancel();
    const replayed = await sendWith(identity, request, better);
    if (replayed.status === 401) refusals.set(origin, environment.now());
    else refusals.delete(origin);
    return replayed;
  };

  return async (request, {credential, layerId, whileSignedOut}) => {
    const url = new URL(request.url);
    const way = route(url, identities(), credential);
    if (way.type === 'credentialed') {
      return {response: await sendAuthorized(request, way.identity, whileSignedOut), route: way.type};
    }
    if (way.type === 'outside' && !blocked.has(url.origin)) {
      blocked.add(url.origin);
      onBlocked(url.origin, layerId);
    }
    return {response: await sendBare(request), route: way.type};
  };
};
