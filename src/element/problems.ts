import {toSecureMapError, type SecureMapError} from '../credentials/errors.js';

/** What an error is about. Mending that takes the error away. */
export type Concern =
  | 'source'
  | 'transport'
  | 'view'
  | 'config'
  | 'config view'
  | 'layers'
  | 'layer list'
  | 'controls'
  | 'theme'
  | 'login'
  | 'bridge';

/** What is wrong with the page's own markup or its config, for as long as it is. */
export class Problems {
  readonly #byConcern = new Map<Concern, readonly SecureMapError[]>();
  readonly #tries = new Map<Concern, symbol>();
  readonly #onChange: (errors: readonly SecureMapError[]) => void;

  /** `onChange` is told each new error, once. */
  constructor(onChange: (errors: readonly SecureMapError[]) => void) {
    this.#onChange = onChange;
  }

  get all(): readonly SecureMapError[] {
    return [...this.#byConcern.values()].flat();
  }

  /** What is known of another concern by the same words is told and shown once. */
  set(concern: Concern, found: readonly SecureMapError[]): void {
    const others = [...this.#byConcern].filter(([name]) => name !== concern).flatMap(([, known]) => known);
    const errors = found.filter(({message}) => !others.some((other) => other.message === message));
    if (errors.length > 0) this.#byConcern.set(concern, errors);
    else if (!this.#byConcern.delete(concern)) return;
    this.#onChange(errors);
  }

  /** Does what an attribute asks for; what is wrong with it is shown until it is mended. */
  attempt(concern: Concern, task: () => void): void {
    try {
      task();
      this.set(concern, []);
    } catch (error) {
      this.#fail(concern, error);
    }
  }

  /** The same for what takes a while. The newest try of a concern counts. */
  async attemptLater(concern: Concern, task: () => Promise<void>): Promise<void> {
    const mine = Symbol(concern);
    this.#tries.set(concern, mine);
    try {
      await task();
      if (this.#tries.get(concern) === mine) this.set(concern, []);
    } catch (error) {
      if (this.#tries.get(concern) === mine) this.#fail(concern, error);
    }
  }

  #fail(concern: Concern, error: unknown): void {
    this.set(concern, [toSecureMapError(error, 'invalid-attribute', `${concern}: wrong value.`)]);
  }
}
