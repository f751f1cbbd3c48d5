import type {Need} from './acquisition.js';
import type {Credential} from './credential.js';
import {renewalTime} from './expiry.js';

/** Renewing more often than this, ten times a minute, would be a storm, however short the lifetime is. */
const SHORTEST_CYCLE = 6_000;
/** Small corrections of the clock are within the lead of a renewal; beyond this the dates we noted say nothing. */
const SET_BACK = 60_000;

export interface RenewalOptions {
  /** Milliseconds before the expiry; the default follows the lifetime. */
  readonly skew?: number | undefined;
  readonly random: () => number;
}

/** The credential that a session holds, and what the clock says about it. */
export class HeldCredential {
  readonly credential: Credential;
  readonly #renewAt: number | undefined;
  #isRenewable = true;
  #isRefused = false;

  constructor(credential: Credential, options: RenewalOptions) {
    this.credential = credential;
    const {receivedAt, expiresAt, type} = credential;
    // A cookie is kept alive by what the visitor does and not by the clock: that is its source's business.
    if (expiresAt === undefined || type === 'Cookie') return;
    this.#renewAt = Math.max(renewalTime({receivedAt, expiresAt}, options), receivedAt + SHORTEST_CYCLE);
  }

  /** False once the source said that it has nothing to renew with: then the server decides when the end has come. */
  get isRenewable(): boolean {
    return this.#isRenewable;
  }

  /** True after a server refused it and no other could be had yet: it is to be replaced as soon as may be. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Why another one is needed. */
  get need(): Need {
    return this.#isRefused ? {reason: 'unauthorized', rejected: this.credential} : {reason: 'expiring'};
  }

  /** When the clock has to be looked at next. */
  get dueAt(): number | undefined {
    if (this.#isRefused) return this.credential.receivedAt;
    return this.#isRenewable || this.#isCookie ? this.#renewAt : this.credential.expiresAt;
  }

  cannotBeRenewed(): void {
    this.#isRenewable = false;
  }

  wasRefused(): void {
    this.#isRefused = true;
  }

  /** Whether it may be sent: nothing we know speaks against it, or there is nothing better to be had. */
  isGood(now: number): boolean {
    return !this.#isRenewable || this.#isCookie || (!this.isOver(now) && !this.#isClockSetBack(now));
  }

  isOver(now: number): boolean {
    const {expiresAt} = this.credential;
    return expiresAt !== undefined && expiresAt <= now;
  }

  /** With a lifetime near zero the server decides, not our clock: else every request would renew. */
  isNew(now: number): boolean {
    return Math.abs(now - this.credential.receivedAt) < SHORTEST_CYCLE;
  }

  shouldRenew(now: number): boolean {
    if (this.#isRefused) return true;
    if (!this.#isRenewable || this.#renewAt === undefined) return false;
    return now >= this.#renewAt || this.#isClockSetBack(now);
  }

  get #isCookie(): boolean {
    return this.credential.type === 'Cookie';
  }

  #isClockSetBack(now: number): boolean {
    return this.#renewAt !== undefined && now < this.credential.receivedAt - SET_BACK;
  }
}
