import type {Credential, TokenType} from '../credentials/credential.js';
import {SecureMapError} from '../credentials/errors.js';
import {fromDate, fromLifetime} from '../credentials/expiry.js';
import {readMacKey} from './mac-key.js';

/** `b64token` of RFC 6750 §2.1. Anything else could end the header line or is not a token. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** A token as a source got it from outside: nothing about it is known to be true. */
export interface TokenFields {
  readonly token: unknown;
  readonly type?: unknown;
  /** Seconds. */
  readonly expiresIn?: unknown;
  /** Epoch seconds or milliseconds, a date string or a `Date`. */
  readonly expiresAt?: unknown;
  readonly macKey?: unknown;
  readonly macAlgorithm?: unknown;
}

const invalid = (where: string, what: string): SecureMapError =>
  new SecureMapError('source-invalid', `${where}: ${what}.`);

/** RFC 6749 §7.1: a client must not use a token of a type that it does not know. */
const tokenType = (where: string, type: unknown, wanted: 'Bearer' | 'MAC'): TokenType => {
  if ((type === undefined || type === null) && wanted === 'Bearer') return 'Bearer';
  if (typeof type === 'string' && type.toLowerCase() === wanted.toLowerCase()) return wanted;
  throw invalid(where, `the token type is not "${wanted}", the only one allowed here`);
};

/** Three parts, none empty (RFC 7519 §7.2): worth looking into. */
const JWT = /^[^.]+\.[^.]+\.[^.]+$/;

/** For a token that came without a word on how long it lasts: from its `exp`, when it is a JWT. */
export const withJwtExpiry = async (credential: Credential): Promise<Credential> => {
  const {token, receivedAt, expiresAt} = credential;
  if (expiresAt !== undefined || !JWT.test(token)) return credential;
  // A chunk that does not come is no reason to refuse a token: its end is then for the server to say.
  const reader = await import('../credentials/jwt-expiry.js').catch(() => undefined);
  return {...credential, expiresAt: reader?.fromJwt(token, receivedAt)};
};

/** Checks a token that the page or its back end gave, and reads how long it lasts where that is said beside it. */
export const toCredential = (
  where: string,
  fields: TokenFields,
  receivedAt: number,
  wanted: 'Bearer' | 'MAC' = 'Bearer',
): Credential => {
  const {token, type, expiresIn, expiresAt} = fields;
  if (token === undefined || token === null) throw invalid(where, 'there is no token in the answer');
  if (typeof token !== 'string') throw invalid(where, `the token is of type ${typeof token}, not a string`);
  if (token === '') throw invalid(where, 'the token is empty');
  if (/\s/.test(token)) throw invalid(where, 'the token has a space or line break in it');
  if (!B64TOKEN.test(token)) throw invalid(where, 'the token has characters that RFC 6750 does not allow');
  const known = tokenType(where, type, wanted);
  const mac = known === 'MAC' ? readMacKey(fields.macKey, fields.macAlgorithm) : undefined;
  if (known === 'MAC' && !mac) throw invalid(where, 'there is no MAC key of a known algorithm beside the token');
  return {
    token,
    type: known,
    ...(mac ? {mac} : {}),
    receivedAt,
    expiresAt: fromLifetime(expiresIn ?? undefined, receivedAt) ?? fromDate(expiresAt, receivedAt),
  };
};
