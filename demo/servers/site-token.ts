import {randomBytes} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {checkPassword, SITE_CLIENT} from './accounts.js';
import type {Reply} from './exchange.js';

export interface SiteSession {
  /** For the page that is being served; undefined when the browser has a session already. */
  cookieFor(headers: IncomingHttpHeaders): string | undefined;
  answer(headers: IncomingHttpHeaders): Promise<Reply>;
  /** Whether the site knows the visitor. */
  knows(headers: IncomingHttpHeaders): boolean;
  /** Forgets every visitor. */
  endAll(): void;
  /** A service of the old kind: a user name and password for a token. */
  login(headers: IncomingHttpHeaders, body: string): Promise<Reply>;
}

/**
 * The back end of the site behind `token-url`: it knows its visitor by a
 * cookie, signs in to the provider itself, and hands out short-lived tokens.
 */
export function createSiteToken(tokenEndpoint: string, secret: string): SiteSession {
  const sessions = new Set<string>();
  const sessionOf = ({cookie = ''}: IncomingHttpHeaders): string | undefined =>
    /(?:^|; )site_session=([\w-]+)/u.exec(cookie)?.[1];
  const known = (headers: IncomingHttpHeaders): boolean => sessions.has(sessionOf(headers) ?? '');

  return {
    knows: known,
    endAll: () => sessions.clear(),
    cookieFor(headers) {
      if (known(headers)) return undefined;
      const session = randomBytes(16).toString('base64url');
      sessions.add(session);
      return `site_session=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    async answer(headers) {
      // Browsers say where a request comes from; whoever does not say is held to the cookie alone.
      const site = headers['sec-fetch-site'] ?? 'same-origin';
      if (site !== 'same-origin') return json(403, {error: 'cross_site'});
      if (!known(headers)) return json(401, {error: 'no_session'});
      const token = await askProvider(tokenEndpoint, secret).catch(() => undefined);
      return token === undefined ? json(502, {error: 'no_token'}) : json(200, token);
    },
    async login({authorization}, body) {
      const {username, password} = authorization === undefined ? fromJson(body) : fromBasic(authorization);
      if (checkPassword(username, password) === undefined) return json(401, {error: 'wrong_password'});
      const {access_token} = await askProvider(tokenEndpoint, secret);
      return json(200, authorization === undefined ? {token: access_token} : {access_token, username});
    },
  };
}

interface Typed {
  readonly username: string;
  readonly password: string;
}

const fromBasic = (authorization: string): Typed => {
  const [username = '', ...rest] = Buffer.from(authorization.replace(/^Basic /u, ''), 'base64')
    .toString()
    .split(':');
  return {username, password: rest.join(':')};
};

const fromJson = (body: string): Typed => {
  const {username = '', password = ''}: Partial<Typed> = JSON.parse(body);
  return {username, password};
};

/** The site signs in as itself. */
export async function askProvider(
  tokenEndpoint: string,
  secret: string,
): Promise<{readonly access_token: string; readonly token_type: string; readonly expires_in: number}> {
  const credential = Buffer.from(`${SITE_CLIENT}:${secret}`).toString('base64');
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: {authorization: `Basic ${credential}`},
    body: new URLSearchParams({grant_type: 'client_credentials'}),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The provider answered ${response.status}.`);
  const {access_token, expires_in}: {access_token: string; expires_in: number} = await response.json();
  return {access_token, token_type: 'Bearer', expires_in};
}

function json(status: number, body: object): Reply {
  return {
    status,
    headers: {'content-type': 'application/json', 'cache-control': 'no-store'},
    body: JSON.stringify(body),
  };
}
