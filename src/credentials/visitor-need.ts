import {released} from './abort.js';
import {SecureMapError} from './errors.js';
import type {SessionStatus} from './session-status.js';

export const signInNeeded = (): SecureMapError =>
  new SecureMapError('login-required', 'The visitor has to sign in first.');

/** Whether only the visitor can help, whether they were asked, and who waits for it. */
export class VisitorNeed {
  readonly #status: SessionStatus;
  #isOpen = false;
  #wasAsked = false;
  #met = Promise.withResolvers<void>();

  constructor(status: SessionStatus) {
    this.#status = status;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From now on only the visitor can help. */
  open(): void {
    this.#isOpen = true;
  }

  /** A new need: the visitor may be asked again. */
  renew(): void {
    this.#isOpen = true;
    this.#wasAsked = false;
  }

  /** The visitor is at it, or the page is asked in their place. */
  taken(): void {
    this.#wasAsked = true;
  }

  /** Nobody who was told of it is there any more: whoever comes next may be told again. */
  untold(): void {
    this.#wasAsked = false;
  }

  retry(): void {
    this.#isOpen = false;
  }

  /** Says once that a request waits for the visitor. */
  ask(reason: string): void {
    if (this.#wasAsked) return;
    this.#wasAsked = true;
    this.#status.tell({type: 'required', reason});
  }

  /** A credential is here: whoever waited goes on. */
  meet(): void {
    this.#isOpen = false;
    this.#wasAsked = false;
    this.release();
  }

  /** Lets whoever waited look again: it may not be for them any more. */
  release(): void {
    const {resolve} = this.#met;
    this.#met = Promise.withResolvers<void>();
    resolve();
  }

  async whenMet(signal: AbortSignal | undefined): Promise<void> {
    // Who was told of the need may have met it in the same turn.
    if (this.#isOpen) await released(this.#met.promise, signal);
  }
}
