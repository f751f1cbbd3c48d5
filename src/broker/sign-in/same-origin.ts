const originOf = (url: string | null): string | undefined => URL.parse(url ?? '')?.origin;

/**
 * Whether a request that reads may be answered. Browsers of today say where it comes from; what says nothing is no browser
 * that another site could use, or one that would not send the cookie along (`SameSite=Lax`).
 */
export const mayRead = ({headers}: Request): boolean =>
  ['same-origin', 'none', null].includes(headers.get('sec-fetch-site'));

/**
 * Whether a request that changes something is the page's own: by `Sec-Fetch-Site`, else by `Origin`, else by a header that
 * a page of another origin cannot set without being asked for by CORS, which there is none of (RFC 10017, "CSRF").
 */
export const mayChange = ({headers}: Request, base: URL): boolean => {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  if (origin !== null) return origin === base.origin;
  return headers.has('x-requested-with');
};

/** Whether the visitor goes here from a page of this origin, or by hand: not by a link, an image or a form of another site. */
export const isOwnVisit = ({headers}: Request, base: URL): boolean => {
  const site = headers.get('sec-fetch-site');
  if (site === null) return originOf(headers.get('referer')) === base.origin;
  return (site === 'same-origin' || site === 'none') && headers.get('sec-fetch-mode') === 'navigate';
};
