import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import type {IncomingHttpHeaders} from 'node:http';
import {checkPassword, type DemoAccount} from './accounts.js';
import type {Exchange, Reply} from './exchange.js';
import {renderLogin, signInHeaders} from './login-page.js';

export interface SiteSessionOptions {
  readonly origin: string;
  readonly mapOrigin: string;
  /** A token for the map server; with `true` a new one, since the last was refused. */
  readonly token: (isRefused: boolean) => Promise<string>;
  /** A session ends when its visitor does nothing for so long. */
  readonly idleSeconds: number;
}

/** Everything under `/bff/`. */
export interface SiteBackEnd {
  answer(exchange: Exchange, body: () => Promise<string>): Promise<Reply>;
  /** Whether the visitor has signed in; then the session lives on. */
  knows(headers: IncomingHttpHeaders): boolean;
  /** Ends every session. */
  endAll(): void;
}

interface Session {
  readonly account: DemoAccount;
  seenAt: number;
}

/** With TLS it would be `__Host-bff` and `Secure`: no other host of the site could set it (RFC 10017). */
const COOKIE = 'bff';

/**
 * The back end behind `session-url`: it knows its visitor by a cookie that no script can read, signs in to the map
 * server itself, and passes the map through. The page never sees a token.
 */
export async function createSiteSession(options: SiteSessionOptions): Promise<SiteBackEnd> {
  const {origin, mapOrigin, idleSeconds} = options;
  const sessions = new Map<string, Session>();
  const styles = await readFile(new URL('sign-in.css', import.meta.url));

  const idOf = ({cookie = ''}: IncomingHttpHeaders): string => /(?:^|; )bff=([\w-]+)/u.exec(cookie)?.[1] ?? '';
  const find = (headers: IncomingHttpHeaders): Session | undefined => {
    const session = sessions.get(idOf(headers));
    if (session && Date.now() - session.seenAt < idleSeconds * 1000) return session;
    sessions.delete(idOf(headers));
    return undefined;
  };
  const cookie = (value: string, rest = ''): Record<string, string> => ({
    'set-cookie': `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${rest}`,
  });

  /** A path of this site and nothing else (RFC 9700 §4.11). */
  const returnAddress = (url: URL): string => {
    const path = url.searchParams.get('returnTo') ?? '/';
    const target = /^\/(?![/\\])/u.test(path) ? URL.parse(path, origin) : null;
    return target?.origin === origin ? target.href : `${origin}/`;
  };

  const askWho = (headers: IncomingHttpHeaders): Reply => {
    const session = find(headers);
    // Not 401, which browsers write on the console as an error.
    if (session === undefined) return json(200, {authenticated: false});
    session.seenAt = Date.now();
    const {id, name} = session.account;
    return json(200, {authenticated: true, user: {sub: id, name}, idleSeconds});
  };

  const login = async ({method, url}: Exchange, body: () => Promise<string>): Promise<Reply> => {
    const action = `${url.pathname}${url.search}`;
    const headers = signInHeaders(origin);
    if (method !== 'POST') return {status: 200, headers, body: renderLogin({action})};
    const fields = new URLSearchParams(await body());
    const back = {status: 303, headers: {location: returnAddress(url), 'cache-control': 'no-store'}};
    if (fields.get('answer') === 'cancel') return back;
    const userName = fields.get('name') ?? '';
    const account = checkPassword(userName, fields.get('password') ?? '');
    if (account === undefined) {
      const error = 'The user name and password do not match.';
      return {status: 401, headers, body: renderLogin({action, userName, error})};
    }
    // A new name for a new session, so that nobody can have planted it (session fixation).
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, {account, seenAt: Date.now()});
    return {...back, headers: {...back.headers, ...cookie(id)}};
  };

  const logout = ({method, url, headers}: Exchange): Reply => {
    sessions.delete(idOf(headers));
    const gone = {'cache-control': 'no-store', ...cookie('', '; Max-Age=0')};
    if (method === 'POST') return {status: 204, headers: gone};
    return {status: 303, headers: {location: returnAddress(url), ...gone}};
  };

  const pass = async ({url, headers}: Exchange, path: string): Promise<Reply> => {
    const session = find(headers);
    if (session === undefined) return json(401, {error: 'no_session'});
    session.seenAt = Date.now();
    const ask = async (isRefused: boolean): Promise<Response> =>
      fetch(`${mapOrigin}${path}${url.search}`, {headers: {authorization: `Bearer ${await options.token(isRefused)}`}});
    const first = await ask(false);
    const answer = first.status === 401 ? await ask(true) : first;
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    const bytes = Buffer.from(await answer.arrayBuffer());
    // The map server names itself in its configuration; here it is known by another address.
    const isText = path.startsWith('/config/');
    const body = isText ? bytes.toString().replaceAll(mapOrigin, `${origin}/bff/map`) : bytes;
    return {status: answer.status, headers: {'content-type': type, 'cache-control': 'private, no-store'}, body};
  };

  return {
    knows(headers) {
      const session = find(headers);
      if (session !== undefined) session.seenAt = Date.now();
      return session !== undefined;
    },
    endAll: () => sessions.clear(),
    async answer(exchange, body) {
      const {method, url, headers} = exchange;
      const {pathname} = url;
      if (pathname === '/bff/login' && (method === 'GET' || method === 'POST')) return login(exchange, body);
      if (pathname === '/bff/logout' && method === 'GET') return logout(exchange);
      if (pathname === '/sign-in.css') {
        return {status: 200, headers: {'content-type': 'text/css; charset=utf-8'}, body: styles};
      }
      const map = /^\/bff\/map(\/.+)$/u.exec(pathname)?.[1];
      if (map !== undefined && method === 'GET') return pass(exchange, map);
      // From here on only for our own page: a page of another site cannot set the header (RFC 10017, "CSRF Defense").
      if (headers['x-requested-with'] !== 'secure-map') return json(403, {error: 'csrf'});
      if (pathname === '/bff/session' && method === 'GET') return askWho(headers);
      if (pathname === '/bff/logout' && method === 'POST') return logout(exchange);
      return json(404, {error: 'not_found'});
    },
  };
}

function json(status: number, body: object): Reply {
  return {
    status,
    headers: {'content-type': 'application/json', 'cache-control': 'no-store'},
    body: JSON.stringify(body),
  };
}
