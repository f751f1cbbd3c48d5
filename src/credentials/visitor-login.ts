import {released} from './abort.js';
import type {Credential} from './credential.js';
import {isSecureMapError, SecureMapError} from './errors.js';

const cancelled = (message: string): SecureMapError => new SecureMapError('login-cancelled', message);

/** What the caller gave as its reason, when that says what `login()` says. */
const reasonOf = (signal: AbortSignal): SecureMapError => {
  const reason: unknown = signal.reason;
  return isSecureMapError(reason) ? reason : cancelled('The sign-in was cancelled.');
};

interface Run {
  readonly stop: AbortController;
  readonly done: Promise<Credential>;
}

/** The sign-in by the visitor: one at a time, and always settled, whatever the source makes of the signal. */
export class VisitorLogin {
  #run: Run | undefined;

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /**
   * Begins a sign-in, in this turn; or joins the one under way, which only the signal of its first caller ends.
   * `signIn` gets a signal whose reason is `login-cancelled`.
   */
  start(caller: AbortSignal | undefined, signIn: (signal: AbortSignal) => Promise<Credential>): Promise<Credential> {
    if (this.#run) return released(this.#run.done, caller);
    if (caller?.aborted) return Promise.reject(reasonOf(caller));
    const stop = new AbortController();
    const onAbort = (): void => {
      if (caller) stop.abort(reasonOf(caller));
    };
    caller?.addEventListener('abort', onAbort, {once: true});
    const opened = Promise.withResolvers<Credential>();
    const run: Run = {stop, done: opened.promise};
    // Known before it begins, so that a listener that asks again meanwhile joins it.
    this.#run = run;
    const end = (): void => {
      caller?.removeEventListener('abort', onAbort);
      if (this.#run === run) this.#run = undefined;
    };
    opened.resolve(signIn(stop.signal).finally(end));
    return run.done;
  }

  /** Ends the sign-in under way. The next one may begin at once. */
  cancel(message: string): void {
    const run = this.#run;
    this.#run = undefined;
    run?.stop.abort(cancelled(message));
  }
}
