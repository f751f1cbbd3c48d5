import {SecureMapError} from './errors.js';

/** The origins, each with an optional path prefix, that may see a credential. */
export type Scope = readonly ScopeEntry[];

interface ScopeEntry {
  readonly origin: string;
  /** Always begins and ends with `/`; `/` is the whole origin. */
  readonly path: string;
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** https, or http on this machine (RFC 6750 §5.3: a bearer token needs TLS). */
export const isSecure = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));

/**
 * Servers disagree on what an encoded separator or dot is, and on whether `..;` still means `..`, so below a path prefix
 * each may mean a way out.
 */
const AMBIGUOUS = /%(25)*(2e|2f|5c)|\/\.\.?(;|%(25)*3b)/i;

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

const refuse = (attribute: string, text: string, why: string): never => {
  throw new SecureMapError(
    'invalid-attribute',
    `${attribute}: "${text}" ${why}. Allowed: https origins, each with an optional path prefix, separated by spaces; `
      + 'http on this machine only.',
  );
};

/** What may be shown of text that is no URL: neither a query nor what could be a user name and password. */
const harmless = (text: string): string => text.replace(/[?#].*/s, '').replace(/[^/]*@/g, '');

const parseEntry = (attribute: string, text: string): ScopeEntry => {
  if (text.includes('*')) refuse(attribute, harmless(text), 'has a wildcard');
  const url = URL.parse(text);
  if (!url) return refuse(attribute, harmless(text), 'is not an absolute URL');
  // The path of a URL of another scheme may be anything at all.
  const shown = /^https?:$/.test(url.protocol) ? `${url.origin}${url.pathname}` : url.protocol;
  if (url.username || url.password) refuse(attribute, shown, 'has a user name or password in it');
  if (url.search || url.hash) refuse(attribute, shown, 'has a query or fragment');
  if (!isSecure(url)) refuse(attribute, shown, 'is not https');
  if (AMBIGUOUS.test(url.pathname)) refuse(attribute, shown, 'has an encoded separator or dot in its path');
  return {origin: url.origin, path: withSlash(url.pathname)};
};

/** Reads `allowed-origins`. Throws `invalid-attribute` that names the attribute and the wrong entry. */
export const parseScope = (attribute: string, text: string): Scope =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map((entry) => parseEntry(attribute, entry));

/** The scope that a URL of the page's own markup gives: its origin, when credentials may go there at all. */
export const originScope = (url: URL): Scope => (isSecure(url) ? [{origin: url.origin, path: '/'}] : []);

/**
 * Compares origins exactly, never as text prefixes: `https://a.example` is not `https://a.example.evil.test`. Paths
 * are compared whole segments at a time, after the URL parser took out `.` and `..`.
 */
export const covers = (scope: Scope, url: URL): boolean =>
  isSecure(url)
  && scope.some(
    ({origin, path}) =>
      origin === url.origin
      && (path === '/' || (withSlash(url.pathname).startsWith(path) && !AMBIGUOUS.test(url.pathname))),
  );
