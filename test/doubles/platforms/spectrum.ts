import {CompactEncrypt} from 'jose';
import {addressOf, basicOf, bearerOf, cookieOf, createFront, json, notAllowed, text} from './front.js';
import type {Account, CorsMode, PlatformDouble} from './front.js';
import {createIssuedTokens} from './issued-tokens.js';
import type {IssuedToken, IssuedTokens} from './issued-tokens.js';
import {createSpectrumMaps} from './spectrum-maps.js';
import {createWorldContent} from './world-content.js';
import type {WorldContent} from './world-content.js';

export interface SpectrumOptions {
  readonly now?: () => number;
  /** `on`, `off` (as Spectrum is shipped) or on with the shipped list of headers, which lacks `Authorization`. */
  readonly cors?: CorsMode;
  readonly accounts?: readonly Account[];
  readonly content?: WorldContent;
}

export interface SpectrumToken {
  readonly username: string;
  readonly kind: 'open' | 'session';
  readonly ttlMinutes: number;
  /** Of a session token: what has to come along, and from where. */
  readonly session?: string;
  readonly address?: string;
  usedAt: number;
}

export interface SpectrumDouble extends PlatformDouble {
  /** Whether services take a user name and a password too. */
  basic: boolean;
  readonly tokens: IssuedTokens<SpectrumToken>;
}

export const SPECTRUM_ACCOUNTS: readonly Account[] = [
  {username: 'geo', password: 'spectrum-geo-password'},
  {username: 'gone', password: 'spectrum-gone-password', disabled: true},
];

const IDLE_MILLISECONDS = 30 * 60_000;

/** What `spectrum.http.cors.allowedHeaders` holds as shipped. */
const ALLOWED_HEADERS = ['X-PINGOTHER', 'Origin', 'X-Requested-With', 'Content-Type', 'Accept'];

/** Precisely Spectrum: the security web service, and the spatial services behind it. */
export const createSpectrumDouble = ({
  now = Date.now,
  cors = 'off',
  accounts = SPECTRUM_ACCOUNTS,
  content = createWorldContent(),
}: SpectrumOptions = {}): SpectrumDouble => {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const tokens = createIssuedTokens<SpectrumToken>(now);
  const maps = createSpectrumMaps(content);

  const accountOf = (request: Request): Account | undefined => {
    const given = basicOf(request);
    const known = accounts.find(({username, password}) => username === given?.username && password === given.password);
    return known?.disabled ? undefined : known;
  };

  /** A JWE that only the server can read, with the header of the document's samples. */
  const seal = (username: string): Promise<string> =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify({username, id: crypto.randomUUID()})))
      .setProtectedHeader({enc: 'A128CBC-HS256', alg: 'dir'})
      .encrypt(key);

  const issue = async (request: Request, kind: 'open' | 'session', ttl: string): Promise<Response> => {
    if (request.method !== 'GET') return notAllowed('GET');
    const account = accountOf(request);
    if (!account) return unauthorized('Basic realm="Spectrum"');
    // Assumed: what is not a number of minutes is a bad request.
    if (!/^\d{1,9}$/u.test(ttl)) return json({error: `ttlInMinutes must be a number, not ${ttl}`}, 400);
    const ttlMinutes = Number(ttl);
    const {username} = account;
    const access_token = await seal(username);
    const session = kind === 'session' ? crypto.randomUUID() : undefined;
    const bound = session === undefined ? {} : {session, address: addressOf(request)};
    tokens.add(access_token, ttlMinutes === 0 ? Infinity : ttlMinutes * 60, {
      username,
      kind,
      ttlMinutes,
      usedAt: now(),
      ...bound,
    });
    if (session === undefined) return json({access_token, username}, 200, {'cache-control': 'no-store'});
    // Assumed: the session comes as a cookie as well; "back and forth on all requests" needs one. No SameSite is named.
    const cookie = `SESSION=${session}; Path=/; HttpOnly`;
    return json({access_token, session, username}, 200, {'cache-control': 'no-store', 'set-cookie': cookie});
  };

  const presented = (request: Request): string | undefined =>
    bearerOf(request) ?? cookieOf(request, 'spectrum.authentication.token');

  /** The token of a request, if it counts; a session token lives on for another half hour. */
  const tokenOf = (request: Request): IssuedToken<SpectrumToken> | undefined => {
    const token = presented(request) ?? '';
    const entry = tokens.state(token) === 'valid' ? tokens.find(token) : undefined;
    if (entry?.about.kind !== 'session') return entry;
    const {about} = entry;
    const isIdle = now() - about.usedAt >= IDLE_MILLISECONDS;
    const isBound = cookieOf(request, 'SESSION') === about.session && addressOf(request) === about.address;
    if (isIdle || !isBound) return undefined;
    about.usedAt = now();
    return entry;
  };

  const mayUse = (request: Request): boolean =>
    tokenOf(request) !== undefined
    || (double.basic && presented(request) === undefined && accountOf(request) !== undefined);

  const answer = async (request: Request, url: URL): Promise<Response> => {
    const path = url.pathname;
    // `?_wadl` on one page of the documents, `?wadl` on another.
    if (path === '/security/rest' && /^\?_?wadl\b/u.test(url.search)) return wadl(url);
    const [, isSession, ttl] = /^\/security\/rest\/token\/access\/(session\/)?([^/]+)$/u.exec(path) ?? [];
    if (ttl !== undefined) return issue(request, isSession ? 'session' : 'open', ttl);
    if (path === '/security/rest/token/logout') return logout(request);
    if (!path.startsWith('/rest/Spatial/')) return text('Not Found', 404);
    if (!mayUse(request)) return unauthorized('Bearer');
    return request.method === 'GET' ? maps(url) : notAllowed('GET');
  };

  const logout = (request: Request): Response => {
    if (request.method !== 'GET') return notAllowed('GET');
    const entry = tokenOf(request);
    if (!entry) return unauthorized('Bearer');
    tokens.revoke(entry.token);
    // Assumed: nothing is said in answer.
    return new Response(null, {status: 204});
  };

  const front = createFront({
    cors,
    // Assumed: cookies are allowed when CORS is on, as in Jetty's filter, of which Spectrum's settings are.
    rules: {methods: ['GET', 'POST', 'HEAD'], headers: ALLOWED_HEADERS, credentials: true},
    answer,
  });
  const double: SpectrumDouble = Object.assign(front, {basic: true, tokens});
  return double;
};

const wadl = (url: URL): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?><application xmlns="http://wadl.dev.java.net/2009/02"><resources base="${url.origin}/security/rest"><resource path="/token/access/{ttlInMinutes}"><method name="GET"/></resource><resource path="/token/access/session/{ttlInMinutes}"><method name="GET"/></resource><resource path="/token/logout"><method name="GET"/></resource></resources></application>`,
    {headers: {'content-type': 'application/xml'}},
  );

/** Assumed: the body; only the vendor's own client tells that the status is 401. */
const unauthorized = (challenge: string): Response =>
  json({error: 'Unauthorized'}, 401, {'www-authenticate': challenge, 'cache-control': 'no-store'});
