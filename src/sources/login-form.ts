import {isSecure} from '../credentials/scope.js';
import {createLoginSource} from './login-form/login-source.js';
import {requests, type LoginKind} from './login-form/requests.js';
import {wrong} from './sign-in-fields.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';

const isKind = (name: string): name is LoginKind => Object.hasOwn(requests, name);

const read = ({loginKind = '', loginUrl}: SourceFields, {pageUrl}: SourceSettings): {kind: LoginKind; url: URL} => {
  if (!isKind(loginKind)) throw wrong('login-kind', `wrong value. Allowed: ${Object.keys(requests).join(', ')}`);
  if (loginUrl === undefined) throw wrong('login-url', 'is needed beside login-kind');
  const url = URL.parse(loginUrl, pageUrl);
  if (!url || !isSecure(url)) throw wrong('login-url', 'must be an https URL (http on this machine only)');
  if (url.username || url.password) throw wrong('login-url', 'has a user name or password in it');
  return {kind: loginKind, url};
};

/**
 * `login-url` and `login-kind`: the visitor's password goes through this page to a service that knows nothing better
 * (RFC 9700 §2.4 and RFC 10017 speak against it). Not in the default bundle: `secure-map/password.js` brings it.
 */
export const loginForm: SourceKind = {
  selectedBy: ['loginKind'],

  identity: (fields, settings) => {
    const {kind, url} = read(fields, settings);
    return `login ${JSON.stringify([kind, url, settings.tokenType, settings.byCookie])}`;
  },

  create: (fields, settings) => {
    const {kind, url} = read(fields, settings);
    settings.environment.warn?.(
      'login-kind sends passwords through this page, where every script can read them. Prefer a sign-in at a provider '
        + '(authority) or at the back end of the site (session-url).',
    );
    return createLoginSource({...requests[kind], url, settings});
  },
};
