/** No address is longer, and cookies are short. */
const LONGEST = 1_000;

/** For whoever wrote one that is not let through. */
export const WRONG_RETURN = 'returnTo must be a path of this origin, such as /map?x=1, and no route of the sign-in.';

/**
 * A path of the origin of `base`, or undefined for everything else: no sign-in sends anybody to another site (RFC 9700
 * §4.11), nor back to its own routes, where they would go in circles.
 */
export const safePath = (value: string, base: URL, path: string): string | undefined => {
  // Browsers take `//x`, `/\x` and a slash after a tab for another host.
  if (value.length > LONGEST || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value)) return undefined;
  const url = URL.parse(value, base);
  if (!url || url.origin !== base.origin || url.pathname.startsWith('//')) return undefined;
  const own = ['login', 'callback', 'session', 'logout'].map((route) => `${path}/${route}`);
  if (own.includes(decodedPath(url).replace(/\/+$/u, ''))) return undefined;
  return `${url.pathname}${url.search}${url.hash}`;
};

const decodedPath = ({pathname}: URL): string => {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
};
