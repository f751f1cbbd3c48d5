import type {Environment} from '../../src/credentials/environment.js';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/** Lets everything that is due in this turn happen. Firefox takes some turns to read a body that is there. */
export const settled = async (): Promise<void> => {
  await new Response('read').text();
  await turn();
};

export const START = Date.UTC(2026, 10, 1);

const noNetwork: typeof fetch = () => Promise.reject(new TypeError('No network in this test.'));

/** An outside world whose clock is moved by hand. Timers follow the time that passed, not what the clock says. */
export class TestEnvironment implements Environment {
  readonly #timers = new Set<Timer>();
  readonly #wakers = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #passed = 0;
  #clock = START;
  /** What `random` answers: 0.5 is no jitter at all. */
  luck = 0.5;
  /** Whether the visitor can see the page. */
  visible = true;
  fetch: typeof fetch;

  constructor(network: typeof fetch = noNetwork) {
    this.fetch = network;
  }

  readonly now = (): number => this.#clock;
  readonly random = (): number => this.luck;

  readonly after = (delay: number, task: () => void): (() => void) => {
    const timer = {at: this.#passed + delay, task};
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  readonly onWake = (task: () => void): (() => void) => {
    this.#wakers.add(task);
    return () => this.#wakers.delete(task);
  };

  readonly onActivity = (task: () => void): (() => void) => {
    this.#watchers.add(task);
    return () => this.#watchers.delete(task);
  };

  readonly isVisible = (): boolean => this.visible;

  /** Timers and wake listeners that are set. */
  get pending(): {readonly timers: number; readonly wakers: number} {
    return {timers: this.#timers.size, wakers: this.#wakers.size + this.#watchers.size};
  }

  /** Time passes, and timers with it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#passed + milliseconds;
    await settled();
    for (;;) {
      const [next] = [...this.#timers].filter(({at}) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#clock += Math.max(0, next.at - this.#passed);
      this.#passed = Math.max(this.#passed, next.at);
      next.task();
      await settled();
    }
    this.#clock += end - this.#passed;
    this.#passed = end;
    await settled();
  }

  /** The clock shows another time, but no timer runs: the machine slept, or somebody set the clock. */
  jump(milliseconds: number): void {
    this.#clock += milliseconds;
  }

  async wake(): Promise<void> {
    for (const task of [...this.#wakers]) task();
    await settled();
  }

  /** The visitor moves the mouse. */
  async act(): Promise<void> {
    for (const task of [...this.#watchers]) task();
    await settled();
  }
}
