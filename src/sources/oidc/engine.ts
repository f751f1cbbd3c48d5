import type {StateStore} from 'oidc-client-ts';
import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import type {LazyDpop} from './lazy-dpop.js';
import {createLogoutUrl, createRequest, readAnswer, type AuthorizationRequest} from './authorization.js';
import {toCredential, type OidcGrant, type Granted} from './grant.js';
import {ask, type HttpRequest} from './http.js';
import {createIdTokenVerifier, type IdTokenVerifier} from './id-token.js';
import type {OidcSettings} from './options.js';
import {discover, type Provider} from './provider.js';
import {memoryStates} from './state-store.js';
import {requestToken, type Binding, type TokenResponse} from './token-endpoint.js';
import {toUserClaims} from '../user-claims.js';

interface Partner {
  readonly provider: Provider;
  readonly verify: IdTokenVerifier;
}

/**
 * The protocol: OpenID Connect, authorization code with PKCE. Loaded when first needed, since it brings oidc-client-ts
 * and jose with it. Holds what the provider says about itself, and nothing about the visitor.
 */
export class Engine {
  readonly #settings: OidcSettings;
  readonly #environment: Environment;
  readonly #dpop: LazyDpop;
  #partner: Partner | undefined;

  constructor(settings: OidcSettings, environment: Environment, dpop: LazyDpop) {
    this.#settings = settings;
    this.#environment = environment;
    this.#dpop = dpop;
  }

  /** `stays`: this page takes the answer itself. Otherwise it may only be bound to a key that outlives the page. */
  async createRequest(store: StateStore, signal: AbortSignal, stays: boolean): Promise<AuthorizationRequest> {
    const {provider} = await this.#meet(signal);
    const key = provider.usesDpop ? await this.#dpop.key() : undefined;
    return createRequest(this.#settings, provider, store, stays || key?.isKept ? key?.id : undefined);
  }

  /** From the provider's answer to tokens that are verified. */
  async finish(params: URLSearchParams, store: StateStore, signal: AbortSignal): Promise<Granted> {
    const {provider, verify} = await this.#meet(signal);
    const {form, nonce} = await readAnswer(params, this.#settings, provider, store);
    const answer = await this.#requestToken(provider, form, undefined, signal);
    const {idToken} = answer;
    const isPromised = !this.#settings.provider && this.#settings.scope.split(' ').includes('openid');
    if (idToken === undefined && isPromised) {
      throw new SecureMapError('login-refused', 'The sign-in provider gave no id_token.', {reason: 'id-token-missing'});
    }
    const claims = idToken === undefined ? undefined : await verify(idToken, {nonce, needsNonce: true}, signal);
    const user = claims && toUserClaims(claims);
    const {accessToken, refreshToken, keyId, scope = this.#settings.scope} = answer;
    return {
      credential: toCredential(answer, user),
      grant: {accessToken, refreshToken, idToken, nonce, scope, user, subject: claims?.sub, keyId},
    };
  }

  async requestRenewal({refreshToken, scope, keyId}: OidcGrant, signal: AbortSignal): Promise<TokenResponse> {
    const {provider} = await this.#meet(signal);
    const {clientId, resource} = this.#settings;
    const form = {
      ...{grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId},
      ...{scope: scope || undefined, resource},
    };
    return this.#requestToken(provider, form, keyId, signal);
  }

  /** RFC 6749 §6: what the answer leaves out stays as it was. */
  async acceptRenewal(answer: TokenResponse, before: OidcGrant, signal: AbortSignal): Promise<Granted> {
    const {verify} = await this.#meet(signal);
    const {accessToken, refreshToken = before.refreshToken, idToken = before.idToken, keyId} = answer;
    const {nonce, subject} = before;
    const claims = answer.idToken
      ? await verify(answer.idToken, {nonce, subject, needsNonce: false}, signal)
      : undefined;
    const user = claims ? toUserClaims(claims) : before.user;
    return {
      credential: toCredential(answer, user),
      grant: {...before, accessToken, refreshToken, idToken, user, subject: claims?.sub ?? subject, keyId},
    };
  }

  /** RFC 7009. With the refresh token the provider takes back what was issued with it. */
  async revoke({refreshToken, accessToken}: OidcGrant, signal: AbortSignal): Promise<void> {
    const {provider} = await this.#meet(signal);
    if (!provider.revocationEndpoint) return;
    const form = {
      token: refreshToken ?? accessToken,
      token_type_hint: refreshToken === undefined ? 'access_token' : 'refresh_token',
      client_id: this.#settings.clientId,
    };
    const what = 'The revocation endpoint';
    await ask({url: provider.revocationEndpoint, form, what, keepalive: true}, this.#environment, signal);
  }

  async logoutUrl(idToken: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    const {provider} = await this.#meet(signal);
    return createLogoutUrl(this.#settings, provider, idToken, memoryStates());
  }

  async #requestToken(
    provider: Provider,
    form: Required<HttpRequest>['form'],
    keyId: string | undefined,
    signal: AbortSignal,
  ): Promise<TokenResponse> {
    const {provider: given, tokenType} = this.#settings;
    const binding = await this.#bind(provider, keyId);
    const request = {url: provider.tokenEndpoint, form, binding, tokenType};
    const answer = await requestToken(request, this.#environment, signal);
    // A page that gives the endpoints gives no keys to verify an id_token with: unverified it says nothing.
    return given ? {...answer, idToken: undefined} : answer;
  }

  /** RFC 9449 §5: the refresh token of a public client is bound, so a renewal takes the key that it came with. */
  async #bind({usesDpop}: Provider, keyId?: string): Promise<Binding | undefined> {
    if (!usesDpop) return undefined;
    const isRequired = this.#settings.dpop === 'required';
    return {dpop: this.#dpop, keyId: keyId ?? (await this.#dpop.key()).id, isRequired};
  }

  async #meet(signal: AbortSignal): Promise<Partner> {
    if (!this.#partner) {
      const provider = this.#settings.provider ?? (await discover(this.#settings, this.#environment, signal));
      this.#partner = {provider, verify: createIdTokenVerifier(provider, this.#settings, this.#environment)};
    }
    return this.#partner;
  }
}
