import {createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey} from 'jose';
import {released} from '../../credentials/abort.js';
import type {Environment} from '../../credentials/environment.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import {ask} from './http.js';
import type {OidcSettings} from './options.js';
import type {Provider} from './provider.js';

/** Signatures by a key pair only: `none` proves nothing, and for `HS*` a page would have to hold the secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const TOLERANCE = 60;
/**
 * A renewed one comes straight from the token endpoint, for a refresh token that only we hold: that it has ended says
 * that our clock was set since the sign-in, and is no reason to lose the session.
 */
const RENEWAL_TOLERANCE = 24 * 3600 + TOLERANCE;
const KEYS = 'The key set of the sign-in provider';

export interface Expected {
  readonly nonce?: string | undefined;
  /** A renewed id_token may come without the nonce, but never with another (OpenID Connect Core §12.2). */
  readonly needsNonce: boolean;
  readonly subject?: string | undefined;
}

export type IdTokenVerifier = (idToken: string, expected: Expected, signal: AbortSignal) => Promise<JWTPayload>;

const refused = (what: string): SecureMapError =>
  new SecureMapError('login-refused', `The id_token of the sign-in provider is wrong: ${what}.`, {
    reason: `id-token-${what}`,
  });

const CLAIM_WORDS: Readonly<Record<string, string>> = {aud: 'audience', iss: 'issuer', exp: 'expired', sub: 'subject'};

/** None of the causes is kept: errors of jose hold the claims. */
const toError = (error: unknown): SecureMapError => {
  if (isSecureMapError(error)) return error;
  if (error instanceof errors.JWTExpired) return refused('expired');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(CLAIM_WORDS[error.claim] ?? 'claims');
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return refused('algorithm');
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('signature');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused('signature');
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return refused('malformed');
  if (error instanceof errors.JWKSTimeout) {
    return new SecureMapError('provider-unreachable', `${KEYS} cannot be reached.`, {reason: 'timeout'});
  }
  return new SecureMapError('provider-invalid', `${KEYS} cannot be used.`, {reason: 'keys'});
};

/** What jose leaves to us of OpenID Connect Core §3.1.3.7 (4, 5, 11) and §12.2. */
const checkRest = (claims: JWTPayload, clientId: string, {nonce, needsNonce, subject}: Expected): void => {
  const {aud, azp, sub} = claims;
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) throw refused('azp');
  if (azp !== undefined && azp !== clientId) throw refused('azp');
  if ((needsNonce || claims['nonce'] !== undefined) && claims['nonce'] !== nonce) throw refused('nonce');
  if (typeof sub !== 'string' || sub === '') throw refused('subject');
  if (subject !== undefined && sub !== subject) throw refused('subject');
};

const createKeys = (jwksUri: string, environment: Environment): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUri), {
    [customFetch]: async (url, {signal}) => {
      const request = {url, what: 'The key set'};
      const {ok, json} = await ask(request, environment, signal ?? new AbortController().signal);
      if (!ok) throw new SecureMapError('provider-invalid', `${KEYS} cannot be had.`, {reason: 'keys'});
      return Response.json(json ?? null);
    },
  });

export const createIdTokenVerifier = (
  {issuer, jwksUri}: Provider,
  {clientId}: OidcSettings,
  environment: Environment,
): IdTokenVerifier => {
  const keys = jwksUri === undefined ? undefined : createKeys(jwksUri, environment);
  return async (idToken, expected, signal) => {
    if (!keys || issuer === undefined) throw refused('signature');
    try {
      const work = jwtVerify(idToken, keys, {
        issuer,
        audience: clientId,
        algorithms: ALGORITHMS,
        // Without these a token that lacks `exp` would never end.
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: expected.needsNonce ? TOLERANCE : RENEWAL_TOLERANCE,
        currentDate: new Date(environment.now()),
      });
      const {payload} = await released(work, signal);
      checkRest(payload, clientId, expected);
      return payload;
    } catch (error) {
      signal.throwIfAborted();
      throw toError(error);
    }
  };
};
