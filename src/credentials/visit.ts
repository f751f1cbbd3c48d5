import type {Credential} from './credential.js';
import {signInNeeded} from './visitor-need.js';

/** Whose session it is, as far as anybody said, and when it may have become somebody else's. */
export class Visit {
  #user: unknown;
  #wasHere = false;
  #hasLeft = false;
  #era = 0;
  /**
   * Another number once what was asked before must not be sent any more: the visitor signed out, or somebody else is
   * known to have come. Unlike the era it outlasts an expiry: the page that sets its token again continues what waited.
   */
  #turn = 0;
  /** Whom what was handed out was for: a refusal may come in when the next visitor is here already. */
  readonly #turns = new WeakMap<Credential, number>();

  /** Another number once what was loaded before may be somebody else's. */
  get era(): number {
    return this.#era;
  }

  /** Whose turn it is, or was when the credential was handed out. */
  turnOf(credential: Credential | undefined): number {
    return (credential && this.#turns.get(credential)) ?? this.#turn;
  }

  /** Throws `login-required` when the turn is over. */
  expect(turn: number): void {
    if (turn !== this.#turn) throw signInNeeded();
  }

  handOut(credential: Credential, turn: number): Credential {
    this.expect(turn);
    this.#turns.set(credential, turn);
    return credential;
  }

  left(): void {
    this.#hasLeft = true;
    this.#era += 1;
    this.#turn += 1;
  }

  /**
   * A credential is here; `renewed`: while another was held. Answers whether what was loaded before may stay. Who says
   * nothing of the user is the same one while a credential is held, and nobody knows who after that.
   */
  came(user: unknown, renewed: boolean): boolean {
    const isKnown = user !== undefined && this.#user !== undefined;
    const isSame = isKnown ? user === this.#user : renewed || !this.#wasHere;
    // What was asked since a sign-out is for whoever comes next.
    if (isKnown && !isSame && !this.#hasLeft) this.#turn += 1;
    if (!isSame) this.#era += 1;
    this.#user = user ?? (renewed ? this.#user : undefined);
    this.#wasHere = true;
    this.#hasLeft = false;
    return isSame;
  }
}
