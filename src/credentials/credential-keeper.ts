import {released} from './abort.js';
import {SILENTLY, type Need} from './acquisition.js';
import {BackOff} from './back-off.js';
import {isSameCredential, type Credential, type Issued} from './credential.js';
import type {Environment} from './environment.js';
import {isForVisitor, SecureMapError} from './errors.js';
import {HeldCredential} from './held-credential.js';
import type {CredentialRequest, KeeperOptions} from './keeper-options.js';
import {RenewalClock} from './renewal-clock.js';
import type {SessionStatus} from './session-status.js';
import {createGuardedAcquisition} from './guarded-acquisition.js';
import {SharedAcquisition} from './shared-acquisition.js';
import {bare} from './vault.js';
import {Visit} from './visit.js';
import {signInNeeded, type VisitorNeed} from './visitor-need.js';

/** Holds the credential of a session, and renews it ahead of its end, after a refusal and after trouble. */
export class CredentialKeeper {
  readonly #options: KeeperOptions;
  readonly #environment: Environment;
  readonly #status: SessionStatus;
  readonly #need: VisitorNeed;
  readonly #backOff: BackOff;
  readonly #acquisition: SharedAcquisition;
  readonly clock: RenewalClock;
  readonly visit = new Visit();
  #held: HeldCredential | undefined;

  constructor(options: KeeperOptions) {
    const {environment, status, need} = options;
    this.#options = options;
    this.#environment = environment;
    this.#status = status;
    this.#need = need;
    this.#backOff = new BackOff(() => environment.random());
    this.clock = new RenewalClock(environment, (woken) => this.check(woken));
    const ask = createGuardedAcquisition(options);
    this.#acquisition = new SharedAcquisition(
      ({reason, origin, rejected}, stop) => ask({reason, origin, rejected}, rejected ?? this.credential, stop),
      {
        began: ({isSilent}) => !isSilent && status.move(this.#held ? 'renewing' : 'asked'),
        succeeded: (credential) => this.#adopt(credential),
        failed: (error, asked) => this.#failed(error, asked),
        instead: () => this.credential,
      },
    );
  }

  get credential(): Credential | undefined {
    return this.#held?.credential;
  }

  get isAcquiring(): boolean {
    return this.#acquisition.pending !== undefined;
  }

  acquire(need: Need): Promise<Credential> {
    return this.#acquisition.begin(need);
  }

  /** The credential held, when it is good by all we know; else the next one. */
  async obtain({origin, signal}: CredentialRequest): Promise<Credential> {
    const held = this.#held;
    const now = this.#environment.now();
    if (held?.isGood(now)) return held.credential;
    if (!held && this.#need.isOpen) {
      const {state} = this.#status;
      this.#need.ask(state === 'expired' || state === 'signed-out' ? state : 'initial');
      throw signInNeeded();
    }
    const wait = this.#backOff.wait(now);
    if (!this.isAcquiring && wait > 0) {
      throw new SecureMapError('source-unreachable', 'The source cannot be reached at the moment.', {
        retryAfter: wait,
      });
    }
    if (held?.isNew(now)) return held.credential;
    try {
      return await released(this.acquire({reason: held ? 'expiring' : 'initial', origin}), signal);
    } catch (error) {
      // The source has nothing to renew with: no request is held back for what our clock says.
      if (held && held === this.#held && !held.isRenewable && !signal?.aborted) return held.credential;
      throw error;
    }
  }

  /** Another credential than the one that was refused; `undefined` when it is not to be had now, or is here already. */
  async renewRefused(rejected: Credential, {origin, signal}: CredentialRequest): Promise<Credential | undefined> {
    const isHeld = (): boolean => isSameCredential(this.credential, rejected);
    // What is under way may have been asked for another reason, and bring nothing.
    for (let pending; isHeld() && (pending = this.#acquisition.pending);) {
      await released(pending, signal).catch(() => signal?.throwIfAborted());
    }
    signal?.throwIfAborted();
    if (!isHeld()) return undefined;
    const now = this.#environment.now();
    if (this.#backOff.isExhausted(now) || this.#backOff.wait(now) > 0) return undefined;
    this.#backOff.tried(now);
    return released(this.acquire({reason: 'unauthorized', rejected, origin}), signal);
  }

  /** Renews now, whatever the clock says. */
  async refresh(): Promise<void> {
    this.#backOff.clear();
    if (this.#held) await this.acquire({reason: 'expiring'});
    else await (this.#mayAskAgain ? this.acquire(SILENTLY) : this.obtain({}));
  }

  /** A credential from outside: a sign-in, or the page. */
  grant(issued: Issued): void {
    const {vault, tabs} = this.#options;
    vault.write(issued, vault.read()?.version ?? 0);
    this.#adopt(bare(issued));
    tabs?.tell('changed');
  }

  /** Looks whether another tab, or this one before it was loaded again, has left something newer. */
  restore(): void {
    const {vault} = this.#options;
    if (vault.kind === 'memory' || this.isAcquiring) return;
    const kept = vault.read();
    if (kept && !isSameCredential(kept.credential, this.credential)) {
      // Whether the key of a bound one is still there has to be looked up: on the way on which it is found as well.
      if (kept.credential.type === 'DPoP') this.acquire({reason: 'initial'}).catch(() => undefined);
      else this.#adopt(kept.credential);
    } else if (!kept && this.#held && this.#status.state !== 'expired') {
      this.forget();
      this.#end('ended-elsewhere');
    }
  }

  #adopt(credential: Credential): void {
    const {refreshSkew: skew} = this.#options;
    const renewed = this.#held !== undefined;
    const sameUser = this.visit.came(credential.user?.['sub'], renewed);
    this.#held = new HeldCredential(credential, {skew, random: () => this.#environment.random()});
    this.#backOff.clear();
    this.#acquisition.abandon(signInNeeded());
    this.schedule();
    this.#status.move('granted');
    this.#need.meet();
    this.#status.tell({type: 'granted', renewed, sameUser, expiresAt: credential.expiresAt});
  }

  /** Nothing is left here that could be sent or renewed. What is kept may be another's who signed in elsewhere since. */
  forget({isKept = false} = {}): void {
    if (!isKept) this.#options.vault.clear();
    this.#held = undefined;
    this.#need.renew();
    this.#backOff.clear();
    this.#acquisition.abandon(signInNeeded());
    this.clock.setDue(undefined);
  }

  /** Looks at the clock. Requests look for themselves as well, so none is sent with a token that sleep has killed. */
  check(woken: boolean): void {
    const now = this.#environment.now();
    // Waking often means that the network is back.
    if (woken) {
      this.#backOff.woken();
      this.restore();
    }
    if (this.isAcquiring) return;
    const held = this.#held;
    const isWanted = held ? held.shouldRenew(now) : this.#status.state === 'error';
    if (isWanted && this.#backOff.wait(now) === 0) {
      this.acquire(held?.need ?? {reason: 'initial'}).catch(() => undefined);
      return;
    }
    // The page may have signed the visitor in by its own means meanwhile.
    if (woken && this.#mayAskAgain && this.#backOff.wait(now) === 0 && !this.#backOff.isExhausted(now)) {
      this.#backOff.tried(now);
      this.acquire(SILENTLY).catch(() => undefined);
    }
    const hasRunOut = held && !held.isRenewable && held.isOver(now);
    if (hasRunOut && this.#status.state === 'authenticated') this.#end('expired');
    this.schedule();
  }

  /** When to look at the clock again. */
  schedule(): void {
    const now = this.#environment.now();
    const held = this.#held;
    // Once a given token has run out there is nothing to look for: the page or a server has the next word.
    const isWatched = held
      ? held.isRenewable || held.isRefused || this.#status.state === 'authenticated'
      : this.#status.state === 'error';
    const due = isWatched ? (held ? held.dueAt : now) : undefined;
    this.clock.setDue(due === undefined ? undefined : Math.max(due, now + this.#backOff.wait(now)));
  }

  /** Where the visitor cannot sign in here, a refusal is not the last word; a sign-out is. */
  get #mayAskAgain(): boolean {
    const {state} = this.#status;
    const isOut = !this.#held && this.#need.isOpen && (state === 'expired' || state === 'anonymous');
    return isOut && !this.#options.source.signIn;
  }

  #failed(error: SecureMapError, {reason, rejected, isSilent}: Need): void {
    const onlyVisitor = error.code.startsWith('login-');
    if (isSilent) {
      this.#need.open();
      if (!isForVisitor(error)) this.#backOff.failed(this.#environment.now(), error.retryAfter);
    } else if (error.code === 'session-over' || (onlyVisitor && reason === 'unauthorized')) {
      const wasHere = this.#held !== undefined && this.#status.state !== 'expired';
      this.forget();
      this.#options.tabs?.tell('changed');
      if (wasHere) this.#end(error.reason ?? error.code);
      else this.#status.move('ended', error.reason ?? error.code);
    } else if (onlyVisitor && this.#held) {
      this.#held.cannotBeRenewed();
      this.#status.move('failed');
      this.schedule();
    } else if (onlyVisitor) {
      this.#need.open();
      if (!this.#options.isSigningIn()) this.#status.move('needs-visitor', error.reason);
      // A sign-in by redirect that came back with a refusal: the visitor should know before being asked again.
      if (error.code !== 'login-required') this.#status.tell({type: 'error', error});
      this.#need.ask(error.code === 'login-required' ? 'initial' : error.code);
    } else {
      // No server may ask for it again before it runs out.
      if (rejected && isSameCredential(rejected, this.credential)) this.#held?.wasRefused();
      this.#backOff.failed(this.#environment.now(), error.retryAfter);
      this.#status.move('failed', error.code);
      this.schedule();
      this.#status.tell({type: 'error', error});
    }
  }

  #end(reason: string): void {
    this.#status.move('ended', reason);
    this.#status.tell({type: 'over', reason});
  }
}
