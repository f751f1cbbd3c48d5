import {decodeJwt} from 'jose/jwt/decode';
import * as v from 'valibot';
import {fromDate} from '../../credentials/expiry.js';
import {BrokerError} from '../broker-error.js';
import {below, text} from '../check-options.js';
import {readRecord, readToken} from '../read-answer.js';
import {nameAndPassword, type NameAndPassword} from './name-and-password.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface OnemapOptions {
  /** "Obtain a JWT token of a user without Admin permission" (Onemap, REST services). */
  readonly secret: NameAndPassword;
  /** Roles whose tokens are not handed out. Default: `["ROLE_ADMIN", "ROLE_SUPER_ADMIN"]`. */
  readonly denyRoles?: readonly string[] | undefined;
  /** User names whose tokens may be handed out. Default: all but `admin`, `administrator` and `root`. */
  readonly allowUsers?: readonly string[] | undefined;
}

const schema = v.strictObject({
  secret: nameAndPassword,
  denyRoles: v.optional(v.array(text, 'must be an array of roles'), ['ROLE_ADMIN', 'ROLE_SUPER_ADMIN']),
  allowUsers: v.optional(v.array(text, 'must be an array of user names')),
});

type Settings = v.InferOutput<typeof schema>;

/** "A key is valid for 2 hours"; the tokens of the same page say one hour and one day. */
const LIFETIME = 2 * 3600 * 1000;
const ADMINISTRATORS = /^(admin|administrator|root)$/i;

const refused = (why: string): BrokerError =>
  new BrokerError('dangerous-credential', `Onemap gave a token that is not handed out: ${why}.`);

/** The claims as they are, which the platform writes as it likes: one of its own samples has `iat` as text. */
const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    return decodeJwt(token);
  } catch {
    throw refused('it is no JWT, so whose it is cannot be told');
  }
};

const check = (
  {username, roles}: Readonly<Record<string, unknown>>,
  {denyRoles, allowUsers, secret}: Settings,
): void => {
  // Assumed: `roles` is what the token library that Onemap seems to use calls them (LexikJWTAuthenticationBundle), and the
  // role above `ROLE_ADMIN` has the name of its framework's own example (Symfony, "Hierarchical Roles").
  const denied = new Set(denyRoles.map((role) => role.toUpperCase()));
  const held = Array.isArray(roles) ? roles : [roles];
  if (held.some((role) => denied.has(String(role).toUpperCase()))) throw refused('its user has one of "denyRoles"');
  // A token that does not say whose it is, is of whom it was asked for.
  const owner: unknown = username ?? secret.username;
  const isAllowed = allowUsers ? allowUsers.includes(String(username)) : !ADMINISTRATORS.test(String(owner));
  if (!isAllowed) throw refused('its user is not one of "allowUsers"');
};

/** A token is as old as its arrival: a clock that differs from ours by hours changes nothing of how long it lasts. */
const expiry = ({exp, iat}: Readonly<Record<string, unknown>>, now: number): number => {
  const expiresAt = fromDate(exp, now);
  const issuedAt = fromDate(iat, now);
  if (expiresAt === undefined) return now + LIFETIME;
  const isSkewed = issuedAt !== undefined && (issuedAt > now || expiresAt <= now);
  return isSkewed ? now + Math.max(0, expiresAt - issuedAt) : expiresAt;
};

/** Onemap: a JWT for a user name and password. It has no way to end one. */
export const onemap: BrokerPlatform<OnemapOptions> = definePlatform({
  schema,
  closed: /^\/(.*\/)?api\/(login_check|token)(\/|$)/,
  create: (settings, {server, ask, now}) => ({
    async obtain({signal}) {
      const response = await ask(below(server, '/api/login_check'), {
        method: 'POST',
        headers: {'content-type': 'application/json', accept: 'application/json'},
        body: JSON.stringify(settings.secret),
        signal,
      });
      const token = readToken(await readRecord(response), 'token');
      const claims = claimsOf(token);
      check(claims, settings);
      return {credential: {token, expiresAt: expiry(claims, now())}};
    },
  }),
});
