import type {UserClaims} from '../credentials/credential.js';

/** About the token and not about the person (RFC 7519 §4.1, OpenID Connect Core §2, Back-Channel Logout §2.4). */
const PROTOCOL = new Set([
  ...['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'typ', 'cnf', 'events'],
  ...['auth_time', 'nonce', 'acr', 'amr', 'azp', 'at_hash', 'c_hash', 's_hash', 'sid', 'session_state', 'sub_jwk'],
]);

/** The claims for display. A provider may put further tokens into an id_token: none of them is for display. */
export const toUserClaims = (claims: Readonly<Record<string, unknown>>): UserClaims =>
  Object.freeze(
    Object.fromEntries(Object.entries(claims).filter(([name]) => !PROTOCOL.has(name) && !/token/i.test(name))),
  );
