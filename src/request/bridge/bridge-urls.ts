import {SecureMapError} from '../../credentials/errors.js';
import {isSecure, type Scope} from '../../credentials/scope.js';
import {redact} from '../redact.js';

const wrong = (shown: string, why: string): SecureMapError =>
  new SecureMapError(
    'invalid-attribute',
    `tile-bridge: "${shown}" ${why}. Allowed: https addresses of bridge pages, http on this machine only, one for each `
      + 'origin among the allowed origins, separated by spaces.',
  );

const readUrl = (entry: string, scopes: readonly Scope[]): URL => {
  const url = URL.parse(entry);
  if (!url) throw wrong(entry.replace(/[?#].*/s, '').replace(/[^/]*@/g, ''), 'is not an absolute URL');
  const shown = redact(url.href);
  if (url.username || url.password) throw wrong(shown, 'has a user name or password in it');
  if (!isSecure(url)) throw wrong(shown, 'is not https');
  if (url.origin === location.origin) throw wrong(shown, "is of the page's own origin, which needs no bridge");
  if (!scopes.some((scope) => scope.some(({origin}) => origin === url.origin)))
    throw wrong(shown, 'is not of an origin that may receive a credential');
  return url;
};

/** Reads `tile-bridge`. Throws `invalid-attribute` that names the attribute and the wrong entry. */
export const parseBridgeUrls = (text: string, scopes: readonly Scope[]): readonly URL[] => {
  const urls = text
    .split(/\s+/)
    .filter(Boolean)
    .map((entry) => readUrl(entry, scopes));
  const twice = urls.find(({origin}, index) => urls.findIndex((other) => other.origin === origin) !== index);
  if (twice) throw wrong(redact(twice.href), 'is the second one of its origin');
  return urls;
};
