import type {Environment} from './environment.js';

/**
 * Machines sleep, tabs freeze and clocks are set, so a due time is compared with the clock on a short tick instead of
 * being slept until by one long timer.
 */
const TICK = 10_000;

/** Calls `check` when the time that it last asked for has come, when the clock was set back, and when the page woke up. */
export class RenewalClock {
  readonly #environment: Environment;
  readonly #check: (woken: boolean) => void;
  #due: number | undefined;
  #cancel: (() => void) | undefined;
  #sleep: (() => void) | undefined;

  constructor(environment: Environment, check: (woken: boolean) => void) {
    this.#environment = environment;
    this.#check = check;
  }

  start(): void {
    this.#sleep ??= this.#environment.onWake(() => this.#check(true));
    this.#arm();
  }

  stop(): void {
    this.#sleep?.();
    this.#sleep = undefined;
    this.#disarm();
  }

  /** Sets the next due time in milliseconds since the epoch; `undefined` for none. */
  setDue(time: number | undefined): void {
    this.#due = time;
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    if (this.#due === undefined || !this.#sleep) return;
    const armedAt = this.#environment.now();
    const delay = Math.max(0, Math.min(this.#due - armedAt, TICK));
    this.#cancel = this.#environment.after(delay, () => {
      const now = this.#environment.now();
      const isDue = this.#due !== undefined && now >= this.#due;
      if (isDue) this.#due = undefined;
      if (isDue || now < armedAt) this.#check(false);
      else this.#arm();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
