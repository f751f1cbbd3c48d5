import {isSecure} from '../credentials/scope.js';
import type {CookieSessionOptions} from './session/options.js';
import {createSessionSource} from './session/session-source.js';
import {wrong} from './sign-in-fields.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';

const parse = (attribute: string, value: string, pageUrl: string): URL => {
  const url = URL.parse(value, pageUrl);
  if (!url || !isSecure(url)) throw wrong(attribute, 'must be an https URL (http on this machine only)');
  // `fetch` would refuse it with a message that spells the password out.
  if (url.username || url.password) throw wrong(attribute, 'has a user name or password in it');
  return url;
};

const optional = (attribute: string, value: string | undefined, pageUrl: string): URL | undefined =>
  value === undefined ? undefined : parse(attribute, value, pageUrl);

/** The page that a popup comes back to: the one that came with the tag, else the page itself. */
const returnUrlOf = ({redirectUri}: SourceFields, {pageUrl, callbackUrl}: SourceSettings): string => {
  const url = redirectUri === undefined ? URL.parse(callbackUrl ?? location.href) : URL.parse(redirectUri, pageUrl);
  if (!url || url.origin !== location.origin) throw wrong('redirect-uri', "is no page of the page's own origin");
  return url.href;
};

const sessionOptions = (fields: SourceFields, settings: SourceSettings): CookieSessionOptions => {
  const {pageUrl, environment, allows} = settings;
  // Not that of `pageUrl`, which a `<base>` may have moved elsewhere.
  const {origin} = location;
  const isReachable = (url: URL): boolean => url.origin === origin || (allows?.(url) ?? false);
  const sessionUrl = parse('session-url', fields.sessionUrl ?? '', pageUrl);
  if (!isReachable(sessionUrl)) {
    throw wrong('session-url', 'is of another origin, which allowed-origins must name');
  }
  const logoutUrl = optional('logout-url', fields.logoutUrl, pageUrl);
  return {
    sessionUrl,
    loginUrl: optional('login-url', fields.loginUrl, pageUrl),
    logoutUrl,
    returnUrl: returnUrlOf(fields, settings),
    origin,
    environment,
    canPostLogout: logoutUrl !== undefined && isReachable(logoutUrl),
  };
};

/** `session-url`: a cookie session with the site's own back end, and no token in the page (BFF, RFC 10017). */
export const session: SourceKind = {
  selectedBy: ['sessionUrl'],
  carriedBy: 'cookie',

  identity: (fields, settings) => {
    const {sessionUrl, loginUrl, logoutUrl} = sessionOptions(fields, settings);
    return `session ${JSON.stringify([sessionUrl, loginUrl, logoutUrl])}`;
  },

  create: (fields, settings) => createSessionSource(sessionOptions(fields, settings)),
};
