import {CompactSign, generateKeyPair} from 'jose';
import {bytes, createFront, json, notAllowed} from './front.js';
import type {Account, CorsMode, PlatformDouble} from './front.js';
import {createIssuedTokens} from './issued-tokens.js';
import type {IssuedTokens} from './issued-tokens.js';
import {isTile, createWorldContent, HALF_WORLD} from './world-content.js';
import type {WorldContent} from './world-content.js';

export interface OnemapOptions {
  /** To sign with. Default: a new pair, made when it is first needed. */
  readonly keys?: ReturnType<typeof generateKeyPair>;
  readonly now?: () => number;
  readonly cors?: CorsMode;
  readonly preflight?: 'allow' | 'refuse';
  readonly accounts?: readonly Account[];
  readonly content?: WorldContent;
}

export interface OnemapDouble extends PlatformDouble {
  /**
   * Whether preflights of GET requests are answered. The document says that GET has CORS and other methods have none; of
   * OPTIONS it says nothing, so both are possible.
   */
  preflight: 'allow' | 'refuse';
  /** The claim `iat` is a string in the document's first token, a number in its second. */
  iat: 'number' | 'string';
  /** The text says two hours; its sample tokens have 86 400 and 3600 seconds. */
  lifetimeSeconds: number;
  readonly tokens: IssuedTokens<Account>;
}

export const ONEMAP_ACCOUNTS: readonly Account[] = [
  {username: 'viewer', password: 'onemap-viewer-password', roles: ['ROLE_USER']},
  {username: 'admin', password: 'onemap-admin-password', roles: ['ROLE_USER', 'ROLE_ADMIN']},
  {username: 'gone', password: 'onemap-gone-password', roles: ['ROLE_USER'], disabled: true},
];

/**
 * Onemap of NieuwlandGeo. Assumed: bodies, headers and messages are those of LexikJWTAuthenticationBundle, whose default
 * recipe the documented login is.
 */
export const createOnemapDouble = ({
  keys: given,
  now = Date.now,
  cors = 'on',
  preflight = 'allow',
  accounts = ONEMAP_ACCOUNTS,
  content = createWorldContent(),
}: OnemapOptions = {}): OnemapDouble => {
  let made = given;
  const keys = (): ReturnType<typeof generateKeyPair> => (made ??= generateKeyPair('RS256'));
  const tokens = createIssuedTokens<Account>(now);

  const login = async (request: Request): Promise<Response> => {
    // Assumed: Symfony's json_login leaves a request of another type to the router, which knows no such page.
    if (!/^application\/json\b/iu.test(request.headers.get('content-type') ?? '')) return problem(404, 'Not Found');
    const body = await request.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null) return problem(400, 'Invalid JSON.');
    const {username, password}: {username?: unknown; password?: unknown} = body;
    if (typeof username !== 'string') return problem(400, 'The key "username" must be provided.');
    if (typeof password !== 'string') return problem(400, 'The key "password" must be provided.');
    const account = accounts.find((each) => each.username === username && each.password === password);
    if (!account) return unauthorized('Invalid credentials.');
    // Assumed: Symfony's DisabledException.
    if (account.disabled) return unauthorized('Account is disabled.');
    return json({token: await issue(account)});
  };

  const issue = async (account: Account): Promise<string> => {
    const issuedAt = Math.floor(now() / 1000);
    const {username, roles = []} = account;
    const {privateKey} = await keys();
    const claims = {
      iat: double.iat === 'string' ? String(issuedAt) : issuedAt,
      exp: issuedAt + double.lifetimeSeconds,
      // Assumed: Lexik adds the roles.
      roles,
      username,
      // Two tokens of one second would be the same otherwise.
      jti: crypto.randomUUID(),
    };
    // Not SignJWT, which takes no `iat` that is a string.
    const token = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({typ: 'JWT', alg: 'RS256'})
      .sign(privateKey);
    tokens.add(token, double.lifetimeSeconds, account);
    return token;
  };

  const refusal = (request: Request): Response | undefined => {
    const token = /^Bearer (\S.*)$/iu.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return unauthorized('JWT Token not found');
    const state = tokens.state(token);
    if (state === 'valid') return undefined;
    return unauthorized(state === 'expired' ? 'Expired JWT Token' : 'Invalid JWT Token');
  };

  const answer = async (request: Request, url: URL): Promise<Response> => {
    const {method} = request;
    const path = url.pathname;
    if (path === '/api/login_check') return method === 'POST' ? login(request) : notAllowed('POST');
    if (method !== 'GET') return notAllowed('GET');
    if (path === '/api/doc') return json(documentation(url));
    if (!path.startsWith('/api/v1/')) return problem(404, 'Not Found');
    return refusal(request) ?? resource(url);
  };

  const resource = async (url: URL): Promise<Response> => {
    const path = url.pathname;
    if (path === '/api/v1/mapservices') return json(MAPS.map(({slug, title}, i) => ({id: i + 1, title, slug})));
    const [, slug, rest = ''] = /^\/api\/v1\/maps\/([\w-]+)(\/.*)?$/u.exec(path) ?? [];
    const map = MAPS.find((each) => each.slug === slug);
    if (!map) return problem(404, 'Not Found');
    if (rest === '') return json(configOf(map, `${url.origin}/api/v1/maps/${map.slug}`));
    if (rest === '/wms') return content.wms(url);
    const [z = -1, x = -1, y = -1] = (/^\/tiles\/(\d+)\/(\d+)\/(\d+)\.png$/u.exec(rest) ?? []).slice(1).map(Number);
    return isTile(z, x, y) ? bytes(await content.tile('world', z, x, y), 'image/png') : problem(404, 'Not Found');
  };

  const front = createFront({
    cors,
    rules: {
      methods: ['GET'],
      headers: ['Content-Type'],
      // All GET responses have CORS, the refused ones too; no other method has, and nothing of the login.
      applies: (method, url, isPreflight) =>
        method === 'GET' && (!isPreflight || (double.preflight === 'allow' && url.pathname !== '/api/login_check')),
    },
    answer,
  });
  const double: OnemapDouble = Object.assign(front, {
    preflight,
    iat: 'number' as const,
    lifetimeSeconds: 7200,
    tokens,
  });
  return double;
};

interface OnemapMap {
  readonly slug: string;
  readonly title: string;
}

const MAPS: readonly OnemapMap[] = [
  {slug: 'world', title: 'World'},
  {slug: 'countries', title: 'Countries'},
];

/**
 * Assumed, all of it: neither the address of a map's configuration nor its form is documented. What a map has (title,
 * projection, extent, description, contact, environment, layers in order) is.
 */
const configOf = ({slug, title}: OnemapMap, base: string): object => ({
  title,
  slug,
  description: 'The world for those who are signed in.',
  contact: 'geo@org.example',
  environment: 'intranet',
  projection: 'EPSG:3857',
  extent: [-HALF_WORLD / 4, HALF_WORLD / 5, HALF_WORLD / 4, HALF_WORLD / 2],
  layers: [
    {id: 'world', type: 'xyz', title: 'World', url: `${base}/tiles/{z}/{x}/{y}.png`, visible: true},
    {
      id: slug === 'world' ? 'boundaries' : 'countries',
      type: 'wms',
      title: slug === 'world' ? 'Boundaries' : 'Countries',
      url: `${base}/wms`,
      layers: slug === 'world' ? 'boundaries' : 'countries',
      format: 'image/png',
      version: '1.3.0',
      visible: true,
      opacity: slug === 'world' ? 1 : 0.6,
      queryable: true,
    },
  ],
});

const documentation = (url: URL): object => ({
  openapi: '3.0.0',
  info: {title: 'Onemap', version: 'v1'},
  servers: [{url: url.origin}],
  paths: {
    '/api/login_check': {post: {summary: 'A token for a user name and a password'}},
    '/api/v1/mapservices': {get: {summary: 'The map services', security: [{jwt: []}]}},
  },
});

const problem = (code: number, message: string): Response => json({code, message}, code);

const unauthorized = (message: string): Response =>
  json({code: 401, message}, 401, {'www-authenticate': 'Bearer', 'cache-control': 'no-store'});
