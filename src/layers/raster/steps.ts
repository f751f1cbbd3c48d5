import type {Environment} from '../../credentials/environment.js';

/** In milliseconds. Three frames, which nobody sees tiles wait for. */
const STEP = 50;

/**
 * Hands on together what arrives one by one: each frame draws the tiles of the whole view, and with a frame for each
 * that arrives the page is busier with drawing than with loading. What is the last one under way waits for nothing.
 */
export class Steps {
  readonly #clock: Pick<Environment, 'now' | 'after'>;
  #underWay = 0;
  #next: PromiseWithResolvers<void> | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Environment, 'now' | 'after'>) {
    this.#clock = clock;
  }

  async together<T>(loading: Promise<T>): Promise<T> {
    this.#underWay += 1;
    const image = await loading.finally(() => {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#end();
    });
    if (this.#underWay > 0) await this.#whenDue();
    return image;
  }

  #whenDue(): Promise<void> {
    if (!this.#next) {
      this.#next = Promise.withResolvers();
      // By the clock, so that the layers of a map share their frames.
      this.#cancel = this.#clock.after(STEP - (this.#clock.now() % STEP), () => this.#end());
    }
    return this.#next.promise;
  }

  #end(): void {
    this.#cancel?.();
    this.#next?.resolve();
    this.#next = undefined;
  }
}
