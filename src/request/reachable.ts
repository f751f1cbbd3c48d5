import {released} from '../credentials/abort.js';
import type {Environment} from '../credentials/environment.js';

/** A failed fetch says nothing more than that it failed; an answer to this lasts as long as one view takes to load. */
const REMEMBERED = 5_000;

/**
 * Tells a server that answers, but without leave for this page (CORS), from one that cannot be reached. The probe is bare,
 * cannot be read, and asks for the origin's root only, once for any number of failures.
 */
export const createReachable = (environment: Environment): ((origin: string) => Promise<boolean>) => {
  const known = new Map<string, {readonly at: number; readonly answer: Promise<boolean>}>();

  const probe = async (origin: string): Promise<boolean> => {
    const stop = new AbortController();
    const cancelTimeout = environment.after(REMEMBERED, () => stop.abort());
    try {
      const asked = environment.fetch(`${origin}/`, {
        method: 'HEAD',
        mode: 'no-cors',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: stop.signal,
      });
      await released(asked, stop.signal);
      return true;
    } catch {
      return false;
    } finally {
      cancelTimeout();
    }
  };

  return (origin) => {
    const now = environment.now();
    const before = known.get(origin);
    if (before && Math.abs(now - before.at) < REMEMBERED) return before.answer;
    const answer = probe(origin);
    known.set(origin, {at: now, answer});
    return answer;
  };
};
