import {Hono} from 'hono';
import {digest} from '../digest.js';
import {createExpiring} from '../expiring.js';
import type {CredentialHandler} from '../handler.js';
import {json} from './answers.js';
import {createCallback} from './callback.js';
import {createLogin} from './login.js';
import {createLogout} from './logout.js';
import {settingsOf, type SignInOptions} from './options.js';
import {createParts} from './parts.js';
import type {UserClaims} from './provider.js';
import {createSessionRoute} from './session-route.js';

/** How long a token that a map server has refused is remembered, at most: longer than one lives. */
const REFUSED = 600_000;

/** A sign-in for the page, and the credential that comes of it for the proxy. */
export interface SignIn extends CredentialHandler {
  /** Who the visitor of a request is; undefined when nobody is signed in. Fits `authorize` and `authenticate`. */
  user(request: Request): Promise<UserClaims | undefined>;
}

/**
 * Signs visitors in for the page, which gets a cookie that no script can read and never a token (BFF, RFC 10017): OpenID
 * Connect or OAuth 2.0 with code, PKCE and state. The session is in the cookie, encrypted, so that any instance answers.
 *
 * Routes, below the path of `baseUrl`: `GET /login?returnTo=`, `GET /callback` (the redirect URI to register at the
 * provider), `GET /session` for `session-url`, `POST|GET /logout?returnTo=` (to register as post-logout redirect URI).
 *
 * `credential(request)` gives the proxy the access token of the visitor. It never renews one: what it would have to put on
 * the answer of a tile is written by `/session`, where the page asks as soon as a tile is answered with 401.
 *
 * @throws BrokerError `invalid-option`, which names the option.
 */
export const createSignIn = (options: SignInOptions): SignIn => {
  const settings = settingsOf(options);
  const parts = createParts(settings);
  const {sessions, renewal} = parts;
  const refused = createExpiring<true>(settings.now);

  const session = createSessionRoute(parts, async ({accessToken}) => refused.get(await digest(accessToken)) ?? false);
  const login = createLogin(parts);
  const callback = createCallback(parts);
  const logout = createLogout(parts);

  const app = new Hono().basePath(settings.path || '/');
  app.get('/login', ({req}) => login(req.raw));
  app.get('/callback', ({req}) => callback(req.raw));
  app.get('/session', ({req}) => session(req.raw));
  app.on(['GET', 'POST'], '/logout', ({req}) => logout(req.raw));
  for (const route of ['/login', '/callback', '/session'])
    app.all(route, () => json(405, {error: 'method_not_allowed'}, [], {allow: 'GET'}));
  app.all('/logout', () => json(405, {error: 'method_not_allowed'}, [], {allow: 'GET, POST'}));
  app.notFound(() => json(404, {error: 'not_found'}));
  app.onError((error) => {
    settings.report(error);
    return json(500, {error: 'server_error'});
  });

  return Object.assign(async (request: Request): Promise<Response> => app.fetch(request), {
    async credential(request: Request, wish: Parameters<CredentialHandler['credential']>[1] = {}) {
      const found = await sessions.find(request);
      if (found.state !== 'signed-in' || !renewal.isUsable(found.session)) return undefined;
      const {accessToken, expiresAt} = found.session;
      if (wish.reason !== 'unauthorized') return {token: accessToken, type: 'Bearer', expiresAt};
      // There is no other one. `/session` will see to it, and to the cookie.
      refused.set(await digest(accessToken), true, REFUSED);
      return undefined;
    },
    async user(request: Request) {
      const found = await sessions.find(request);
      return found.state === 'signed-in' ? (found.session.user ?? {}) : undefined;
    },
  });
};
