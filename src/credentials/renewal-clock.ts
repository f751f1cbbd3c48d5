import type {Environment} from './environment.js';

/**
 * Machines sleep, tabs freeze and clocks are set, so a due time is compared with the clock on a short tick instead of
 * being slept until by one long timer.
 */
const TICK = 10_000;

/** Calls `check` when the time that it last asked for has come, and whenever the page woke up. */
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
    const delay = Math.max(0, Math.min(this.#due - this.#environment.now(), TICK));
    this.#cancel = this.#environment.after(delay, () => {
      if (this.#due !== undefined && this.#environment.now() >= this.#due) {
        this.#due = undefined;
        this.#check(false);
      } else this.#arm();
    });
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
