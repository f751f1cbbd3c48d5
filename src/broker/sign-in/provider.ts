import * as client from 'openid-client';
import {configure} from './configuration.js';
import type {SignInSettings} from './options.js';
import {ProviderError, toProviderError} from './provider-error.js';

/** Claims for display. */
export type UserClaims = Readonly<Record<string, string>>;

export interface Tokens {
  readonly accessToken: string;
  /** Absent in the answer to a refresh when the old one goes on. */
  readonly refreshToken?: string | undefined;
  /** Milliseconds since 1970; absent when the provider does not say. */
  readonly expiresAt?: number | undefined;
  /** Absent without an id token. */
  readonly user?: UserClaims | undefined;
}

/** What only the browser that began a sign-in can know. */
export interface Secrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The provider, as far as a sign-in has to do with it. Everything it throws is a `ProviderError`. */
export interface Provider {
  /** Where to send the visitor. */
  begin(secrets: Secrets): Promise<URL>;
  /** Takes the query that the visitor came back with, and exchanges the code. */
  finish(query: string, secrets: Secrets): Promise<Tokens>;
  renew(refreshToken: string): Promise<Tokens>;
  /** RFC 7009; does nothing where the provider has no such endpoint. */
  revoke(token: string): Promise<void>;
  /** Where its own session is ended, if it says so. */
  signOutUrl(returnUrl: string, state: string): Promise<URL | undefined>;
}

const SHOWN = ['sub', 'name', 'preferred_username', 'email'] as const;
/** They travel with every request. */
const LONGEST_CLAIM = 200;

const userOf = (claims: Readonly<Record<string, unknown>>): UserClaims =>
  Object.fromEntries(
    SHOWN.flatMap((name) => {
      const value = claims[name];
      return typeof value === 'string' ? [[name, value.slice(0, LONGEST_CLAIM)]] : [];
    }),
  );

/** What can go into a header as it is. */
const isToken = (text: string): boolean => /^[\x21-\x7e]+$/u.test(text);

const toTokens = (answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers, now: number): Tokens => {
  const {access_token: accessToken, refresh_token: refreshToken, expires_in: seconds} = answer;
  if (!isToken(accessToken))
    throw new ProviderError('invalid-answer', 'The access token holds characters that no token has.');
  const claims = answer.claims();
  return {
    accessToken,
    refreshToken,
    expiresAt: seconds === undefined ? undefined : now + seconds * 1000,
    user: claims && userOf(claims),
  };
};

export const createProvider = (settings: SignInSettings): Provider => {
  const {options, base, path, scope, now} = settings;
  const callback = new URL(`${path}/callback`, base);
  const resource: Readonly<Record<string, string>> = options.resource === undefined ? {} : {resource: options.resource};
  const isOpenId = options.issuer !== undefined && (scope?.split(' ').includes('openid') ?? false);
  let configuring: Promise<client.Configuration> | undefined;

  /** One discovery for everybody; one that failed is tried again by the next. */
  const configuration = (): Promise<client.Configuration> => {
    configuring ??= configure(settings).catch((error: unknown) => {
      configuring = undefined;
      throw error;
    });
    return configuring;
  };
  const asking = async <T>(ask: (config: client.Configuration) => T | Promise<T>): Promise<T> => {
    try {
      return await ask(await configuration());
    } catch (error) {
      throw toProviderError(error);
    }
  };
  /** The name that is missing from an id token, which many providers keep for their `userinfo`. Nobody's sign-in fails by it. */
  const named = async (config: client.Configuration, tokens: Tokens): Promise<Tokens> => {
    const sub = tokens.user?.['sub'];
    const isWanted = /(?:^| )(?:profile|email)(?: |$)/u.test(scope ?? '');
    if (sub === undefined || !isWanted || tokens.user?.['name'] || !config.serverMetadata().userinfo_endpoint)
      return tokens;
    try {
      return {
        ...tokens,
        user: {...tokens.user, ...userOf(await client.fetchUserInfo(config, tokens.accessToken, sub))},
      };
    } catch {
      return tokens;
    }
  };

  return {
    begin: ({state, nonce, verifier}) =>
      asking(async (config) =>
        client.buildAuthorizationUrl(config, {
          redirect_uri: callback.href,
          state,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          ...(scope === undefined ? {} : {scope}),
          ...(isOpenId ? {nonce} : {}),
          ...resource,
        }),
      ),

    finish: (query, {state, nonce, verifier}) =>
      asking(async (config) => {
        // The address is ours, whatever host a proxy in front has asked for.
        const url = new URL(callback);
        url.search = query;
        // Nobody said what the provider calls itself.
        if (options.endpoints && options.endpoints.issuer === undefined) url.searchParams.delete('iss');
        const checks = {expectedState: state, pkceCodeVerifier: verifier, ...(isOpenId ? {expectedNonce: nonce} : {})};
        const answer = await client.authorizationCodeGrant(config, url, checks, {...resource});
        return named(config, toTokens(answer, now()));
      }),

    renew: (refreshToken) =>
      asking(async (config) => toTokens(await client.refreshTokenGrant(config, refreshToken, {...resource}), now())),

    revoke: (token) =>
      asking(async (config) => {
        if (config.serverMetadata().revocation_endpoint) await client.tokenRevocation(config, token);
      }),

    signOutUrl: (returnUrl, state) =>
      asking((config) =>
        config.serverMetadata().end_session_endpoint
          ? // Without `id_token_hint`: it would put a token and the visitor's name into an address.
            client.buildEndSessionUrl(config, {post_logout_redirect_uri: returnUrl, state})
          : undefined,
      ),
  };
};
