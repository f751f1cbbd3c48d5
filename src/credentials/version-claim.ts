import type {Environment} from './environment.js';

/** After a renewal; a page that holds a lock cannot go into the back/forward cache, so not for longer. */
const HELD = 5_000;

/** Ends the claim: at once when nothing came of it, else as soon as every tab knows what did. */
export type EndClaim = (isRenewed: boolean) => void;

/**
 * Claims what is kept in this version for one renewal by one tab. Browsers keep a copy of a storage in each process,
 * and on a busy machine it may lag behind: a tab would renew with a refresh token that another has used up, which ends
 * the session. Locks have no copies. `undefined`: another tab was faster. `isOverdue`: one was, and has not been heard of
 * for so long that it must have gone to sleep over it.
 */
export const claimVersion = (
  name: string,
  version: number,
  {locks, after}: Pick<Environment, 'locks' | 'after'>,
  isOverdue: boolean,
): Promise<EndClaim | undefined> => {
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    locks
      .request(`secure-map.claim.${version}.${name}`, isOverdue ? {steal: true} : {ifAvailable: true}, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => {
          resolve((isRenewed) => void (isRenewed ? after(HELD, release) : release()));
        });
      })
      // Locks that are not given just now: as if another tab had it, to be asked for again.
      .catch(() => resolve(undefined));
  });
};
