import type {SessionEvent, SessionListener} from './session-event.js';
import {transition, type AuthFact, type AuthState} from './state.js';

/** The state of a session, and those who are told what happens to it. */
export class SessionStatus {
  readonly #listeners = new Set<SessionListener>();
  #state: AuthState = 'anonymous';
  #next = Promise.withResolvers<AuthState>();

  get state(): AuthState {
    return this.#state;
  }

  /** The state after this one. Listens without being one of those that a session works for. */
  get next(): Promise<AuthState> {
    return this.#next.promise;
  }

  get audience(): number {
    return this.#listeners.size;
  }

  add(listener: SessionListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: SessionListener): void {
    this.#listeners.delete(listener);
  }

  move(fact: AuthFact, reason?: string): void {
    this.set(transition(this.#state, fact), reason);
  }

  set(state: AuthState, reason?: string): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    const {resolve} = this.#next;
    this.#next = Promise.withResolvers();
    resolve(state);
    this.tell({type: 'state', state, previous, reason});
  }

  /** The fault of one map must not keep the news from the others, nor undo what happened. */
  tell(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
