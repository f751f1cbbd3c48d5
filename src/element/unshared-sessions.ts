import type {CredentialSession} from '../credentials/session.js';
import type {SourceFields} from '../sources/source-kind.js';

/** The token of the tag's own attributes, whichever it is at the moment. */
const OWN = Symbol('own');

/**
 * The sessions that a tag shares with no other. What the visitor signed out of must not be tried again since something
 * else of the tag has changed.
 */
export class UnsharedSessions {
  #byKey = new Map<unknown, CredentialSession>();

  open({token, getToken, embed}: SourceFields, slot: number, create: () => CredentialSession): CredentialSession {
    const key = token !== undefined && slot === 0 ? OWN : (token ?? getToken ?? embed);
    const session = this.#byKey.get(key) ?? create();
    this.#byKey.set(key, session);
    return session;
  }

  /** Lets go of those that the page names no more. Its own token it may leave out and take up again. */
  keep(inUse: readonly CredentialSession[]): void {
    this.#byKey = new Map([...this.#byKey].filter(([key, session]) => key === OWN || inUse.includes(session)));
  }

  /** The page sets the token of the tag: what became of the one before says nothing of this one. */
  forgetToken(): void {
    this.#byKey.delete(OWN);
  }
}
