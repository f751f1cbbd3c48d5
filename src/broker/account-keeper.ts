import {released} from '../credentials/abort.js';
import {BackOff} from '../credentials/back-off.js';
import {renewalTime} from '../credentials/expiry.js';
import {BrokerError, findBrokerError} from './broker-error.js';
import type {CredentialWish} from './handler.js';
import type {Account, Issued} from './platforms/platform.js';

const SECOND = 1000;
/** A wrong password does not become right by being sent again, and a platform may lock an account for it. */
const AFTER_REFUSAL = 30 * SECOND;
/** Before the end by disuse, for requests that are on their way. */
const IDLE_MARGIN = 60 * SECOND;

interface Held {
  readonly issued: Issued;
  readonly receivedAt: number;
}

/** As early as any tag renews, so that what it is given then is new. */
const renewsAt = ({issued, receivedAt}: Held): number => {
  const {expiresAt} = issued.credential;
  return expiresAt === undefined ? Infinity : renewalTime({receivedAt, expiresAt}, {random: () => 1});
};

/** The credential of an account: asked for once at a time, kept until shortly before its end. */
export class AccountKeeper {
  readonly #account: Account;
  readonly #variant: string;
  readonly #now: () => number;
  readonly #backOff = new BackOff(Math.random);
  #held: Held | undefined;
  #usedAt = 0;
  #pending: Promise<Issued> | undefined;
  #trouble: BrokerError | undefined;

  constructor(account: Account, variant: string, now: () => number) {
    this.#account = account;
    this.#variant = variant;
    this.#now = now;
  }

  async obtain({reason, rejected, signal}: CredentialWish): Promise<Issued> {
    const now = this.#now();
    const held = this.#usable(now);
    const isAnew = reason === 'unauthorized' && (!rejected || rejected.token === held?.issued.credential.token);
    if (held && !isAnew && now < renewsAt(held)) return this.#use(held.issued, now);
    if (!this.#pending) {
      const wait = this.#backOff.wait(now);
      if (held && (wait > 0 || (isAnew && this.#backOff.isExhausted(now)))) return this.#use(held.issued, now);
      if (wait > 0) throw this.#waiting(wait);
      if (isAnew) this.#backOff.tried(now);
    }
    try {
      return this.#use(await released((this.#pending ??= this.#ask()), signal), this.#now());
    } catch (error) {
      // A platform that is away does not make the credential worse that is still good for a while.
      const still = this.#usable(this.#now());
      if (still && !signal?.aborted) return this.#use(still.issued, this.#now());
      throw error;
    }
  }

  /** Forgets what is held, and ends it at the platform where there is a way to. */
  async end(signal: AbortSignal): Promise<void> {
    await this.#pending?.catch(() => undefined);
    const issued = this.#held?.issued;
    this.#held = undefined;
    if (issued) await this.#account.end?.(issued, signal);
  }

  #use(issued: Issued, now: number): Issued {
    this.#usedAt = now;
    return issued;
  }

  #usable(now: number): Held | undefined {
    const held = this.#held;
    if (!held) return undefined;
    const {credential, idleFor} = held.issued;
    const isOver = credential.expiresAt !== undefined && now >= credential.expiresAt;
    const isIdle = idleFor !== undefined && now >= this.#usedAt + idleFor - IDLE_MARGIN;
    return isOver || isIdle ? undefined : held;
  }

  #waiting(wait: number): BrokerError {
    const {code = 'platform-unreachable', message = ''} = this.#trouble ?? {};
    return new BrokerError(code, `Not asked again yet. ${message}`, {retryAfter: wait});
  }

  async #ask(): Promise<Issued> {
    // The time limits are those of each request to the platform; no visitor's patience decides for the others.
    const {signal} = new AbortController();
    try {
      const wish = {previous: this.#held?.issued, variant: this.#variant, signal};
      const issued = await this.#account.obtain(wish);
      const receivedAt = this.#now();
      if ((issued.credential.expiresAt ?? Infinity) <= receivedAt) {
        throw new BrokerError('platform-invalid', 'The platform gave a token that has expired already.');
      }
      this.#held = {issued, receivedAt};
      this.#backOff.clear();
      return issued;
    } catch (error) {
      const trouble = findBrokerError(error) ?? new BrokerError('platform-invalid', 'The platform could not be asked.');
      this.#trouble = trouble;
      const isFinal = trouble.code === 'platform-refused' || trouble.code === 'dangerous-credential';
      if (isFinal) this.#held = undefined;
      this.#backOff.failed(this.#now(), trouble.retryAfter ?? (isFinal ? AFTER_REFUSAL : 0));
      throw trouble;
    } finally {
      this.#pending = undefined;
    }
  }
}
