import type {Need} from './acquisition.js';
import type {Credential} from './credential.js';
import {toSecureMapError, type SecureMapError} from './errors.js';

export interface Outcome {
  began(need: Need): void;
  succeeded(credential: Credential): void;
  failed(error: SecureMapError, need: Need): void;
  /** What came from elsewhere while the answer was voided: it serves those who waited for that as well. */
  instead(): Credential | undefined;
}

/** Asks for a credential; `stop` ends it, and is ended by it when it takes too long. */
export type Ask = (need: Need, stop: AbortController) => Promise<Credential>;

interface Flight {
  readonly stop: AbortController;
  readonly done: Promise<Credential>;
}

/** One acquisition at a time, for any number of callers. */
export class SharedAcquisition {
  readonly #ask: Ask;
  readonly #outcome: Outcome;
  #flight: Flight | undefined;

  constructor(ask: Ask, outcome: Outcome) {
    this.#ask = ask;
    this.#outcome = outcome;
  }

  /** What is under way. */
  get pending(): Promise<Credential> | undefined {
    return this.#flight?.done;
  }

  /** Begins an acquisition, or joins the one under way. */
  begin(need: Need): Promise<Credential> {
    if (this.#flight) return this.#flight.done;
    const stop = new AbortController();
    const {done} = (this.#flight = {stop, done: this.#fly(need, stop)});
    // Told only now, so that a listener that asks in the same turn joins.
    this.#outcome.began(need);
    return done;
  }

  /** Voids the answer that is under way: it is older than what happened now. */
  abandon(reason: SecureMapError): void {
    const flight = this.#flight;
    this.#flight = undefined;
    flight?.stop.abort(reason);
  }

  async #fly(need: Need, stop: AbortController): Promise<Credential> {
    try {
      const credential = await this.#ask(need, stop);
      stop.signal.throwIfAborted();
      this.#land(stop);
      this.#outcome.succeeded(credential);
      return credential;
    } catch (error) {
      if (this.#land(stop)) {
        this.#outcome.failed(toSecureMapError(error, 'source-unreachable', 'The source failed.'), need);
        throw error;
      }
      const instead = this.#outcome.instead();
      if (instead) return instead;
      throw error;
    }
  }

  /** False when the answer was voided meanwhile. */
  #land(stop: AbortController): boolean {
    if (this.#flight?.stop !== stop) return false;
    this.#flight = undefined;
    return true;
  }
}
