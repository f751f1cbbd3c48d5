/** `Retry-After` (RFC 9110 §10.2.3) in milliseconds from now: seconds, or an HTTP date. */
export const retryAfter = (response: Response, now: number): number | undefined => {
  const value = response.headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
