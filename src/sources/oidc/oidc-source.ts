import type {
  AcquireRequest,
  CredentialSource,
  EndRequest,
  Issued,
  SignInRequest,
} from '../../credentials/credential.js';
import {released} from '../../credentials/abort.js';
import type {Environment} from '../../credentials/environment.js';
import {isSecureMapError, SecureMapError} from '../../credentials/errors.js';
import {takeAnswer, takePopupAnswer} from './answer.js';
import {LazyDpop} from './lazy-dpop.js';
import {readGrant, toIssued, type OidcGrant, type Granted} from './grant.js';
import {handOver} from '../window/hand-over.js';
import {checkOptions, type OidcOptions, type OidcSettings} from './options.js';
import {storageOf, type Page, type Popup} from '../window/page.js';
import {closePopup} from '../window/close-popup.js';
import {openPopup, popupIfAllowed} from '../window/open-popup.js';
import {asRenewalError} from './renewal-error.js';
import type * as parts from './open-engine.js';
import type {TokenResponse} from './token-endpoint.js';
import {moduleError} from '../module-error.js';
import {loginCancelled} from '../window/cancelled.js';

export type {OidcOptions} from './options.js';
export type {Page, Popup} from '../window/page.js';

const nothingToRenew = (): SecureMapError =>
  new SecureMapError('session-over', 'There is nothing to renew the credential with.', {reason: 'no-refresh-token'});
const loginRequired = (): SecureMapError => new SecureMapError('login-required', 'The visitor has to sign in first.');

/** Everything that is only needed once somebody signs in or renews. */
type Loaded = Omit<typeof parts, 'Engine'> & {readonly engine: parts.Engine};

/** OpenID Connect, authorization code with PKCE, by popup or redirect. The session keeps what is issued. */
class OidcSource implements CredentialSource {
  readonly #settings: OidcSettings;
  readonly #environment: Environment;
  readonly #page: Page;
  readonly prover: LazyDpop;
  #loaded: Promise<Loaded> | undefined;
  /** An answer that came with this page. Used once. */
  #waiting: URLSearchParams | undefined;
  /** A renewal that came in and could not be verified yet; its refresh token has replaced the one it was asked with. */
  #unverified: {readonly askedWith: string; readonly answer: TokenResponse} | undefined;
  /** Replaced at sign-out, so that what was under way by then changes nothing any more. */
  #era = new AbortController();

  constructor(settings: OidcSettings, environment: Environment, page: Page) {
    this.#settings = settings;
    this.#environment = environment;
    this.#page = page;
    this.prover = new LazyDpop(settings, environment);
    // Here and not when the credential is first asked for: nothing may be loaded while the address holds a code.
    const forOpener = takePopupAnswer(page, settings);
    if (forOpener) handOver(page, forOpener);
    else this.#waiting = takeAnswer(page, settings, environment.now());
  }

  get isResuming(): boolean {
    return this.#waiting !== undefined;
  }

  async acquire({reason, grant: kept, signal}: AcquireRequest): Promise<Issued> {
    signal.throwIfAborted();
    const until = AbortSignal.any([signal, this.#era.signal]);
    const grant = readGrant(kept);
    // Who came back from a sign-in has something newer than what was kept.
    const answer = this.#takeAnswer(grant);
    const storage = storageOf(this.#page);
    if (answer && storage) {
      const {engine, sessionStates} = await this.#load(until);
      return this.#issue(await engine.finish(answer, sessionStates(storage), until), until);
    }
    if (grant) return this.#renew(grant, reason, until);
    throw reason === 'unauthorized' ? nothingToRenew() : loginRequired();
  }

  async signIn({mode, signal}: SignInRequest): Promise<Issued> {
    if (signal.aborted) throw loginCancelled();
    const until = AbortSignal.any([signal, this.#era.signal]);
    try {
      return await (mode === 'popup'
        ? this.#signInByPopup(openPopup(this.#page), until)
        : this.#signInByRedirect(until));
    } catch (error) {
      throw until.aborted ? loginCancelled() : error;
    }
  }

  async end({everywhere, mode, grant: kept, signal}: EndRequest): Promise<void> {
    const grant = readGrant(kept);
    this.#unverified = undefined;
    this.#waiting = undefined;
    this.#era.abort(loginRequired());
    this.#era = new AbortController();
    // What cannot be wiped, offline and with that part never loaded, is of no use without the tokens.
    const wiped = this.prover.wipe().catch(() => undefined);
    // Begun and not awaited: the window must open in the click.
    const revoked = grant && this.#revoke(grant, signal);
    const {provider} = this.#settings;
    const hasPage = everywhere && (!provider || provider.endSessionEndpoint !== undefined);
    const popup = hasPage && mode === 'popup' ? popupIfAllowed(this.#page) : undefined;
    try {
      const loaded = hasPage ? await this.#load(signal) : undefined;
      const url = await loaded?.engine.logoutUrl(grant?.idToken, signal);
      // A redirect ends this page, and with it whatever is still under way.
      if (!popup) await Promise.all([revoked, wiped]);
      const way = {popup, page: this.#page, environment: this.#environment, signal};
      if (loaded && url !== undefined) await loaded.endProviderSession(url, way);
      await revoked;
      await wiped;
    } finally {
      popup?.close();
    }
  }

  async #signInByPopup(popup: Popup, caller: AbortSignal): Promise<Issued> {
    try {
      const {engine, superviseSignIn, memoryStates} = await this.#load(caller);
      const supervised = superviseSignIn(popup, this.#page, this.#environment, caller);
      try {
        const store = memoryStates();
        const {url, state} = await engine.createRequest(store, supervised.signal, true);
        const answer = await supervised.ask(url, state);
        popup.close();
        return this.#issue(await engine.finish(answer, store, caller), caller);
      } finally {
        supervised.end();
      }
    } catch (error) {
      closePopup(popup, this.#environment);
      throw error;
    }
  }

  async #signInByRedirect(caller: AbortSignal): Promise<never> {
    const {engine, asStorageError, leave, redirectStorage, rememberPath, sessionStates} = await this.#load(caller);
    const storage = redirectStorage(this.#page, this.#environment.now());
    const store = sessionStates(storage);
    const {url, state} = await engine.createRequest(store, caller, false).catch((error: unknown) => {
      throw asStorageError(error);
    });
    try {
      rememberPath(this.#page, storage, state, this.#environment.now());
      return await leave(this.#page, url, caller);
    } catch (error) {
      await store.remove(state);
      throw asStorageError(error);
    }
  }

  #takeAnswer(grant: OidcGrant | undefined): URLSearchParams | undefined {
    const answer =
      this.#waiting ?? (grant ? undefined : takeAnswer(this.#page, this.#settings, this.#environment.now()));
    this.#waiting = undefined;
    return answer;
  }

  async #renew(grant: OidcGrant, reason: AcquireRequest['reason'], signal: AbortSignal): Promise<Issued> {
    const {refreshToken} = grant;
    if (refreshToken === undefined || (grant.keyId !== undefined && !(await this.prover.holds(grant)))) {
      throw reason === 'unauthorized' ? nothingToRenew() : loginRequired();
    }
    try {
      const {engine} = await this.#load(signal);
      // Asked once: the refresh token is used up by the answer, whether or not the keys to verify it can be had now.
      if (this.#unverified?.askedWith !== refreshToken) {
        this.#unverified = {askedWith: refreshToken, answer: await engine.requestRenewal(grant, signal)};
      }
      return this.#issue(await engine.acceptRenewal(this.#unverified.answer, grant, signal), signal);
    } catch (error) {
      signal.throwIfAborted();
      const renewalError = asRenewalError(error);
      if (isSecureMapError(renewalError) && renewalError.code === 'session-over') this.#unverified = undefined;
      throw renewalError;
    }
  }

  #issue(granted: Granted, signal: AbortSignal): Issued {
    signal.throwIfAborted();
    this.#unverified = undefined;
    return toIssued(granted);
  }

  /** A provider that cannot revoke must not keep the visitor signed in. */
  async #revoke(grant: OidcGrant, signal: AbortSignal): Promise<void> {
    try {
      const {engine} = await this.#load(signal);
      await engine.revoke(grant, signal);
    } catch {
      // Everything here is forgotten already.
    }
  }

  #load(signal: AbortSignal): Promise<Loaded> {
    this.#loaded ??= import('./open-engine.js').then(
      ({Engine, ...rest}) => ({...rest, engine: new Engine(this.#settings, this.#environment, this.prover)}),
      (cause: unknown) => {
        this.#loaded = undefined;
        throw moduleError('provider-unreachable', cause);
      },
    );
    return released(this.#loaded, signal);
  }
}

/** Throws `invalid-attribute` when the redirect-uri cannot be right. `page` is the window that the map is in. */
export const createOidcSource = (
  options: OidcOptions,
  environment: Environment,
  page: Page = window,
): CredentialSource => new OidcSource(checkOptions(options, page), environment, page);
