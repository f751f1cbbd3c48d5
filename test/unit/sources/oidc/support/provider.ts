import {exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload} from 'jose';

/** A word in every secret that the provider hands out, to look for where no secret may be. */
export const CANARY = 'canary';

export const CLIENT_ID = 'map-viewer';

export interface Call {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly init: RequestInit;
}

type Reply = (form: URLSearchParams, signal: AbortSignal | null | undefined) => Response | Promise<Response>;

const json = (body: unknown, init?: ResponseInit): Response => Response.json(body, init);

/** Like a request to a host that is not there. */
export const unreachable = (): never => {
  throw new TypeError('Failed to fetch');
};

/** Never answers; ends only by the request's signal, as `fetch` does. */
export const hangs: Reply = (_, signal) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** An OpenID provider as a function from request to response. What a test changes, it answers from then on. */
export class FakeProvider {
  readonly authority = 'https://login.test/realms/city';
  readonly calls: Call[] = [];
  metadata: Record<string, unknown> = {
    issuer: this.authority,
    authorization_endpoint: `${this.authority}/auth?tenant=1`,
    token_endpoint: `${this.authority}/token`,
    jwks_uri: `${this.authority}/jwks`,
    revocation_endpoint: `${this.authority}/revoke`,
    end_session_endpoint: `${this.authority}/logout`,
    code_challenge_methods_supported: ['S256', 'plain'],
    authorization_response_iss_parameter_supported: true,
  };
  /** By the last part of the path; takes the place of the usual answer. */
  readonly replies: Record<string, Reply> = {};
  /** Merged over the usual claims and the usual answer of the token endpoint; `undefined` leaves one out. */
  claims: Record<string, unknown> = {};
  tokens: Record<string, unknown> = {};
  /** Makes another id_token from the claims. */
  sign: ((claims: JWTPayload) => string | Promise<string>) | undefined;
  now: () => number = Date.now;
  nonce: string | undefined;
  readonly #keys = generateKeyPair('ES256', {extractable: true});
  #count = 0;

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const form = new URLSearchParams(init.body instanceof URLSearchParams ? init.body : undefined);
    const path = url.pathname.split('/').at(-1) ?? '';
    this.calls.push({path, form, init});
    const reply = this.replies[path] ?? this.#usual(path);
    return reply(form, init.signal);
  };

  count(path: string): number {
    return this.calls.filter((call) => call.path === path).length;
  }

  last(path: string): URLSearchParams {
    return this.calls.filter((call) => call.path === path).at(-1)?.form ?? new URLSearchParams();
  }

  /** What the provider sends the visitor back with. */
  answer(state: string, change: Record<string, string | undefined> = {}): string {
    const all = {code: `code-${CANARY}`, state, iss: this.authority, ...change};
    const pairs = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    return new URLSearchParams(pairs).toString();
  }

  /** With the provider's own key, unless told otherwise. */
  async signed(claims: JWTPayload, key?: CryptoKey): Promise<string> {
    const {privateKey} = await this.#keys;
    return new SignJWT(claims).setProtectedHeader({alg: 'ES256', kid: 'one'}).sign(key ?? privateKey);
  }

  readonly unsecured = (claims: JWTPayload): string => new UnsecuredJWT(claims).encode();

  #usual(path: string): Reply {
    if (path === 'openid-configuration') return () => json(this.metadata);
    if (path === 'jwks') return () => this.#jwks();
    if (path === 'token') return () => this.#tokens();
    if (path === 'revoke') return () => new Response();
    return () => new Response('not found', {status: 404});
  }

  async #jwks(): Promise<Response> {
    const {publicKey} = await this.#keys;
    return json({keys: [{...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig'}]});
  }

  async #tokens(): Promise<Response> {
    this.#count += 1;
    const seconds = Math.floor(this.now() / 1000);
    const claims = {
      iss: this.authority,
      aud: CLIENT_ID,
      sub: 'anna',
      iat: seconds,
      exp: seconds + 300,
      nonce: this.nonce,
      name: 'Anna Berg',
      at_hash: 'x',
      sid: 'y',
      ...this.claims,
    };
    return json({
      access_token: `access-${CANARY}-${this.#count}`,
      refresh_token: `refresh-${CANARY}-${this.#count}`,
      id_token: await (this.sign ?? ((all) => this.signed(all)))(claims),
      token_type: 'bearer',
      expires_in: 60,
      ...this.tokens,
    });
  }
}
