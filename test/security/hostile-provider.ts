import {createHash} from 'node:crypto';
import {exportJWK, generateKeyPair, SignJWT} from 'jose';
import type {CryptoKey, JWTHeaderParameters, JWTPayload} from 'jose';
import {json, sendTo, startRecordingServer} from './support/recording-server.js';
import type {Answer, RecordingServer, Reply, Seen} from './support/recording-server.js';

/** A word in every secret that this provider hands out. */
export const CANARY = 'canary';
export const CLIENT = 'map-viewer';

type Change = Readonly<Record<string, unknown>>;

/** How it misbehaves. What is left out is as it should be; a value of `undefined` leaves the usual one out. */
export interface Behaviour {
  /** In the discovery document. */
  readonly metadata?: Change;
  /** In the answer that the visitor is sent back with. */
  readonly answer?: Readonly<Record<string, string | undefined>>;
  /** In the id_token, and how that is signed. */
  readonly claims?: Change;
  readonly sign?: (claims: JWTPayload, keys: Keys) => string | Promise<string>;
  /** In the answer of the token endpoint. */
  readonly tokens?: Change | ((request: Seen, count: number) => Change);
  /** Answers in place of an endpoint: `/auth`, `/token`, `/jwks`, `/revoke`, … */
  readonly replies?: Readonly<Record<string, Answer>>;
}

export interface Keys {
  readonly own: CryptoKey;
  readonly stranger: CryptoKey;
  /** What everybody can read, and could sign `HS256` with where an implementation takes it for a secret. */
  readonly published: string;
  /** A key set with the stranger in it, by the name `two`. */
  readonly others: object;
  signed(claims: JWTPayload, key?: CryptoKey, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

interface Begun {
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
}

export interface HostileProvider extends Pick<RecordingServer, 'seen' | 'until' | 'stop'> {
  readonly issuer: string;
  readonly keys: Keys;
  /** What went wrong that the client is to blame for: a verifier that does not fit, another redirect_uri. */
  readonly complaints: readonly string[];
  /** Everything secret that it handed out. */
  readonly secrets: readonly string[];
  behave(next: Behaviour): void;
  /** Requests to an endpoint so far. */
  to(path: string): readonly Seen[];
  /** The answer to a request for authorization that it was sent. */
  answerTo(request: URLSearchParams): string;
  reset(): void;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An id_token that nobody signed. */
export const unsigned = (claims: JWTPayload, alg = 'none'): string => `${encode({alg})}.${encode(claims)}.`;

const digest = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

const createKeys = async (): Promise<{keys: Keys; jwks: object}> => {
  const [{privateKey: own, publicKey}, {privateKey: stranger, publicKey: strangers}] = await Promise.all([
    generateKeyPair('ES256', {extractable: true}),
    generateKeyPair('ES256', {extractable: true}),
  ]);
  const jwk = {...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig'};
  const keys: Keys = {
    own,
    stranger,
    published: JSON.stringify(jwk),
    others: {keys: [{...(await exportJWK(strangers)), kid: 'two', alg: 'ES256', use: 'sig'}]},
    signed: (claims, key = own, header = {}) =>
      new SignJWT(claims).setProtectedHeader({alg: 'ES256', kid: 'one', ...header}).sign(key),
  };
  return {keys, jwks: {keys: [jwk]}};
};

/** A provider that signs everybody in at once, and does wrong whatever it is told to. */
export const startHostileProvider = async (): Promise<HostileProvider> => {
  const {keys, jwks} = await createKeys();
  const begun = new Map<string, Begun>();
  const grants = new Map<string, string | null>();
  const complaints: string[] = [];
  const secrets: string[] = [];
  let behaviour: Behaviour = {};
  let count = 0;

  const secret = (name: string): string => {
    const value = `${name}-${CANARY}-${count}`;
    secrets.push(value);
    return value;
  };

  const discovery = (): Reply =>
    json({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      revocation_endpoint: `${issuer}/revoke`,
      end_session_endpoint: `${issuer}/logout`,
      check_session_iframe: `${issuer}/check-session`,
      code_challenge_methods_supported: ['S256', 'plain'],
      authorization_response_iss_parameter_supported: true,
      ...behaviour.metadata,
    });

  const answerTo = (request: URLSearchParams): string => {
    count += 1;
    const code = secret('code');
    begun.set(code, {
      nonce: request.get('nonce'),
      challenge: request.get('code_challenge'),
      redirectUri: request.get('redirect_uri'),
    });
    const all = {code, state: request.get('state') ?? undefined, iss: issuer, ...behaviour.answer};
    const pairs = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return `${request.get('redirect_uri') ?? ''}?${new URLSearchParams(pairs)}`;
  };

  const issue = async (request: Seen, nonce: string | null): Promise<Reply> => {
    const {tokens} = behaviour;
    count += 1;
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: CLIENT,
      sub: 'anna',
      iat: now,
      // Long enough for a page whose clock is moved on.
      exp: now + 86_400,
      nonce,
      name: 'Anna Berg',
      ...behaviour.claims,
    };
    const refreshToken = secret('refresh');
    grants.set(refreshToken, nonce);
    return json({
      access_token: secret('access'),
      refresh_token: refreshToken,
      id_token: await (behaviour.sign ?? ((all) => keys.signed(all)))(claims, keys),
      token_type: 'Bearer',
      expires_in: 60,
      ...(typeof tokens === 'function' ? tokens(request, count) : tokens),
    });
  };

  /** By default every refresh token is good for ever: whoever rotates without grace is the demo's own provider. */
  const token = async (asked: Seen): Promise<Reply> => {
    const {form} = asked;
    if (form.get('grant_type') === 'refresh_token') {
      const nonce = grants.get(form.get('refresh_token') ?? '');
      return nonce === undefined ? json({error: 'invalid_grant'}, 400) : issue(asked, nonce);
    }
    const request = begun.get(form.get('code') ?? '');
    begun.delete(form.get('code') ?? '');
    if (!request) return json({error: 'invalid_grant'}, 400);
    if (digest(form.get('code_verifier') ?? '') !== request.challenge) complaints.push('verifier');
    if (form.get('redirect_uri') !== request.redirectUri) complaints.push('redirect_uri');
    return issue(asked, request.nonce);
  };

  const usual: Readonly<Record<string, Answer>> = {
    '/.well-known/openid-configuration': discovery,
    '/jwks': () => json(jwks),
    '/auth': ({query}) => sendTo(answerTo(query)),
    '/token': token,
    '/revoke': () => ({body: ''}),
  };
  const server = await startRecordingServer(
    async (request) => (await behaviour.replies?.[request.path]?.(request)) ?? usual[request.path]?.(request),
  );
  const issuer = server.origin;

  return {
    issuer,
    keys,
    seen: server.seen,
    until: server.until,
    stop: server.stop,
    complaints,
    secrets,
    behave: (next) => void (behaviour = next),
    to: (path) => server.seen.filter((request) => request.path === path),
    answerTo,
    reset() {
      server.reset();
      behaviour = {};
      complaints.length = 0;
      secrets.length = 0;
    },
  };
};
