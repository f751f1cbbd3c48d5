const FIRST = 1_000;
const LONGEST = 60_000;
/** Never more often than this, whoever asks (a server that refuses every new credential, say). */
const INTERVAL = 5_000;
const MINUTE = 60_000;
const PER_MINUTE = 10;

/** When the next try may be made: after passing trouble later and later, and never in a storm. */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;
  #notBefore = 0;
  #tries: number[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The earliest time for the next try after what failed; 0 when nothing failed. */
  get notBefore(): number {
    return this.#notBefore;
  }

  /** True when so many tries were made of late that one more would be a storm. */
  isExhausted(now: number): boolean {
    const last = this.#tries.at(-1);
    this.#tries = this.#tries.filter((time) => now - time < MINUTE && time <= now);
    return this.#tries.length >= PER_MINUTE || (last !== undefined && now >= last && now - last < INTERVAL);
  }

  tried(now: number): void {
    this.#tries.push(now);
  }

  /** Notes a failure; `retryAfter` is what the other side asked for. Both are milliseconds. */
  failed(now: number, retryAfter?: number): void {
    const delay = Math.min(LONGEST, FIRST * 2 ** this.#failures) * (0.9 + 0.2 * this.#random());
    this.#failures += 1;
    this.#notBefore = now + Math.max(delay, retryAfter ?? 0);
  }

  /** A success, or a sign that the world changed (the network is back): the next try may be made now. */
  clear(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }
}
