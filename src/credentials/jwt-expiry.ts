import {decodeJwt} from 'jose/jwt/decode';
import {fromDate} from './expiry.js';

/** A clock may be wrong by a wrong time zone or day; more than this is not a clock that differs but a wrong `iat`. */
const LARGEST_SKEW = 24 * 3600 * 1000;

/**
 * The `exp` of a JWT that the page handed over without saying how long it lasts. A hint for scheduling and nothing else:
 * a client must not look into the access tokens that it was issued (RFC 9068 §6), so never call this for those.
 * Opaque tokens and JWEs give `undefined`.
 *
 * The issuer's clock and ours may differ. A token that was issued in our future shows by how much ours is behind.
 */
export const fromJwt = (token: string, receivedAt: number): number | undefined => {
  try {
    const {exp, iat} = decodeJwt<Record<'exp' | 'iat', unknown>>(token);
    const expiresAt = fromDate(exp, receivedAt);
    if (expiresAt === undefined) return undefined;
    const issuedAt = fromDate(iat, receivedAt);
    const behind = issuedAt === undefined ? 0 : Math.max(0, issuedAt - receivedAt);
    return behind > LARGEST_SKEW ? expiresAt : expiresAt - behind;
  } catch {
    return undefined;
  }
};
