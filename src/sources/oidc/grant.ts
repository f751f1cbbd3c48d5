import type {Credential, Grant, Issued, UserClaims} from '../../credentials/credential.js';
import {fromLifetime} from '../../credentials/expiry.js';
import {isRecord} from '../../credentials/is-record.js';
import type {TokenResponse} from './token-endpoint.js';

/** What the provider gave us and what it takes to renew it. The session keeps it, in memory unless the page says else. */
export interface OidcGrant {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  readonly nonce?: string | undefined;
  readonly subject?: string | undefined;
  readonly user?: UserClaims | undefined;
  /** The key that the refresh token may be bound to. */
  readonly keyId?: string | undefined;
  /** As granted, which may be less than was asked for; a renewal must not ask for more (RFC 6749 §6). */
  readonly scope: string;
}

export interface Granted {
  readonly grant: OidcGrant;
  readonly credential: Credential;
}

export const toIssued = ({grant, credential}: Granted): Issued => ({...credential, grant: {...grant}});

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/** What the session kept, which may come from a storage that anybody could write to. */
export const readGrant = (kept: Grant | undefined): OidcGrant | undefined => {
  const {accessToken, refreshToken, idToken, nonce, subject, scope, user, keyId} = kept ?? {};
  if (typeof accessToken !== 'string' || typeof scope !== 'string') return undefined;
  if (!isText(refreshToken) || !isText(idToken) || !isText(nonce) || !isText(subject)) return undefined;
  if (!isText(keyId)) return undefined;
  return {accessToken, refreshToken, idToken, nonce, subject, scope, keyId, user: isRecord(user) ? user : undefined};
};

/** The access token is the server's: it is never looked into, also not for its expiry (RFC 9068 §6). */
export const toCredential = (answer: TokenResponse, user?: UserClaims): Credential => ({
  token: answer.accessToken,
  type: answer.type,
  ...(answer.mac ? {mac: answer.mac} : {}),
  ...(answer.type === 'DPoP' ? {keyId: answer.keyId} : {}),
  receivedAt: answer.receivedAt,
  expiresAt: fromLifetime(answer.expiresIn, answer.receivedAt),
  user,
});
