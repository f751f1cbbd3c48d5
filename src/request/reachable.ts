/** A failed fetch says nothing more than that it failed; an answer to this lasts as long as one view takes to load. */
const REMEMBERED = 5_000;

export interface ReachableOptions {
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/**
 * Tells a server that answers, but without leave for this page (CORS), from one that cannot be reached. The probe is bare,
 * cannot be read, and asks for the origin's root only, once for any number of failures.
 */
export const createReachable = ({fetch, now}: ReachableOptions): ((origin: string) => Promise<boolean>) => {
  const known = new Map<string, {readonly at: number; readonly answer: Promise<boolean>}>();
  return (origin) => {
    const before = known.get(origin);
    if (before && now() - before.at < REMEMBERED) return before.answer;
    const answer = fetch(`${origin}/`, {
      method: 'HEAD',
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(REMEMBERED),
    }).then(
      () => true,
      () => false,
    );
    known.set(origin, {at: now(), answer});
    return answer;
  };
};
