import {released} from './abort.js';
import {acquire, type Need} from './acquisition.js';
import {BackOff} from './back-off.js';
import type {Credential, CredentialSource, EndRequest, SignInRequest, UserClaims} from './credential.js';
import type {Environment} from './environment.js';
import {isSecureMapError, SecureMapError} from './errors.js';
import {renewalTime} from './expiry.js';
import {RenewalClock} from './renewal-clock.js';
import type {SessionEvent, SessionListener} from './session-event.js';
import {transition, type AuthFact, type AuthState} from './state.js';

export interface SessionOptions {
  readonly source: CredentialSource;
  readonly environment: Environment;
  /** Milliseconds before the expiry at which to renew; the default follows the lifetime. */
  readonly refreshSkew?: number | undefined;
}

export interface CredentialRequest {
  readonly origin?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** While only the visitor can help: reject with `login-required`, or wait for the sign-in. Default `fail`. */
  readonly whileSignedOut?: 'fail' | 'wait' | undefined;
}

/** Two tries in a row with a lifetime near zero must not become a storm. */
const SHORTEST_CYCLE = 5_000;

const signInNeeded = (): SecureMapError => new SecureMapError('login-required', 'The visitor has to sign in first.');

/**
 * The one owner of a credential: everybody who needs it asks here, so that there is one acquisition at a time, one
 * renewal for any number of refusals, and one state to show. Timers run only while somebody listens.
 */
export class CredentialSession {
  readonly #source: CredentialSource;
  readonly #environment: Environment;
  readonly #skew: number | undefined;
  readonly #backOff: BackOff;
  readonly #clock: RenewalClock;
  readonly #listeners = new Set<SessionListener>();
  #state: AuthState = 'anonymous';
  #credential: Credential | undefined;
  #lastUser: unknown;
  #renewAt: number | undefined;
  /** False once the source said that it has nothing to renew with: then the server decides when the end has come. */
  #renewable = true;
  #needsVisitor = false;
  #askedVisitor = false;
  #flight: Promise<Credential> | undefined;
  #login: Promise<Credential> | undefined;
  /** Ends whatever is under way. Replaced at sign-out, which voids pending answers. */
  #stop = new AbortController();
  #abandonLogin = new AbortController();
  #granted = Promise.withResolvers<void>();

  constructor({source, environment, refreshSkew}: SessionOptions) {
    this.#source = source;
    this.#environment = environment;
    this.#skew = refreshSkew;
    this.#backOff = new BackOff(() => environment.random());
    this.#clock = new RenewalClock(environment, (woken) => this.#check(woken));
  }

  get state(): AuthState {
    return this.#state;
  }

  get user(): UserClaims | undefined {
    return this.#credential?.user;
  }

  get expiresAt(): number | undefined {
    return this.#credential?.expiresAt;
  }

  /** Whether the visitor can sign in here, or only the page can bring a new credential. */
  get canSignIn(): boolean {
    return this.#source.signIn !== undefined;
  }

  /** Shares the session. The answer gives it back; the last one to leave stops the timers, not the session. */
  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    this.#clock.start();
    if (this.#listeners.size === 1) this.#check(false);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#clock.stop();
      // Nobody is left to sign in for: a window that is open is closed, and nothing keeps watching it.
      this.#abandonLogin.abort(new SecureMapError('login-cancelled', 'The map was removed during the sign-in.'));
    };
  }

  /** A credential that is good by all we know. */
  async credential(request: CredentialRequest = {}): Promise<Credential> {
    for (;;) {
      request.signal?.throwIfAborted();
      try {
        return await this.#obtain(request);
      } catch (error) {
        const wait = request.whileSignedOut === 'wait' && isSecureMapError(error) && error.code === 'login-required';
        if (!wait) throw error;
        await released(this.#granted.promise, request.signal);
      }
    }
  }

  /**
   * A better credential than one that a server has refused. A refusal that comes in late, for a token that was replaced
   * meanwhile, costs nothing. `undefined` when there is none to be had: the refusal stands.
   */
  async replace(rejected: Credential, request: CredentialRequest = {}): Promise<Credential | undefined> {
    if (this.#credential?.token !== rejected.token) return this.credential(request);
    const now = this.#environment.now();
    if (!this.#flight && (this.#backOff.isExhausted(now) || now < this.#backOff.notBefore)) return undefined;
    if (!this.#flight) this.#backOff.tried(now);
    return released(this.#acquire({reason: 'unauthorized', rejected, origin: request.origin}), request.signal);
  }

  /** Renews now, whatever the clock says. */
  async refresh(): Promise<void> {
    this.#backOff.clear();
    if (this.#credential) await this.#acquire({reason: 'expiring'});
    else await this.#obtain({});
  }

  /** Asks the visitor; where the page alone can help, asks the page again. One sign-in at a time. */
  login(request: Omit<SignInRequest, 'signal'> & {readonly signal?: AbortSignal | undefined}): Promise<Credential> {
    if (this.#credential && this.#state !== 'expired') return Promise.resolve(this.#credential);
    this.#login ??= this.#signIn(request).finally(() => (this.#login = undefined));
    return this.#login;
  }

  /** A credential that the page brought by itself. Continues what waited. */
  supply(credential: Credential): void {
    this.#grant(credential);
  }

  /** Forgets everything at once, then tells the source to revoke what can be revoked. Never fails. */
  async logout(request: Omit<EndRequest, 'signal'>): Promise<void> {
    this.#stop.abort(signInNeeded());
    this.#stop = new AbortController();
    this.#flight = undefined;
    this.#forget();
    this.#needsVisitor = true;
    this.#clock.setDue(undefined);
    this.#move('left');
    // Called in the same turn: a source may have to open a window, which browsers allow only inside the click.
    await this.#source.end?.({...request, signal: this.#stop.signal}).catch(() => undefined);
  }

  async #signIn({mode, signal}: {readonly mode: SignInRequest['mode']; readonly signal?: AbortSignal | undefined}) {
    const before = this.#state;
    const stop = this.#stop;
    this.#askedVisitor = true;
    try {
      if (!this.#source.signIn) {
        this.#needsVisitor = false;
        return await this.#acquire({reason: 'initial'});
      }
      this.#abandonLogin = new AbortController();
      const signals = [stop.signal, this.#abandonLogin.signal, ...(signal ? [signal] : [])];
      // The window opens in here, in this turn; only then may anybody be told.
      const work = this.#source.signIn({mode, signal: AbortSignal.any(signals)});
      this.#move('asked');
      if (mode === 'redirect') this.#emit({type: 'leaving'});
      const credential = await work;
      stop.signal.throwIfAborted();
      this.#grant(credential);
      return credential;
    } catch (error) {
      // Nothing was gained and nothing lost: the state is again what it was.
      if (this.#state === 'authenticating') this.#setState(before, isSecureMapError(error) ? error.code : undefined);
      throw error;
    }
  }

  async #obtain({origin, signal}: CredentialRequest): Promise<Credential> {
    const held = this.#credential;
    const now = this.#environment.now();
    if (held && (held.expiresAt === undefined || held.expiresAt > now || !this.#renewable)) return held;
    if (!held && this.#needsVisitor) {
      this.#askVisitor(this.#state === 'expired' ? 'expired' : 'initial');
      throw signInNeeded();
    }
    if (!this.#flight && now < this.#backOff.notBefore) {
      throw new SecureMapError('source-unreachable', 'The source of the credential cannot be reached at the moment.', {
        retryAfter: this.#backOff.notBefore - now,
      });
    }
    // With a lifetime near zero the server decides, not our clock: else every request would renew.
    if (held && now - held.receivedAt < SHORTEST_CYCLE) return held;
    return released(this.#acquire({reason: held ? 'expiring' : 'initial', origin}), signal);
  }

  #acquire(need: Need): Promise<Credential> {
    if (this.#flight) return this.#flight;
    const flight = this.#fly(need).finally(() => {
      if (this.#flight === flight) this.#flight = undefined;
    });
    this.#flight = flight;
    return flight;
  }

  async #fly(need: Need): Promise<Credential> {
    const session = this.#stop;
    const stop = new AbortController();
    const onStop = (): void => stop.abort(session.signal.reason);
    session.signal.addEventListener('abort', onStop, {once: true});
    this.#move(this.#credential ? 'renewing' : 'asked');
    try {
      const credential = await acquire(this.#source, this.#environment, need, stop);
      session.signal.throwIfAborted();
      this.#grant(credential);
      return credential;
    } catch (error) {
      if (!session.signal.aborted && isSecureMapError(error)) this.#failed(error, need);
      throw error;
    } finally {
      session.signal.removeEventListener('abort', onStop);
    }
  }

  #grant(credential: Credential): void {
    const renewed = this.#credential !== undefined;
    const user = credential.user?.['sub'];
    const sameUser = user === undefined || this.#lastUser === undefined || user === this.#lastUser;
    this.#lastUser = user ?? this.#lastUser;
    this.#credential = credential;
    this.#renewable = true;
    this.#needsVisitor = false;
    this.#askedVisitor = false;
    this.#backOff.clear();
    const {receivedAt, expiresAt} = credential;
    this.#renewAt =
      expiresAt === undefined
        ? undefined
        : Math.max(
            renewalTime({receivedAt, expiresAt}, {skew: this.#skew, random: () => this.#environment.random()}),
            receivedAt + Math.min(SHORTEST_CYCLE, Math.max(expiresAt - receivedAt, 1000)),
          );
    this.#clock.setDue(this.#renewAt);
    this.#move('granted');
    const {resolve} = this.#granted;
    this.#granted = Promise.withResolvers<void>();
    resolve();
    this.#emit({type: 'granted', renewed, sameUser, expiresAt});
  }

  #failed(error: SecureMapError, {reason}: Need): void {
    if (error.code === 'session-over' || (error.code.startsWith('login-') && reason === 'unauthorized')) {
      const ended = this.#state !== 'expired' && (this.#credential !== undefined || this.#state === 'error');
      this.#forget();
      this.#needsVisitor = true;
      this.#clock.setDue(undefined);
      this.#end(error.reason ?? error.code, ended);
    } else if (error.code.startsWith('login-')) {
      if (this.#credential) {
        this.#renewable = false;
        this.#clock.setDue(this.#credential.expiresAt);
        this.#move('failed');
      } else {
        this.#needsVisitor = true;
        this.#move('needs-visitor', error.reason);
        // A sign-in by redirect that came back with a refusal: the visitor should know before being asked again.
        if (error.code !== 'login-required') this.#emit({type: 'error', error});
        this.#askVisitor(error.code === 'login-required' ? 'initial' : error.code);
      }
    } else {
      this.#backOff.failed(this.#environment.now(), error.retryAfter);
      this.#clock.setDue(this.#backOff.notBefore);
      this.#move('failed', error.code);
      this.#emit({type: 'error', error});
    }
  }

  /** Looks at the clock. Requests look for themselves as well, so none is sent with a token that sleep has killed. */
  #check(woken: boolean): void {
    const now = this.#environment.now();
    // Waking often means that the network is back: trouble of before says nothing any more.
    if (woken) this.#backOff.clear();
    if (this.#flight || now < this.#backOff.notBefore) return;
    const held = this.#credential;
    if (!held) {
      if (this.#state === 'error') this.#acquire({reason: 'initial'}).catch(() => undefined);
    } else if (!this.#renewable) {
      if (held.expiresAt !== undefined && now >= held.expiresAt) this.#end('expired', this.#state !== 'expired');
      else this.#clock.setDue(held.expiresAt);
    } else if (this.#renewAt !== undefined) {
      if (now >= this.#renewAt) this.#acquire({reason: 'expiring'}).catch(() => undefined);
      else this.#clock.setDue(this.#renewAt);
    }
  }

  #end(reason: string, tell: boolean): void {
    this.#move('ended', reason);
    if (tell) this.#emit({type: 'over', reason});
  }

  #askVisitor(reason: string): void {
    if (this.#askedVisitor) return;
    this.#askedVisitor = true;
    this.#emit({type: 'required', reason});
  }

  #forget(): void {
    this.#credential = undefined;
    this.#renewAt = undefined;
    this.#askedVisitor = false;
    this.#backOff.clear();
  }

  #move(fact: AuthFact, reason?: string): void {
    this.#setState(transition(this.#state, fact), reason);
  }

  #setState(state: AuthState, reason?: string): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#emit({type: 'state', state, previous, reason});
  }

  #emit(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
