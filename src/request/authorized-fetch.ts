import {released} from '../credentials/abort.js';
import type {Credential} from '../credentials/credential.js';
import type {Environment} from '../credentials/environment.js';
import {isForVisitor, isSecureMapError, type SecureMapError} from '../credentials/errors.js';
import {createReachable} from './reachable.js';
import {createRefusals, isRefusal} from './refusals.js';
import {RequestError} from './request-error.js';
import {reusable} from './reusable.js';
import {route, type Identity, type Route} from './route.js';
import {send} from './send.js';
import {sendProven} from './send-proven.js';

export interface AuthorizedFetchOptions {
  readonly environment: Environment;
  /** Read for each request: the page may change them at any time. */
  readonly identities: () => readonly Identity[];
  /** A credential was wanted for an origin that may not have it. Called once per origin. */
  readonly onBlocked: (origin: string, layerId: string | undefined) => void;
  /** Tried before a credentialed GET goes out directly. */
  readonly detour?: Detour | undefined;
}

/** Another way to the server that is asked; `undefined` when it has none for this request. `isPart` of a layer. */
export type Detour = (request: Request, isPart: boolean) => Promise<Response | undefined>;

export interface ExchangeOptions {
  /** See `RequestOptions`. */
  readonly isRefused?: ((copy: Response) => Promise<boolean>) | undefined;
  /** `none`, or the id of an identity; otherwise the URL decides. */
  readonly credential?: string | undefined;
  readonly layerId?: string | undefined;
  /** The request was made by {@link credentialed}, and is nobody else's: what is put on it, is put on no copy. */
  readonly isOwn?: boolean | undefined;
  readonly whileSignedOut: 'fail' | 'wait';
}

/** The origin that is asked: read once, since there are many tiles. */
interface WithOrigin {
  readonly origin: string;
}

export interface Exchange {
  readonly response: Response;
  readonly route: Route['type'];
}

/** One authorized fetch: route → attach → send → replay once after a refusal. Answers come back whatever their status. */
export type AuthorizedFetch = (request: Request, options: ExchangeOptions) => Promise<Exchange>;

/** What every request with a credential is sent with. */
export const credentialed: RequestInit = {
  credentials: 'omit',
  // A redirect would take custom headers to whatever origin it names.
  redirect: 'error',
  referrerPolicy: 'no-referrer',
};
/** The defaults of the platform, but for its cookies. */
const bareInit: RequestInit = {credentials: 'omit', redirect: 'follow', referrerPolicy: ''};

const isRefused = async (response: Response, {isRefused: says}: ExchangeOptions): Promise<boolean> =>
  isRefusal(response) || (response.ok && says !== undefined && (await says(response.clone())));

export const createAuthorizedFetch = (options: AuthorizedFetchOptions): AuthorizedFetch => {
  const {environment, identities, onBlocked, detour} = options;
  const reachable = createReachable(environment);
  const refusals = createRefusals(() => environment.now());
  const blocked = new Set<string>();
  const sendBare = (request: Request): Promise<Response> => send(request, environment);

  const failure = (url: string, error: SecureMapError): RequestError => {
    const signIn = isForVisitor(error);
    return new RequestError(signIn ? 'The visitor has to sign in first.' : error.message, {
      kind: signIn || error.code === 'invalid-config' ? 'auth' : 'network',
      url,
      reason: signIn ? 'sign-in-required' : error.code,
      retryAfter: error.retryAfter,
      cause: error,
    });
  };

  const explain = async ({url, signal}: Request, error: unknown): Promise<never> => {
    signal.throwIfAborted();
    if (isSecureMapError(error)) throw failure(url, error);
    const {origin, protocol} = new URL(url);
    const isThere = protocol.startsWith('http') && (await released(reachable(origin), signal));
    throw isThere
      ? new RequestError(`${origin} answers, but does not let this page read it (CORS), or redirects elsewhere.`, {
          kind: 'cors',
          url,
          cause: error,
        })
      : new RequestError(`${origin} cannot be reached.`, {kind: 'network', url, cause: error});
  };

  const sendExplained = (
    request: Request,
    how: (request: Request) => Promise<Response> = sendBare,
  ): Promise<Response> => how(request).catch((error: unknown) => explain(request, error));

  const sendWith = (
    {transport, session}: Identity,
    request: Request,
    credential: Credential,
    {layerId, isOwn}: ExchangeOptions,
  ): Promise<Response> => {
    const {prover} = session;
    const around =
      detour && transport.isHeader && request.method === 'GET'
        ? (own: Request) => detour(own, layerId !== undefined)
        : undefined;
    // Copies are felt, with one for each tile.
    const own = isOwn ? request : new Request(reusable(request), credentialed);
    return sendExplained(own, async (bare) => {
      if (credential.type !== 'DPoP' || !prover) {
        // Anew for every try: a signature is good for one.
        return send(bare, environment, async (sent) => {
          const attached = await transport.attach(sent, credential);
          return (await around?.(attached)) ?? environment.fetch(attached);
        });
      }
      return sendProven(await transport.attach(bare, credential), {prover, credential, environment, around});
    });
  };

  /** `after` a refusal: never the credential of another visitor than the refused one was for. */
  const needCredential = async (
    request: Request,
    {session}: Identity,
    {whileSignedOut, origin}: ExchangeOptions & WithOrigin,
    after?: Credential,
  ) => {
    try {
      return await session.credential({origin, signal: request.signal, whileSignedOut, after});
    } catch (error) {
      request.signal.throwIfAborted();
      throw isSecureMapError(error) ? failure(request.url, error) : error;
    }
  };

  /** A credential to replay with. Rejects when there is none, with what the layer has to know. */
  const betterCredential = async (
    request: Request,
    identity: Identity,
    rejected: Credential,
    exchange: ExchangeOptions & WithOrigin,
  ): Promise<Credential> => {
    const {signal, url} = request;
    const {whileSignedOut, origin} = exchange;
    let cause: unknown;
    try {
      const better = await identity.session.replace(rejected, {origin, signal, whileSignedOut});
      if (better) return better;
    } catch (error) {
      signal.throwIfAborted();
      // Nobody is signed in any more: the layer asks again after the sign-in, so this is no fault of the layer.
      if (isForVisitor(error)) return needCredential(request, identity, exchange, rejected);
      if (!isSecureMapError(error)) throw error;
      cause = error;
    }
    throw new RequestError('The server refused the credential, and no new one could be had.', {
      kind: 'auth',
      status: 401,
      url,
      cause,
      retryAfter: isSecureMapError(cause) ? cause.retryAfter : undefined,
    });
  };

  const sendAuthorized = async (
    request: Request,
    identity: Identity,
    exchange: ExchangeOptions & WithOrigin,
  ): Promise<Response> => {
    if (identity.transport.isTaken(request)) return sendExplained(new Request(request, credentialed));
    const who = `${exchange.origin} ${exchange.layerId ?? ''}`;
    const credential = await needCredential(request, identity, exchange);
    const response = await sendWith(identity, request, credential, exchange);
    const refused = await isRefused(response, exchange);
    if (!refused) refusals.forget(who);
    if (!refused || refusals.has(who, credential)) return response;
    await response.body?.cancel();
    const better = await betterCredential(request, identity, credential, exchange);
    const replayed = await sendWith(identity, request, better, exchange);
    if (await isRefused(replayed, exchange)) refusals.note(who, better);
    else refusals.forget(who);
    return replayed;
  };

  return async (request, exchange) => {
    const url = new URL(request.url);
    const way = route(url, identities(), exchange.credential);
    if (way.type === 'credentialed') {
      const {origin} = url;
      return {response: await sendAuthorized(request, way.identity, {...exchange, origin}), route: way.type};
    }
    if (way.type === 'outside' && !blocked.has(url.origin)) {
      blocked.add(url.origin);
      onBlocked(url.origin, exchange.layerId);
    }
    return {
      response: await sendExplained(new Request(request, exchange.isOwn ? bareInit : {credentials: 'omit'})),
      route: way.type,
    };
  };
};
