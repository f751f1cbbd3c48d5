import {randomBytes} from 'node:crypto';
import type {JWK} from 'jose';
import type {Configuration, KoaContextWithOIDC} from 'oidc-provider';
import {findAccount, rolesOf, SITE_CLIENT} from './accounts.js';
import type {DpopMode} from './dpop.js';
import {renderFailure, renderLogout, renderSignedOut, signInHeaders} from './login-page.js';
import type {SignInStore} from './sign-in-store.js';

export interface SignInConfig {
  readonly pageOrigin: string;
  readonly mapOrigin: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly siteSecret: string;
  readonly signingKey: JWK;
  readonly store: SignInStore;
  /** Written into every access token, so that "expire the tokens of now" is exact within a second. */
  readonly generation: () => number;
  readonly dpop: DpopMode;
  readonly InvalidTarget: new () => Error;
}

/** Where a sign-in or sign-out may come back to: `callback.html`, or a page itself. */
const REDIRECT_PATHS = ['/callback.html', '/', '/demo/redirect.html', '/demo/redirect-here.html'];

/** What there is to ask for at the map server. */
const MAP_SCOPE = 'maps';

const DAY = 24 * 60 * 60;

export function signInConfiguration(config: SignInConfig): Configuration {
  const {pageOrigin, mapOrigin, accessTokenSeconds, refreshTokenSeconds} = config;
  const html = (ctx: KoaContextWithOIDC, body: string): void => {
    ctx.set(signInHeaders(pageOrigin));
    ctx.body = body;
  };

  return {
    adapter: config.store.adapter,
    jwks: {keys: [config.signingKey]},
    cookies: {keys: [randomBytes(32).toString('base64url')]},
    clients: [
      {
        client_id: 'map-viewer',
        client_name: 'Map viewer',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: REDIRECT_PATHS.map((path) => pageOrigin + path),
        post_logout_redirect_uris: REDIRECT_PATHS.map((path) => pageOrigin + path),
      },
      {
        client_id: SITE_CLIENT,
        client_secret: config.siteSecret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    responseTypes: ['code'],
    pkce: {required: () => true},
    // The viewer asks for no offline_access: its refresh tokens live no longer than the session.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    clientBasedCORS: (_ctx, origin) => origin === pageOrigin,
    claims: {openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email']},
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    features: {
      devInteractions: {enabled: false},
      dPoP: {
        enabled: config.dpop !== 'off',
        ...(config.dpop === 'nonce' ? {nonceSecret: randomBytes(32), requireNonce: () => true} : {}),
      },
      clientCredentials: {enabled: true},
      revocation: {enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId},
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => html(ctx, renderLogout(form)),
        postLogoutSuccessSource: async (ctx) => html(ctx, renderSignedOut()),
      },
      // Every access token is for the map server, whether or not the client names it.
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => mapOrigin,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, resource) => {
          if (resource !== mapOrigin) throw new config.InvalidTarget();
          return {
            // For plain OAuth 2.0: the provider refuses a request without any scope that it knows.
            scope: MAP_SCOPE,
            audience: mapOrigin,
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: {sign: {alg: 'RS256'}},
          };
        },
      },
    },
    formats: {
      customizers: {
        jwt(_ctx, token, {payload}) {
          payload['roles'] = rolesOf('accountId' in token ? token.accountId : SITE_CLIENT);
          payload['generation'] = config.generation();
        },
      },
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: 3600,
      Interaction: 3600,
      Session: 14 * DAY,
      Grant: 14 * DAY,
      // Rotation does not make a refresh token live longer (RFC 10017).
      RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshTokenSeconds,
    },
    interactions: {url: (_ctx, interaction) => `/sign-in/${interaction.uid}`},
    findAccount: async (_ctx, id) => {
      const account = findAccount(id);
      if (account === undefined) return undefined;
      const {name, email} = account;
      return {accountId: id, claims: async () => ({sub: id, name, preferred_username: id, email})};
    },
    // The viewer belongs to whoever runs the sign-in: nobody is asked for consent.
    loadExistingGrant: async (ctx) => {
      const {client, session, provider, params} = ctx.oidc;
      if (client === undefined || session === undefined) return undefined;
      const known = session.grantIdFor(client.clientId);
      const grant =
        (known === undefined ? undefined : await provider.Grant.find(known))
        ?? new provider.Grant({clientId: client.clientId, accountId: String(session.accountId)});
      const scope = params?.['scope'];
      grant.addOIDCScope(typeof scope === 'string' ? scope : 'openid');
      grant.addResourceScope(mapOrigin, MAP_SCOPE);
      await grant.save();
      return grant;
    },
    renderError: async (ctx, out) => {
      const reason = typeof out.error_description === 'string' ? out.error_description : out.error;
      html(ctx, renderFailure(String(reason)));
    },
  };
}
