import {createExpiring} from '../expiring.js';

/**
 * The sessions that were signed out before their end. An encrypted cookie that somebody has copied would open until then;
 * one that is named here does not.
 */
export interface EndedSessions {
  /** Remembers `id` for `seconds`; after that its cookie has expired anyway. */
  add(id: string, seconds: number): Promise<void>;
  has(id: string): Promise<boolean>;
}

/** For one instance: the others do not hear of it, and go by the provider, which has taken the tokens back. */
export const createEndedSessions = (now: () => number): EndedSessions => {
  const ended = createExpiring<true>(now);
  return {
    async add(id, seconds) {
      ended.set(id, true, seconds * 1000);
    },
    async has(id) {
      return ended.get(id) ?? false;
    },
  };
};
