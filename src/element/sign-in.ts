import type {LoginForm, LoginMode} from '../credentials/credential.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {SessionEvent} from '../credentials/session-event.js';
import {whenNobodySignsIn} from '../credentials/session-registry.js';
import type {AuthController} from './auth-controller.js';
import {mayLeave, noteDeparture} from './departures.js';
import {AuthRequiredEvent} from './events.js';

export interface SignInHost {
  readonly auth: AuthController;
  /** `login`: how the visitor signs in; with `none` the page asks by itself. */
  readonly way: () => LoginMode | 'none';
  /** `login-required`: ask at once instead of when the first request needs it. */
  readonly isRequired: () => boolean;
  readonly isConnected: () => boolean;
  readonly dispatch: (event: Event) => boolean;
  readonly onChange: () => void;
}

/** Asks the visitor to sign in, and keeps what the shell has to show about it. */
export class SignIn {
  readonly #host: SignInHost;
  #run: AbortController | undefined;
  #isAsked = false;
  #wasBlocked = false;
  #error: SecureMapError | undefined;

  constructor(host: SignInHost) {
    this.#host = host;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** A request waits for the visitor, and the page did not take over the asking. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  get error(): SecureMapError | undefined {
    return this.#error;
  }

  get canSignIn(): boolean {
    return this.#host.way() !== 'none' && this.#host.auth.canSignIn;
  }

  handle(event: SessionEvent): void {
    // Of several identities one may have come while another is still asked for.
    const isMet = event.type === 'granted' && !this.#isWaiting;
    if (isMet || (event.type === 'state' && event.state === 'signed-out')) this.#clear();
    if (event.type === 'error' && event.error.code.startsWith('login-')) this.#error = event.error;
    if (event.type === 'required') this.#ask(event.reason);
  }

  /** The `login()` of the tag: settles with the sign-in, says why not by its code. */
  async login(): Promise<void> {
    const way = this.#host.way();
    await this.#start(way === 'none' ? 'popup' : way);
  }

  /** A press of the button: falls back to leaving the page when the browser does not let a window open. */
  async press(): Promise<void> {
    const wasBlocked = this.#wasBlocked;
    try {
      await this.login();
    } catch (error) {
      const isBlocked = isSecureMapError(error) && error.code === 'login-blocked';
      if (isBlocked && wasBlocked) await this.#start('redirect').catch(() => undefined);
    }
  }

  cancel(): void {
    this.#run?.abort(new SecureMapError('login-cancelled', 'The visitor cancelled the sign-in.'));
  }

  async #start(mode: LoginMode, form?: LoginForm): Promise<void> {
    const run = new AbortController();
    this.#run ??= run;
    this.#error = undefined;
    if (mode === 'redirect') noteDeparture(this.#host.auth.signInName, {mayGoByItself: this.#host.isRequired()});
    try {
      // First of all, since a window may only be opened in the turn of the click.
      const done = this.#host.auth.login({mode, form, signal: run.signal});
      this.#host.onChange();
      await done;
      this.#clear();
    } catch (error) {
      if (isSecureMapError(error)) {
        this.#error = error;
        this.#wasBlocked = error.code === 'login-blocked';
      }
      throw error;
    } finally {
      if (this.#run === run) this.#run = undefined;
      this.#host.onChange();
    }
  }

  #ask(reason: string): void {
    const {takesForm} = this.#host.auth;
    const submit = takesForm ? (form: LoginForm): Promise<void> => this.#start('popup', form) : undefined;
    const isOurs = this.#host.dispatch(new AuthRequiredEvent(reason, submit));
    this.#isAsked = isOurs;
    // Only what has not been refused yet is asked for by itself, else page and provider send the visitor in circles.
    if (this.#leavesByItself && reason === 'initial') void this.#leaveInTurn();
    this.#host.onChange();
  }

  get #isWaiting(): boolean {
    return this.#isAsked && this.#host.auth.askingState === 'anonymous';
  }

  get #leavesByItself(): boolean {
    return this.#isWaiting && !this.isRunning && this.#host.way() === 'redirect' && this.#host.isRequired();
  }

  /** Not while another map of the page is signing in: that may have come back a moment ago, and be lost with the page. */
  async #leaveInTurn(): Promise<void> {
    await whenNobodySignsIn();
    const isStillWanted = this.#host.isConnected() && this.#leavesByItself;
    if (isStillWanted && mayLeave(this.#host.auth.signInName)) await this.#start('redirect').catch(() => undefined);
  }

  #clear(): void {
    this.#error = undefined;
    this.#isAsked = false;
    this.#wasBlocked = false;
  }
}
