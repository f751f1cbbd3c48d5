import {released} from './abort.js';
import {isSameCredential} from './credential.js';
import type {Credential, CredentialSource, EndRequest, SignInRequest, UserClaims} from './credential.js';
import {CredentialKeeper} from './credential-keeper.js';
import {isForVisitor, isSecureMapError, toSecureMapError} from './errors.js';
import type {CredentialRequest} from './keeper-options.js';
import type {SessionListener} from './session-event.js';
import type {LoginRequest, SessionOptions} from './session-options.js';
import {SessionStatus} from './session-status.js';
import type {AuthState} from './state.js';
import type {Prover} from './prover.js';
import {bare, type Vault} from './vault.js';
import {VisitorLogin} from './visitor-login.js';
import {openVault} from './open-vault.js';
import {Tabs} from './tabs.js';
import {VisitorNeed} from './visitor-need.js';

export type {LoginRequest, SessionOptions} from './session-options.js';
export type {CredentialRequest} from './keeper-options.js';

/**
 * The one owner of a credential: everybody who needs it asks here, so that there is one acquisition at a time, one
 * renewal for any number of refusals, and one state to show. Timers run only while somebody listens.
 */
export class CredentialSession {
  readonly #source: CredentialSource;
  readonly #status = new SessionStatus();
  readonly #need = new VisitorNeed(this.#status);
  readonly #visitorLogin = new VisitorLogin();
  readonly #keeper: CredentialKeeper;
  readonly #tabs: Tabs | undefined;
  readonly #vault: Vault;
  #ending = new AbortController();
  #neglect: (() => void) | undefined;

  constructor(options: SessionOptions) {
    const {source, environment, name, storage = 'memory'} = options;
    const tab = crypto.randomUUID();
    this.#source = source;
    const onChanged = (): void => this.#keeper.restore();
    const onLeft = (version: number | undefined): void => this.#onLeft(version);
    this.#tabs = name === undefined ? undefined : new Tabs({environment, name, tab, onChanged, onLeft});
    this.#vault = openVault(storage, {environment, name, tab});
    this.#keeper = new CredentialKeeper({
      ...options,
      name: name ?? tab,
      tab,
      tabs: this.#tabs,
      vault: this.#vault,
      status: this.#status,
      need: this.#need,
      isSigningIn: () => this.#visitorLogin.isRunning,
    });
  }

  get state(): AuthState {
    return this.#status.state;
  }

  /** Resolves with the state after this one. */
  get nextState(): Promise<AuthState> {
    return this.#status.next;
  }

  get user(): UserClaims | undefined {
    return this.#keeper.credential?.user;
  }

  /** Another number once what was loaded before may be another visitor's. */
  get era(): number {
    return this.#keeper.visit.era;
  }

  /** What makes a credential of type `DPoP` good for a request. */
  get prover(): Prover | undefined {
    return this.#source.prover;
  }

  get expiresAt(): number | undefined {
    return this.#keeper.credential?.expiresAt;
  }

  /** Whether the visitor can sign in here, or only the page can bring a new credential. */
  get canSignIn(): boolean {
    return this.#source.signIn !== undefined;
  }

  get takesForm(): boolean {
    return this.#source.takesForm ?? false;
  }

  /** Shares the session. The answer gives it back; the last one to leave stops the timers, not the session. */
  subscribe(listener: SessionListener): () => void {
    this.#status.add(listener);
    this.#keeper.clock.start();
    this.#tabs?.open();
    if (this.#status.audience === 1) {
      this.#keeper.restore();
      this.#keeper.check(false);
      this.#neglect = this.#source.attend?.({
        renew: () => this.#renew(),
        warn: (endsAt) => this.#status.tell({type: 'ending', endsAt}),
      });
      // The visitor has just come back from signing in, and need not wait until a request wants it.
      if (this.#source.isResuming) this.#keeper.acquire({reason: 'initial'}).catch(() => undefined);
    }
    return () => {
      this.#status.remove(listener);
      if (this.#status.audience > 0) return;
      this.#need.untold();
      this.#keeper.clock.stop();
      this.#neglect?.();
      this.#tabs?.rest(this.#keeper.isAcquiring || this.#keeper.credential !== undefined);
      // Nobody is left to sign in for: a window that is open is closed, and nothing keeps watching it.
      this.#visitorLogin.cancel('The map was removed during the sign-in.');
    };
  }

  /** A credential that is good by all we know. Never that of a visitor who came after the request was made. */
  async credential(request: CredentialRequest = {}): Promise<Credential> {
    const {visit} = this.#keeper;
    const turn = visit.turnOf(request.after);
    for (;;) {
      request.signal?.throwIfAborted();
      visit.expect(turn);
      try {
        return visit.handOut(await this.#keeper.obtain(request), turn);
      } catch (error) {
        if (request.whileSignedOut !== 'wait' || !isForVisitor(error)) throw error;
        visit.expect(turn);
        await this.#need.whenMet(request.signal);
      }
    }
  }

  /**
   * A better credential than one that a server has refused. A refusal that comes in late, for a token that was replaced
   * meanwhile, costs nothing. `undefined` when there is none to be had: the refusal stands.
   */
  async replace(rejected: Credential, request: CredentialRequest = {}): Promise<Credential | undefined> {
    const {visit} = this.#keeper;
    const turn = visit.turnOf(rejected);
    visit.handOut(rejected, turn);
    const renewed = await this.#keeper.renewRefused(rejected, request);
    if (renewed) return visit.handOut(renewed, turn);
    return isSameCredential(this.#keeper.credential, rejected)
      ? undefined
      : this.credential({...request, after: rejected});
  }

  /** Renews now, whatever the clock says. */
  refresh(): Promise<void> {
    return this.#keeper.refresh();
  }

  /** Asks the visitor; where the page alone can help, asks the page again. One sign-in at a time. */
  login({signal, ...request}: LoginRequest): Promise<Credential> {
    const held = this.#keeper.credential;
    if (held && this.state !== 'expired') return Promise.resolve(held);
    return this.#visitorLogin.start(signal, (stop) => this.#signIn({...request, signal: stop}));
  }

  /** A credential that the page brought by itself. Continues what waited. */
  supply(credential: Credential): void {
    this.#keeper.grant(credential);
  }

  /**
   * Forgets everything at once, then tells the source to revoke what can be revoked. Never fails: what the source
   * could not do is told as an `error`.
   */
  logout(request: Pick<EndRequest, 'everywhere' | 'mode'>): Promise<void> {
    return this.#leave(request);
  }

  /** As the source itself wants it: a failure is told to those who listen, and to nobody else. */
  #renew(): void {
    if (this.#visitorLogin.isRunning) return;
    this.#keeper.acquire({reason: this.#keeper.credential ? 'expiring' : 'initial'}).catch(() => undefined);
  }

  async #leave(request: Pick<EndRequest, 'everywhere' | 'mode' | 'isElsewhere'>): Promise<void> {
    const kept = this.#vault.read();
    const version = this.#vault.isShared ? (kept?.version ?? 0) : undefined;
    this.#keeper.forget();
    // Only now, so that whoever hears it finds nothing kept, or what came later.
    if (!request.isElsewhere) this.#tabs?.tellLeft(version);
    this.#left();
    await this.#end({...request, grant: kept?.grant});
  }

  /**
   * The visitor signed out in another tab. What only this tab has (memory, or the storage of a tab) it clears and
   * revokes by itself. What all tabs have in common, that tab has cleared and revoked; what is kept now belongs to who
   * came after, and so may the key: neither is touched, and a message that is older than what is held says nothing.
   */
  #onLeft(version: number | undefined): void {
    const request = {everywhere: false, mode: 'popup', isElsewhere: true} as const;
    if (!this.#vault.isShared || version === undefined) return void this.#leave(request);
    const kept = this.#vault.read();
    const newer = kept && kept.version !== version ? kept.credential : undefined;
    if (newer && isSameCredential(newer, this.#keeper.credential)) return;
    this.#keeper.forget({isKept: true});
    this.#left();
    if (newer) this.#keeper.restore();
    else if (!this.#source.prover) void this.#end(request);
  }

  #left(): void {
    this.#visitorLogin.cancel('The visitor signed out during the sign-in.');
    this.#keeper.visit.left();
    this.#need.release();
    this.#status.move('left');
    if (this.#status.audience === 0) this.#tabs?.close();
  }

  async #end(request: Omit<EndRequest, 'signal'>): Promise<void> {
    this.#ending.abort();
    const {signal} = (this.#ending = new AbortController());
    try {
      // Called in the same turn: a source may have to open a window, which browsers allow only inside the click.
      await this.#source.end?.({...request, signal});
    } catch (cause) {
      // Everything here is forgotten already. Elsewhere the visitor may still be signed in, which they should know.
      if (signal.aborted) return;
      const error = toSecureMapError(cause, 'source-unreachable', 'It could not be ended.');
      this.#status.tell({type: 'error', error});
    }
  }

  async #signIn(request: SignInRequest): Promise<Credential> {
    const {mode, signal} = request;
    const before = this.state;
    this.#need.taken();
    try {
      if (!this.#source.signIn) {
        this.#need.retry();
        return await released(this.#keeper.acquire({reason: 'initial'}), signal);
      }
      // The window opens in here, in this turn; only then may anybody be told.
      const work = this.#source.signIn(request);
      this.#status.move('asked');
      if (mode === 'redirect') this.#status.tell({type: 'leaving'});
      const issued = await released(work, signal);
      signal.throwIfAborted();
      this.#keeper.grant(issued);
      return bare(issued);
    } catch (error) {
      // Nothing was gained and nothing lost: the state is again what it was.
      if (this.state === 'authenticating' && !this.#keeper.isAcquiring) {
        const state = before === 'authenticating' ? 'anonymous' : before;
        this.#status.set(state, isSecureMapError(error) ? error.code : undefined);
        this.#keeper.schedule();
      }
      throw error;
    }
  }
}
