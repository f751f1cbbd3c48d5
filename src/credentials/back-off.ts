const FIRST = 1_000;
const LONGEST = 60_000;
/** Somebody who asks to be left alone for longer is asked after this all the same: it may be a slip of the pen. */
const LONGEST_ASKED = 3_600_000;
/** Never more often than this, whoever asks (a server that refuses every new credential, say). */
const INTERVAL = 5_000;
const MINUTE = 60_000;
const PER_MINUTE = 10;

/** When the next try may be made: after passing trouble later and later, and never in a storm. */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;
  #failedAt = 0;
  /** Our own patience, in milliseconds after the failure. */
  #delay = 0;
  /** What the other side asked for by `Retry-After`. */
  #asked = 0;
  #tries: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds until the next try after what failed; 0 when it may be made now. */
  wait(now: number): number {
    // The clock was set back since: waiting for the old time would be waiting for hours.
    if (now < this.#failedAt) return 0;
    return Math.max(0, this.#failedAt + Math.max(this.#delay, this.#asked) - now);
  }

  /** True when so many tries were made of late that one more would be a storm. */
  isExhausted(now: number): boolean {
    this.#tries = this.#tries.filter((time) => now - time < MINUTE && time <= now);
    const last = this.#tries.at(-1);
    return this.#tries.length >= PER_MINUTE || (last !== undefined && now - last < INTERVAL);
  }

  tried(now: number): void {
    this.#tries.push(now);
  }

  /** Notes a failure; `retryAfter` is what the other side asked for. Both are milliseconds. */
  failed(now: number, retryAfter = 0): void {
    this.#failedAt = now;
    this.#delay = Math.min(LONGEST, FIRST * 2 ** this.#failures) * (0.9 + 0.2 * this.#random());
    this.#asked = Math.min(retryAfter, LONGEST_ASKED);
    this.#failures += 1;
  }

  /** A sign that the network is back: trouble of before says nothing any more. What the other side asked for still does. */
  woken(): void {
    this.#failures = 0;
    this.#delay = 0;
  }

  /** A success, or somebody who insists: the next try may be made now. */
  clear(): void {
    this.woken();
    this.#asked = 0;
  }
}
