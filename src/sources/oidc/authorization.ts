import {OidcClient, type StateStore} from 'oidc-client-ts';
import {SecureMapError} from '../../credentials/errors.js';
import {only} from '../window/message.js';
import {recordedScope, type OidcSettings} from './options.js';
import type {Provider} from './provider.js';
import {errorCode} from './token-endpoint.js';

/** A request that the visitor is sent to the provider with. */
export interface AuthorizationRequest {
  readonly url: string;
  readonly state: string;
}

/** An answer of the provider that belongs to a request of ours, and what the token endpoint has to be told. */
export interface Authorization {
  readonly form: Readonly<Record<string, string | undefined>>;
  readonly nonce: string | undefined;
}

const randomText = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * oidc-client-ts makes the requests (PKCE S256 always, `state` from `crypto`) and keeps them until they are answered.
 * It is used without its UserManager, which renews by timers of its own, keeps tokens in storage and takes id_tokens
 * unverified (oidc-client-ts#2475), and without its network calls, for the reasons in http.ts.
 */
const createClient = (settings: OidcSettings, provider: Provider, stateStore: StateStore): OidcClient =>
  new OidcClient({
    authority: settings.authority,
    client_id: settings.clientId,
    redirect_uri: settings.redirectUri,
    scope: recordedScope(settings),
    omitScopeWhenRequesting: settings.scope === '',
    response_type: 'code',
    stateStore,
    fetchRequestCredentials: 'omit',
    metadata: {
      issuer: provider.issuer ?? settings.authority,
      authorization_endpoint: provider.authorizationEndpoint,
      ...(provider.endSessionEndpoint ? {end_session_endpoint: provider.endSessionEndpoint} : {}),
    },
  });

export const createRequest = async (
  settings: OidcSettings,
  provider: Provider,
  store: StateStore,
  keyId?: string,
): Promise<AuthorizationRequest> => {
  const {resource} = settings;
  const {url, state} = await createClient(settings, provider, store).createSigninRequest({
    // The library makes none by itself. It comes back in an id_token or not at all.
    ...(settings.provider ? {} : {nonce: randomText()}),
    // RFC 8707 §2: asked for here and again at the token endpoint, where the library would leave it out.
    ...(resource === undefined ? {} : {resource, extraTokenParams: {resource}}),
    // RFC 9449 §10: the code is good only with the key.
    ...(keyId === undefined ? {} : {dpopJkt: keyId}),
  });
  return {url, state: state.id};
};

const refused = (reason: string, message: string): SecureMapError =>
  new SecureMapError('login-refused', message, {reason});

const mismatch = (): SecureMapError => refused('state-mismatch', 'The answer belongs to no sign-in that began here.');

/** RFC 9207 §2.4: an answer of another provider, or one that should say whose it is and does not, ends here. */
const checkIssuer = (params: URLSearchParams, {issuer, namesItself}: Provider): void => {
  if (issuer === undefined) return;
  const named = params.has('iss');
  if (named ? only(params, 'iss') !== issuer : namesItself) {
    throw refused('issuer-mismatch', 'The answer comes from another sign-in provider.');
  }
};

/** Checks an answer before anything is sent anywhere. The request is used up by this, whatever comes out. */
export const readAnswer = async (
  params: URLSearchParams,
  settings: OidcSettings,
  provider: Provider,
  store: StateStore,
): Promise<Authorization> => {
  const state = only(params, 'state');
  if (state === undefined || (await store.get(state)) === null) throw mismatch();
  const client = createClient(settings, provider, store);
  const {state: request} = await client.readSigninResponseState(`?${params.toString()}`, true).catch(() => {
    throw mismatch();
  });
  if (request.id !== state || request.authority !== settings.authority || request.client_id !== settings.clientId) {
    throw mismatch();
  }
  checkIssuer(params, provider);
  if (params.has('error')) {
    const reason = errorCode(only(params, 'error'));
    throw refused(reason, `The sign-in provider refused: ${reason}.`);
  }
  const code = only(params, 'code');
  if (!code) throw refused('code-missing', 'The answer of the sign-in provider has no code.');
  return {
    nonce: request.nonce,
    form: {
      grant_type: 'authorization_code',
      code,
      client_id: settings.clientId,
      redirect_uri: request.redirect_uri,
      code_verifier: request.code_verifier,
      resource: settings.resource,
    },
  };
};

/** OpenID Connect RP-Initiated Logout §2; `undefined` when the provider has no such page. */
export const createLogoutUrl = async (
  settings: OidcSettings,
  provider: Provider,
  idToken: string | undefined,
  store: StateStore,
): Promise<string | undefined> => {
  if (!provider.endSessionEndpoint) return undefined;
  const {url} = await createClient(settings, provider, store).createSignoutRequest({
    client_id: settings.clientId,
    ...(idToken === undefined ? {} : {id_token_hint: idToken}),
    ...(settings.postLogoutRedirectUri === undefined ? {} : {post_logout_redirect_uri: settings.postLogoutRedirectUri}),
  });
  return url;
};
