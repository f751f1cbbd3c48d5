import type {Credential, UserClaims} from '../../credentials/credential.js';
import {fromLifetime} from '../../credentials/expiry.js';
import type {TokenAnswer} from './token-endpoint.js';

/** What the provider gave us and what it takes to renew it. Lives in memory and nowhere else. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  readonly nonce?: string | undefined;
  readonly subject?: string | undefined;
  readonly user?: UserClaims | undefined;
  /** As granted, which may be less than was asked for; a renewal must not ask for more (RFC 6749 §6). */
  readonly scope: string;
}

export interface Granted {
  readonly grant: Grant;
  readonly credential: Credential;
}

/** The access token is the server's: it is never looked into, also not for its expiry (RFC 9068 §6). */
export const toCredential = ({accessToken, expiresIn, receivedAt}: TokenAnswer, user?: UserClaims): Credential => ({
  token: accessToken,
  type: 'Bearer',
  receivedAt,
  expiresAt: fromLifetime(expiresIn, receivedAt),
  user,
});
