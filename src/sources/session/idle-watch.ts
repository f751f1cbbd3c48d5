import type {SessionCare} from '../../credentials/credential.js';
import type {Environment} from '../../credentials/environment.js';

/** Clocks of machines that sleep are looked at, not waited for. */
const TICK = 10_000;
/** The back end has the last word on the end; asked before it, it would take the question for a sign of life. */
const MARGIN = 1_000;
/** How early the visitor is told, at most. */
const LEAD = 120_000;
/** Between two tries that failed, and between two looks for what has changed elsewhere. */
const PAUSE = 5_000;

export interface WatchOptions {
  readonly environment: Environment;
  readonly care: SessionCare;
  /** Looks quietly who is signed in by now: another tab, or the site itself, may have changed that. */
  readonly lookWhoIsThere: () => void;
}

/**
 * Keeps a cookie session alive while the visitor is at it, and only then: a heartbeat by the clock would make a session
 * that ends when nobody is there into one that never ends.
 */
export class IdleWatch {
  readonly #options: WatchOptions;
  readonly #listening: readonly (() => void)[];
  #answeredAt = 0;
  #endsAt: number | undefined;
  /** The longest that the back end has granted: near a fixed end the rest grows shorter, and must not be asked for ever more. */
  #window = 0;
  #wasActive = false;
  #isWarned = false;
  #askedAt = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(options: WatchOptions) {
    const {environment} = options;
    this.#options = options;
    this.#listening = [
      environment.onWake(() => this.#wake()),
      environment.onActivity?.(() => this.#active()) ?? ((): void => undefined),
    ];
  }

  /** The back end has just said how long the session lasts. */
  answered({at, endsAt}: {readonly at: number; readonly endsAt: number | undefined}): void {
    this.#answeredAt = at;
    this.#endsAt = endsAt;
    this.#window = Math.max(this.#window, (endsAt ?? at) - at);
    this.#wasActive = false;
    this.#tick();
  }

  /** Nobody is signed in. */
  over(): void {
    this.#endsAt = undefined;
    this.#window = 0;
    this.#tick();
  }

  stop(): void {
    for (const end of this.#listening) end();
    this.#cancel?.();
  }

  #active(): void {
    this.#wasActive = true;
    if (this.#isToBeKept(this.#options.environment.now())) this.#ask();
  }

  #wake(): void {
    const {environment, lookWhoIsThere} = this.#options;
    this.#tick();
    // A page that nobody looks at must not keep a session alive.
    if (!environment.isVisible?.()) return;
    const now = environment.now();
    if (Math.abs(now - Math.max(this.#askedAt, this.#answeredAt)) < PAUSE) return;
    this.#askedAt = now;
    lookWhoIsThere();
  }

  #isToBeKept(now: number): boolean {
    const {environment} = this.#options;
    const isDue = this.#endsAt !== undefined && now >= this.#answeredAt + this.#window / 3;
    return isDue && this.#wasActive && (environment.isVisible?.() ?? false);
  }

  #ask(): void {
    const {environment, care} = this.#options;
    const now = environment.now();
    if (Math.abs(now - this.#askedAt) < PAUSE) return;
    this.#askedAt = now;
    care.renew();
  }

  #tick(): void {
    const {environment} = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    const now = environment.now();
    const endsAt = this.#endsAt;
    const warnAt = (endsAt ?? Infinity) - Math.min(LEAD, this.#window / 4);
    this.#warn(now >= warnAt ? endsAt : undefined);
    if (endsAt === undefined) return;
    if (this.#isToBeKept(now) || now >= endsAt + MARGIN) this.#ask();
    const next = [warnAt, endsAt + MARGIN, now + TICK].filter((time) => time > now);
    this.#cancel = environment.after(Math.min(...next) - now, () => this.#tick());
  }

  #warn(endsAt: number | undefined): void {
    if (endsAt === undefined && !this.#isWarned) return;
    this.#isWarned = endsAt !== undefined;
    this.#options.care.warn(endsAt);
  }
}
