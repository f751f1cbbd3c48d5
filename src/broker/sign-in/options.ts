import * as v from 'valibot';
import {isSecure} from '../../credentials/scope.js';
import {callable, checkOptions, invalidOption, text, wholeSeconds} from '../check-options.js';
import {secretsSchema} from '../seal.js';
import type {EndedSessions} from './ended-sessions.js';
import {safePath} from './return-to.js';

/** The endpoints of a provider without discovery: plain OAuth 2.0 (RFC 6749). All https; http on this machine only. */
export interface SignInEndpoints {
  readonly authorization: string | URL;
  readonly token: string | URL;
  /** RFC 7009. Without it a sign-out cannot take back the tokens. */
  readonly revocation?: string | URL | undefined;
  /** OpenID Connect RP-Initiated Logout 1.0. Without it a sign-out leaves the provider's session alone. */
  readonly endSession?: string | URL | undefined;
  /** What the provider calls itself in its answers (RFC 9207). Answers that name another one, or none, are refused then. */
  readonly issuer?: string | undefined;
}

export interface SignInOptions {
  /** Of an OpenID Connect provider. Its discovery document (`/.well-known/openid-configuration`) is read when first needed. */
  readonly issuer?: string | URL | undefined;
  /** In place of `issuer`. */
  readonly endpoints?: SignInEndpoints | undefined;
  readonly clientId: string;
  /** Without it the client is a public one, which only PKCE protects (RFC 7636). */
  readonly clientSecret?: string | undefined;
  /** How the secret travels (RFC 6749 §2.3.1). Default `basic`. */
  readonly clientAuthentication?: 'basic' | 'post' | undefined;
  /** Default `openid profile` with `issuer`, none with `endpoints`. Refresh tokens of some providers need `offline_access`. */
  readonly scope?: string | undefined;
  /** RFC 8707: the API that the token is for; sent with every request for a token. */
  readonly resource?: string | undefined;
  /**
   * Encrypts the cookies: a random string of at least 32 characters, the same for every instance. Of several the first
   * encrypts and all decrypt: to change it, put the new one first and drop the old one after `sessionSeconds`.
   */
  readonly cookieSecret: string | readonly string[];
  /**
   * The address of this handler as the browser sees it, such as `https://maps.example/bff`; the routes are below its path.
   * It must be of the page's own origin. https; http on this machine only.
   */
  readonly baseUrl: string | URL;
  /** Where visitors go who come without a `returnTo`: a path of the same origin. Default `/`. */
  readonly returnTo?: string | undefined;
  /** The longest that a session lasts, in seconds. Default 28 800 (eight hours). */
  readonly sessionSeconds?: number | undefined;
  /** A session ends when `/session` is not asked for so many seconds. Default 1 800 (half an hour). */
  readonly idleSeconds?: number | undefined;
  /** Whether a visit of `/logout` goes on to the provider's sign-out, where it has one. Default true. */
  readonly endProviderSession?: boolean | undefined;
  /** Which sessions were signed out before their end. In memory by default, which is right for one instance. */
  readonly endedSessions?: EndedSessions | undefined;
  /** Told what went wrong, for a log; visitors are told far less. What it is given never holds a secret. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Seconds that one request to the provider may take. Default 10. */
  readonly timeout?: number | undefined;
  /** The network, for a runtime with an agent or a certificate authority of its own. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The options with every default filled in, and checked. */
export interface SignInSettings {
  readonly options: SignInOptions;
  readonly base: URL;
  /** The path of `base` without a slash at its end: before every route. */
  readonly path: string;
  readonly secrets: readonly string[];
  readonly returnTo: string;
  readonly sessionSeconds: number;
  readonly idleSeconds: number;
  readonly timeout: number;
  readonly scope: string | undefined;
  readonly report: (error: unknown) => void;
  readonly now: () => number;
}

/** http on this machine only: no `__Host-` cookie is taken over it, and the libraries refuse it for requests. */
export const isLoopback = (url: URL): boolean => url.protocol === 'http:' && isSecure(url);

const url = v.pipe(
  v.union([v.string(), v.instance(URL)], 'must be a URL'),
  v.transform(String),
  v.check((value) => {
    const parsed = URL.parse(value);
    return parsed !== null && isSecure(parsed) && !parsed.username && !parsed.password;
  }, 'must be an https URL (http on this machine only) without a user name or password'),
);

const schema = v.strictObject({
  issuer: v.optional(url),
  endpoints: v.optional(
    v.strictObject({
      authorization: url,
      token: url,
      revocation: v.optional(url),
      endSession: v.optional(url),
      issuer: v.optional(text),
    }),
  ),
  clientId: text,
  clientSecret: v.optional(text),
  clientAuthentication: v.optional(v.picklist(['basic', 'post'], 'must be "basic" or "post"')),
  scope: v.optional(text),
  resource: v.optional(text),
  cookieSecret: secretsSchema,
  baseUrl: url,
  returnTo: v.optional(text, '/'),
  sessionSeconds: v.optional(wholeSeconds, 28_800),
  idleSeconds: v.optional(wholeSeconds, 1_800),
  endProviderSession: v.optional(v.boolean('must be true or false')),
  endedSessions: v.optional(
    v.looseObject({add: callable, has: callable}, 'must be an object with the functions "add" and "has"'),
  ),
  onError: v.optional(callable),
  timeout: v.optional(wholeSeconds, 10),
  fetch: v.optional(callable),
  now: v.optional(callable),
});

/** @throws BrokerError `invalid-option`, which names the option. */
export const settingsOf = (options: SignInOptions): SignInSettings => {
  const checked = checkOptions(schema, options);
  const {issuer, endpoints, baseUrl, sessionSeconds, idleSeconds, timeout, cookieSecret} = checked;
  if ((issuer === undefined) === (endpoints === undefined)) {
    throw invalidOption('issuer', 'must be given, or "endpoints", and not both');
  }
  const base = new URL(baseUrl);
  if (base.search || base.hash) throw invalidOption('baseUrl', 'must have neither a query nor a fragment');
  const path = base.pathname.replace(/\/+$/u, '');
  const returnTo = safePath(checked.returnTo, base, path);
  if (returnTo === undefined) throw invalidOption('returnTo', 'must be a path of the origin of "baseUrl"');
  return {
    options,
    base,
    path,
    secrets: cookieSecret,
    returnTo,
    sessionSeconds,
    idleSeconds,
    timeout,
    scope: checked.scope ?? (issuer === undefined ? undefined : 'openid profile'),
    report: options.onError ?? ((): void => undefined),
    now: options.now ?? Date.now,
  };
};
