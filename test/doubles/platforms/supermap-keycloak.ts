import {generateKeyPair, SignJWT} from 'jose';
import {createFront, formOf, json, notAllowed} from './front.js';
import type {Account, CorsMode, PlatformDouble} from './front.js';
import {createIssuedTokens} from './issued-tokens.js';
import type {IssuedTokens} from './issued-tokens.js';

export interface KeycloakOptions {
  /** To sign with. Default: a new pair, made when it is first needed. */
  readonly keys?: ReturnType<typeof generateKeyPair>;
  readonly now?: () => number;
  readonly cors?: CorsMode;
  readonly accounts?: readonly Account[];
  readonly realm?: string;
  readonly clientId?: string;
  /** Default 300, as documented. */
  readonly accessSeconds?: number;
  /** Default 1800, as documented. */
  readonly refreshSeconds?: number;
  readonly rotate?: boolean;
}

export interface KeycloakToken {
  readonly username: string;
  readonly session: string;
}

export interface KeycloakDouble extends PlatformDouble {
  /** Whether a refresh token counts once (Keycloak's "Revoke Refresh Token"). Default false, as in Keycloak. */
  rotate: boolean;
  readonly accessTokens: IssuedTokens<KeycloakToken>;
  readonly refreshTokens: IssuedTokens<KeycloakToken>;
  /**
   * What iManager thinks of an access token. Assumed: it looks at signature and expiry and does not ask Keycloak, so that
   * a token outlives the sign-out until its five minutes are over.
   */
  accepts(accessToken: string): boolean;
}

export const KEYCLOAK_ACCOUNTS: readonly Account[] = [
  {username: 'mapuser', password: 'imanager-mapuser-password', roles: ['users']},
  {username: 'gone', password: 'imanager-gone-password', disabled: true},
];

/** The Keycloak beside SuperMap iManager: the realm and the client `imanager`, which is public. */
export const createKeycloakDouble = ({
  keys: given,
  now = Date.now,
  cors = 'on',
  accounts = KEYCLOAK_ACCOUNTS,
  realm = 'imanager',
  clientId = 'imanager',
  accessSeconds = 300,
  refreshSeconds = 1800,
  rotate = false,
}: KeycloakOptions = {}): KeycloakDouble => {
  let made = given;
  const keys = (): ReturnType<typeof generateKeyPair> => (made ??= generateKeyPair('RS256'));
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const accessTokens = createIssuedTokens<KeycloakToken>(now);
  const refreshTokens = createIssuedTokens<KeycloakToken>(now);
  const ended = new Set<string>();

  const sign = async (url: URL, {username, session}: KeycloakToken, typ: 'Bearer' | 'Refresh'): Promise<string> => {
    const seconds = typ === 'Bearer' ? accessSeconds : refreshSeconds;
    const iat = Math.floor(now() / 1000);
    const isAccess = typ === 'Bearer';
    const account = accounts.find((each) => each.username === username);
    const jwt = new SignJWT({
      jti: crypto.randomUUID(),
      exp: iat + seconds,
      nbf: 0,
      iat,
      iss: `${url.origin}/auth/realms/${realm}`,
      aud: clientId,
      sub: username,
      typ,
      azp: clientId,
      session_state: session,
      realm_access: {roles: account?.roles ?? []},
      scope: 'email profile',
      ...(isAccess ? {'allowed-origins': ['*'], preferred_username: username} : {}),
    }).setProtectedHeader({alg: isAccess ? 'RS256' : 'HS256', typ: 'JWT', kid: isAccess ? 'rsa' : 'hmac'});
    return isAccess ? jwt.sign((await keys()).privateKey) : jwt.sign(secret);
  };

  const grant = async (url: URL, about: KeycloakToken): Promise<Response> => {
    const [access_token, refresh_token] = [await sign(url, about, 'Bearer'), await sign(url, about, 'Refresh')];
    accessTokens.add(access_token, accessSeconds, about);
    refreshTokens.add(refresh_token, refreshSeconds, about);
    return answered({
      access_token,
      expires_in: accessSeconds,
      refresh_expires_in: refreshSeconds,
      refresh_token,
      token_type: 'bearer',
      'not-before-policy': 0,
      // The sample's differs from the one in both of its tokens: nobody may compare them.
      session_state: crypto.randomUUID(),
      scope: 'email profile',
    });
  };

  const token = async (form: URLSearchParams, url: URL): Promise<Response> => {
    if (form.get('client_id') !== clientId) return refused(401, 'invalid_client', 'Invalid client credentials');
    switch (form.get('grant_type')) {
      case 'password':
        return byPassword(form, url);
      case 'refresh_token':
        return byRefreshToken(form, url);
      case null:
        return refused(400, 'invalid_request', 'Missing form parameter: grant_type');
      default:
        return refused(400, 'unsupported_grant_type', 'Unsupported grant_type');
    }
  };

  const byPassword = async (form: URLSearchParams, url: URL): Promise<Response> => {
    const account = accounts.find(
      ({username, password}) => username === form.get('username') && password === form.get('password'),
    );
    if (!account) return refused(401, 'invalid_grant', 'Invalid user credentials');
    if (account.disabled) return refused(400, 'invalid_grant', 'Account disabled');
    return grant(url, {username: account.username, session: crypto.randomUUID()});
  };

  const byRefreshToken = async (form: URLSearchParams, url: URL): Promise<Response> => {
    const given = form.get('refresh_token');
    if (given === null) return refused(400, 'invalid_request', 'No refresh token');
    const known = refreshTokens.find(given);
    const state = refreshTokens.state(given);
    if (!known || state === 'unknown') return refused(400, 'invalid_grant', 'Invalid refresh token');
    if (ended.has(known.about.session)) return refused(400, 'invalid_grant', 'Session not active');
    if (state === 'expired') return refused(400, 'invalid_grant', 'Token is not active');
    if (state === 'revoked') return refused(400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded');
    if (double.rotate) refreshTokens.revoke(given);
    return grant(url, known.about);
  };

  const logout = (form: URLSearchParams): Response => {
    if (form.get('client_id') !== clientId) return refused(401, 'invalid_client', 'Invalid client credentials');
    const known = refreshTokens.find(form.get('refresh_token') ?? '');
    if (!known) return refused(400, 'invalid_grant', 'Invalid refresh token');
    ended.add(known.about.session);
    return new Response(null, {status: 204});
  };

  const answer = async (request: Request, url: URL): Promise<Response> => {
    const [, asked, endpoint] =
      /^\/auth\/realms\/([\w-]+)\/protocol\/openid-connect\/(token|logout)$/u.exec(url.pathname) ?? [];
    if (endpoint === undefined) return refused(404, 'RESTEASY003210', 'Could not find resource for full path');
    if (asked !== realm) return json({error: 'Realm does not exist'}, 404);
    if (request.method !== 'POST') return notAllowed('POST, OPTIONS');
    const form = await formOf(request);
    if (!form) return json({error: 'HTTP 415 Unsupported Media Type'}, 415);
    return endpoint === 'token' ? token(form, url) : logout(form);
  };

  const front = createFront({
    cors,
    // The sample token has `allowed-origins: ["*"]`: the client lets pages of all origins ask.
    rules: {methods: ['POST', 'OPTIONS'], headers: ['Origin', 'Accept', 'X-Requested-With', 'Content-Type']},
    answer,
  });
  const double: KeycloakDouble = Object.assign(front, {
    rotate,
    accessTokens,
    refreshTokens,
    accepts: (accessToken: string) => accessTokens.state(accessToken) === 'valid',
  });
  return double;
};

const NO_STORE = {'cache-control': 'no-store', pragma: 'no-cache'};

const answered = (body: object): Response => json(body, 200, NO_STORE);

const refused = (status: number, error: string, error_description: string): Response =>
  json({error, error_description}, status, NO_STORE);
