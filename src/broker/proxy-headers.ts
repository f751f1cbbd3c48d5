import type {ServerCredential} from './handler.js';

/** All that is handed on of a visitor's request. No cookie, no `Authorization`, nothing about where they came from. */
const FORWARDED = ['accept', 'accept-language', 'if-modified-since', 'if-none-match', 'if-range', 'range'];

/** All that is handed back. No cookie, no `Location`, no CORS of the upstream's own, nothing hop by hop. */
const RETURNED = [
  'accept-ranges',
  'content-crs',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'retry-after',
];

/** RFC 6750, or what else the type says; and what the platform wants to go along with it. */
export const attachDefault = (
  headers: Headers,
  {token, type = 'Bearer', cookies = {}, headers: others = {}}: ServerCredential,
): void => {
  headers.set('authorization', `${type} ${token}`);
  attachOthers(headers, {cookies, headers: others});
};

/** Cookies and other headers of a credential. */
export const attachOthers = (
  headers: Headers,
  {cookies = {}, headers: others = {}}: Pick<ServerCredential, 'cookies' | 'headers'>,
): void => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  if (pairs.length > 0) headers.set('cookie', pairs.join('; '));
  for (const [name, value] of Object.entries(others)) headers.set(name, value);
};

export const requestHeaders = ({headers}: Request): Headers => {
  const forwarded = new Headers();
  for (const name of FORWARDED) {
    const value = headers.get(name);
    if (value !== null) forwarded.set(name, value);
  }
  return forwarded;
};

/** Kept by the visitor's browser alone, no longer than the upstream says, and asked for anew where it says nothing. */
const cacheControl = (upstream: string): string => {
  if (/\bno-store\b/i.test(upstream)) return 'no-store';
  const age = /\bmax-age=(\d{1,9})\b/i.exec(upstream)?.[1];
  return age === undefined || /\bno-cache\b/i.test(upstream) ? 'private, no-cache' : `private, max-age=${age}`;
};

/** A map has no scripts, and JSONP would be one of the site's own: it is read as text, and run by nobody. */
const isScript = (type: string): boolean => /\b(java|ecma|j|live)script\b/i.test(type);

export const responseHeaders = ({ok, status, headers}: Response): Headers => {
  const returned = new Headers({
    'cache-control': ok || status === 304 ? cacheControl(headers.get('cache-control') ?? '') : 'no-store',
    // What one visitor may see is not there for the next one at the same browser.
    vary: 'Cookie, Authorization',
    'x-content-type-options': 'nosniff',
    // It is served under the site's own origin: whatever it is, it must not act there.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  });
  for (const name of RETURNED) {
    const value = headers.get(name);
    if (value !== null) returned.set(name, value);
  }
  if (isScript(returned.get('content-type') ?? '')) returned.set('content-type', 'text/plain; charset=utf-8');
  // The runtime has decoded the body: the length and the coding were of what it decoded.
  const length = headers.get('content-length');
  if (length !== null && !headers.has('content-encoding')) returned.set('content-length', length);
  return returned;
};
