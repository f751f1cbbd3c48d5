import {invalid} from './wrong.js';

/** An address below the one of the server, which may have a path of its own: `/map-proxy`. `path` begins with `/`. */
export const at = ({origin, pathname}: URL, path: string): string => `${origin}${pathname.replace(/\/+$/, '')}${path}`;

/** People copy addresses as browsers show them, and as they do not. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/**
 * `map` as a path, with a slash in front and its parts encoded. What could lead out of the server's path is refused.
 * `example` is shown in the message.
 */
export const mapPath = (map: string, example: string): string => {
  const parts = map
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(decoded);
  const isWrong = parts.some((part) => part === '' || part === '.' || part === '..' || /[?#/\\]/.test(part));
  if (isWrong) throw invalid('map', `must be a path on the server, like ${example}`);
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
};
