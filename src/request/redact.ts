/**
 * A URL that may be shown, logged or put into an event: origin and path. Query and fragment can hold a token
 * (`token-transport="query"`), user info always does.
 */
export const redact = (url: string): string => {
  const parsed = URL.parse(url, globalThis.location?.href);
  if (!parsed) return '(invalid URL)';
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return parsed.protocol;
  return `${parsed.origin}${parsed.pathname}`;
};
