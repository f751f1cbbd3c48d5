import type {Credential} from '../credentials/credential.js';
import type {Environment} from '../credentials/environment.js';
import {isSecureMapError} from '../credentials/errors.js';
import type {Prover} from '../credentials/prover.js';
import {send, type Dispatch} from './send.js';

/** The error that a server names for the scheme `DPoP` (RFC 9449 §7.1), among others that it may take as well. */
const dpopError = (headers: Headers): string | undefined => {
  const challenge = /(?:^|,)\s*DPoP\s+(.*)/i.exec(headers.get('www-authenticate') ?? '')?.[1];
  // Up to the next scheme: its parameters are not ours.
  const own = challenge?.split(/,\s*[\w-]+\s+[\w-]+\s*=/)[0];
  return /(?:^|,)\s*error\s*=\s*"?(\w+)/i.exec(own ?? '')?.[1];
};

export interface ProvenOptions {
  readonly prover: Prover;
  readonly credential: Credential;
  readonly environment: Environment;
  /** Tried first; `undefined` when it did not do it. */
  readonly around?: ((request: Request) => Promise<Response | undefined>) | undefined;
}

/**
 * Sends a request with a proof of its own for every try: a server takes each only once (RFC 9449 §11.1). One more try
 * when the server wants another nonce (§9) or has another time; that says nothing about the token.
 */
export const sendProven = async (
  request: Request,
  {prover, credential, environment, around}: ProvenOptions,
): Promise<Response> => {
  let isWorthATry = false;
  const dispatch: Dispatch = async (proven) => {
    const prove = async (): Promise<Request> => {
      proven.signal.throwIfAborted();
      proven.headers.set('DPoP', await prover.prove(proven, credential));
      return proven;
    };
    const response = (around && (await around(await prove()))) ?? (await environment.fetch(await prove()));
    const {headers, status} = response;
    const error = status === 401 ? dpopError(headers) : undefined;
    isWorthATry = prover.learn({url: proven.url, headers, error});
    return response;
  };
  try {
    const response = await send(request, environment, dispatch);
    if (!isWorthATry) return response;
    await response.body?.cancel();
    return await send(request, environment, dispatch);
  } catch (error) {
    // Without its key the credential is refused everywhere: here it is without asking.
    if (isSecureMapError(error) && error.code === 'session-over') return new Response(null, {status: 401});
    throw error;
  }
};
