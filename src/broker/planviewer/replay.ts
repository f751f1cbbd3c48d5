import {createExpiring} from '../expiring.js';

/** What may be used once. */
export interface Replay {
  /**
   * Takes `id` for so many seconds. False when somebody has taken it already: the second of two that ask at once must get
   * false, also when another instance asks (`SET id 1 NX EX seconds` of Redis, an `INSERT` with a unique key).
   */
  claim(id: string, seconds: number): Promise<boolean>;
}

/** In memory: right for one instance. Of several each would take the same code once. */
export const createReplay = (now: () => number): Replay => {
  const taken = createExpiring<true>(now);
  return {
    async claim(id, seconds) {
      if (taken.get(id)) return false;
      taken.set(id, true, seconds * 1000);
      return true;
    },
  };
};
