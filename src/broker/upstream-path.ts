import {invalidOption} from './check-options.js';

/**
 * What two servers may read differently: an encoded separator, dot, `;` or control character, however often encoded; a dot
 * segment with a matrix parameter, which servlet containers cut off before they resolve it; an empty segment.
 */
const AMBIGUOUS = /%(25)*(2e|2f|5c|3b|[01][0-9a-f]|7f)|\/\.{1,2}(;|\/|$)|\/\/|\\/i;

/** Matrix parameters in front of the last segment are no part of any map request, and no two servers treat them alike. */
const EARLY_PARAMETERS = /;[^/]*\//;

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

/** A path as the upstream will read it, for comparing; `undefined` when that cannot be told for certain. */
const normalPath = (path: string): string | undefined =>
  AMBIGUOUS.test(path) || EARLY_PARAMETERS.test(path) ? undefined : decoded(path.replace(/;.*$/, ''));

const withSlash = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

/** Whether a path is a prefix or below it, by whole segments. */
const isBelow = (path: string, prefix: string): boolean => withSlash(path).startsWith(withSlash(prefix));

/** `mount` without a slash at its end: `/maps`, or nothing for the whole origin. */
export const checkMount = (mount: string): string => {
  if (!mount.startsWith('/') || normalPath(mount) !== mount) {
    throw invalidOption('mount', 'must be a plain path such as "/maps"');
  }
  return mount.replace(/\/$/, '');
};

export interface UpstreamPaths {
  readonly mount: string;
  readonly base: URL;
  readonly paths: readonly string[];
  /** Paths that are out of bounds whatever `paths` say. */
  readonly closed: RegExp | undefined;
}

export const checkPaths = ({base, paths}: UpstreamPaths): void => {
  const root = base.pathname.replace(/\/$/, '');
  for (const [index, path] of paths.entries()) {
    const option = `paths[${index}]`;
    if (!path.startsWith('/') || path.includes(';') || normalPath(encodeURI(path)) !== path) {
      throw invalidOption(option, 'must be a plain path such as "/rest/Spatial/"');
    }
    if (!isBelow(path, root)) throw invalidOption(option, `must be below the path of "upstream", ${root}`);
  }
};

/** Where a request goes: a URL of the upstream, or the status to refuse it with. */
export const upstreamFor = (request: URL, {mount, base, paths, closed}: UpstreamPaths): URL | 400 | 404 => {
  const {pathname} = request;
  if (!pathname.startsWith(`${mount}/`)) return 404;
  const path = base.pathname.replace(/\/$/, '') + pathname.slice(mount.length);
  const normal = normalPath(path);
  if (normal === undefined) return 400;
  if (!paths.some((prefix) => isBelow(normal, prefix)) || closed?.test(normal.toLowerCase())) return 404;
  const url = new URL(base.origin + path);
  url.search = harmless(request.search);
  // The URL parser has its own mind about paths: what it makes of this one must be what was compared.
  return url.pathname === path ? url : 400;
};

/**
 * A visitor brings no credential of their own to a platform that looks for one in the query; nor another method for one
 * that takes `_method` for it (SuperMap iServer, "POST to GET", and many frameworks).
 */
const harmless = (search: string): string =>
  search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => !/^(access_token|token|_method)$/i.test(decoded(pair.split('=', 1)[0] ?? '') ?? ''))
    .join('&');
