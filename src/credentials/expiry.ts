const SECOND = 1000;
/** A lifetime beyond this is a mistake or a prank; it also keeps dates inside what a `Date` can hold. */
const TEN_YEARS = 10 * 365 * 24 * 3600 * SECOND;
/** Epoch numbers below this are seconds (until the year 5138), above it milliseconds (since 1973). */
const SECONDS_LIMIT = 100_000_000_000;

/** ISO 8601 or the date of HTTP. Browsers read a date into almost any other text as well: "soon 1" is in 2001. */
const DATE = /^(\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2}, \d{1,2} )/;

const toNumber = (value: unknown): number | undefined => {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** `expires_in` of RFC 6749 §5.1: seconds. Some servers send a string; zero or less means: over at once. */
export const fromLifetime = (seconds: unknown, receivedAt: number): number | undefined => {
  const number = toNumber(seconds);
  return number === undefined ? undefined : receivedAt + Math.min(Math.max(number * SECOND, 0), TEN_YEARS);
};

/** A point in time: epoch seconds, epoch milliseconds, a date string or a `Date`. */
export const fromDate = (value: unknown, receivedAt: number): number | undefined => {
  const number = toNumber(value);
  let time: number | undefined;
  if (number !== undefined) time = number < SECONDS_LIMIT ? number * SECOND : number;
  else if (value instanceof Date) time = value.getTime();
  else if (typeof value === 'string' && DATE.test(value.trim())) time = Date.parse(value.trim());
  if (time === undefined || Number.isNaN(time)) return undefined;
  return Math.min(time, receivedAt + TEN_YEARS);
};

/**
 * When to ask for the next credential: `min(max(30 s, 20 % of the lifetime), half the lifetime)` before the end, ±10 % so
 * that many pages do not ask at once. A longer skew asked for by the page is cut at half the lifetime, since renewing
 * earlier would never stop renewing.
 */
export const renewalTime = (
  {receivedAt, expiresAt}: {readonly receivedAt: number; readonly expiresAt: number},
  {skew, random}: {readonly skew?: number | undefined; readonly random: () => number},
): number => {
  const lifetime = Math.max(0, expiresAt - receivedAt);
  const wanted = skew ?? Math.max(30 * SECOND, 0.2 * lifetime);
  const jitter = skew === undefined ? 0.9 + 0.2 * random() : 1;
  return expiresAt - Math.min(wanted, lifetime / 2) * jitter;
};
