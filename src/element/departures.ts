const LIFETIME = 15 * 60_000;
const KEY = 'secure-map.left.';

/** That the visitor was sent away to sign in: to what, when, and by which load of the page. */
type Departure = readonly [name: string, at: number, page: number];

const isDeparture = (value: unknown): value is Departure => Array.isArray(value) && Date.now() - value[1] < LIFETIME;

/** Storage can be blocked or hold anything. */
const read = (): readonly Departure[] => {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(KEY + location.pathname) ?? '[]');
    return Array.isArray(list) ? list.filter(isDeparture) : [];
  } catch {
    return [];
  }
};

/** Nothing is left behind of a visitor who went by a button, unless something on the page goes by itself. */
export const noteDeparture = (name: string, {mayGoByItself}: {readonly mayGoByItself: boolean}): void => {
  if (!mayGoByItself && read().length === 0) return;
  try {
    const departure: Departure = [name, Date.now(), performance.timeOrigin];
    sessionStorage.setItem(KEY + location.pathname, JSON.stringify([...read(), departure]));
  } catch {
    // Blocked or full.
  }
};

/**
 * Whether the page may leave by itself for this sign-in. What is kept in memory does not survive when the page leaves
 * for another one: each sign-in would undo the other, and the visitor would go in circles. One that came before that of
 * another has to be asked for by the visitor; and one at a time leaves.
 */
export const mayLeave = (name: string): boolean => {
  const departures = read();
  const last = departures.at(-1);
  if (last?.[2] === performance.timeOrigin) return false;
  return last?.[0] === name || departures.every(([other]) => other !== name);
};
