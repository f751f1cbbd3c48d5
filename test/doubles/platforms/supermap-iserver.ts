import {randomBytes} from 'node:crypto';
import {addressOf, bearerOf, createFront, notAllowed, text} from './front.js';
import type {Account, CorsMode, PlatformDouble} from './front.js';
import {createIssuedTokens} from './issued-tokens.js';
import type {IssuedTokens} from './issued-tokens.js';
import {createSupermapMaps, failed} from './supermap-maps.js';
import {createWorldContent} from './world-content.js';
import type {WorldContent} from './world-content.js';

export interface IserverOptions {
  readonly now?: () => number;
  readonly cors?: CorsMode;
  readonly accounts?: readonly Account[];
  /** Of the Keycloak double: an iServer that was joined to Keycloak takes its tokens. Default: none is taken. */
  readonly acceptsBearer?: (accessToken: string) => boolean;
  readonly content?: WorldContent;
}

export type ClientType = 'IP' | 'Referer' | 'RequestIP' | 'NONE';

export interface IserverToken {
  readonly username: string;
  readonly clientType: ClientType;
  /** The address or the beginning of the URL that the token is bound to. */
  readonly bound?: string;
}

export interface IserverDouble extends PlatformDouble {
  /** Whether the tokens of Keycloak count; needs `acceptsBearer`. */
  bearer: boolean;
  readonly tokens: IssuedTokens<IserverToken>;
}

export const ISERVER_ACCOUNTS: readonly Account[] = [
  {username: 'mapuser', password: 'iserver-mapuser-password'},
  {username: 'gone', password: 'iserver-gone-password', disabled: true},
];

const CLIENT_TYPES: readonly string[] = ['IP', 'Referer', 'RequestIP', 'NONE'] satisfies ClientType[];
const isClientType = (value: unknown): value is ClientType => typeof value === 'string' && CLIENT_TYPES.includes(value);

/** SuperMap iServer with tokens of its own. Assumed: CORS is on, and lets `token` through. */
export const createIserverDouble = ({
  now = Date.now,
  cors = 'on',
  accounts = ISERVER_ACCOUNTS,
  acceptsBearer,
  content = createWorldContent(),
}: IserverOptions = {}): IserverDouble => {
  const tokens = createIssuedTokens<IserverToken>(now);
  const maps = createSupermapMaps(content);

  const issue = async (request: Request): Promise<Response> => {
    const body: unknown = await request.json().catch(() => undefined);
    if (typeof body !== 'object' || body === null) return failed(400, 'The request body must be JSON.');
    const given: {readonly [name in keyof TokenRequest]?: unknown} = body;
    const account = accounts.find(({username, password}) => username === given.userName && password === given.password);
    // Assumed: 401, in the shape of iServer's other failures.
    if (!account || account.disabled) return failed(401, 'The user name or the password is wrong.');
    const {clientType = 'NONE', expiration = 60} = given;
    if (!isClientType(clientType)) return failed(400, `clientType must be one of ${CLIENT_TYPES.join(', ')}.`);
    if (typeof expiration !== 'number' || !Number.isInteger(expiration) || expiration < 1) {
      return failed(400, 'expiration must be a whole number of minutes.');
    }
    const bound = boundTo(clientType, given, request);
    if (bound === null)
      return failed(400, `clientType ${clientType} needs its ${clientType === 'IP' ? 'ip' : 'referer'}.`);
    const token = randomBytes(36).toString('base64url');
    const {username} = account;
    tokens.add(token, expiration * 60, {username, clientType, ...(bound === undefined ? {} : {bound})});
    // A plain string, although the address may end in `.json`.
    return text(token, 200, {'cache-control': 'no-store'});
  };

  const isTaken = (token: string, request: Request): boolean => {
    if (tokens.state(token) !== 'valid') return false;
    const {clientType = 'NONE', bound = ''} = tokens.find(token)?.about ?? {};
    if (clientType === 'NONE') return true;
    if (clientType === 'Referer') return isUnder(request.headers.get('referer'), bound);
    return addressOf(request) === bound;
  };

  const mayUse = (request: Request, url: URL): boolean => {
    // Assumed: the parameter comes before the header.
    const token = url.searchParams.get('token') ?? request.headers.get('token');
    if (token !== null) return isTaken(token, request);
    const accessToken = double.bearer ? bearerOf(request) : undefined;
    return accessToken !== undefined && acceptsBearer?.(accessToken) === true;
  };

  const answer = async (request: Request, url: URL): Promise<Response> => {
    if (/^(?:\/iserver)?\/services\/security\/tokens(?:\.json)?$/u.test(url.pathname)) {
      return request.method === 'POST' ? issue(request) : notAllowed('POST');
    }
    if (!url.pathname.startsWith('/iserver/services/')) return failed(404, 'The resource does not exist.');
    return mayUse(request, url) ? maps(request, url) : failed(401, 'The token is missing or not valid.');
  };

  const front = createFront({
    cors,
    rules: {methods: ['GET', 'POST'], headers: ['Content-Type'], credentialHeaders: ['Authorization', 'token']},
    answer,
  });
  const double: IserverDouble = Object.assign(front, {bearer: acceptsBearer !== undefined, tokens});
  return double;
};

interface TokenRequest {
  readonly userName: string;
  readonly password: string;
  readonly clientType: ClientType;
  readonly ip: string;
  readonly referer: string;
  /** Minutes. */
  readonly expiration: number;
}

/** `undefined` for a token that is bound to nothing, `null` when it is not said to what. */
const boundTo = (
  clientType: ClientType,
  {ip, referer}: {readonly ip?: unknown; readonly referer?: unknown},
  request: Request,
): string | null | undefined => {
  if (clientType === 'NONE') return undefined;
  if (clientType === 'RequestIP') return addressOf(request);
  const value = clientType === 'IP' ? ip : referer;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Assumed: a Referer is of a token's page when it is of its origin and its path begins with the page's. */
const isUnder = (referer: string | null, page: string): boolean => {
  if (referer === null || !URL.canParse(referer) || !URL.canParse(page)) return false;
  const [from, bound] = [new URL(referer), new URL(page)];
  return from.origin === bound.origin && from.pathname.startsWith(bound.pathname);
};
