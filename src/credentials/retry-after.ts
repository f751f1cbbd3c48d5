/** Browsers read a date into almost any text: "1.5" is in January 2001. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, /;

/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds from now: seconds, or an HTTP date. */
export const retryAfter = (response: Response, now: number): number | undefined => {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = HTTP_DATE.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
