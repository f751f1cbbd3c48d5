import {exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload} from 'jose';

/** What the fake does wrong, or more than others do. */
export interface Faults {
  /** Claims of the next id tokens; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  /** Signs with a key that is not published, or not at all. */
  signature?: 'foreign' | 'none';
  /** Laid over the token answer. */
  answer?: Record<string, unknown>;
  /** Laid over the discovery document. */
  metadata?: Record<string, unknown>;
  /** In place of every answer. */
  network?: () => Promise<Response>;
}

/** A provider that lies as it is told to, as the `fetch` of a sign-in. */
export interface FakeProvider {
  readonly issuer: string;
  readonly fetch: typeof fetch;
  readonly faults: Faults;
  /** The bodies of the requests to the token endpoint. */
  readonly asked: URLSearchParams[];
  /** The query that its answer to this authorization request comes back with. */
  authorize(location: string): string;
}

const pair = () => generateKeyPair('RS256', {extractable: true});
const pairs = Promise.all([pair(), pair()]);

export const createFakeProvider = async (issuer = 'https://login.example'): Promise<FakeProvider> => {
  const [own, foreign] = await pairs;
  const keys = [{...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig'}];
  const faults: Faults = {};
  const asked: URLSearchParams[] = [];
  let nonce = '';
  let count = 0;

  const idToken = async (): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const claims: JWTPayload = {
      iss: issuer,
      aud: 'broker',
      sub: 'anna',
      iat: now,
      exp: now + 300,
      ...(asked.at(-1)?.get('grant_type') === 'authorization_code' ? {nonce} : {}),
      ...faults.claims,
    };
    if (faults.signature === 'none') return new UnsecuredJWT(claims).encode();
    const key = faults.signature === 'foreign' ? foreign.privateKey : own.privateKey;
    return new SignJWT(claims).setProtectedHeader({alg: 'RS256', kid: 'one'}).sign(key);
  };

  const answer = async (path: string, body: string): Promise<Response> => {
    if (path === '/.well-known/openid-configuration')
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
        ...faults.metadata,
      });
    if (path === '/jwks') return Response.json({keys});
    if (path !== '/token') return new Response('not here', {status: 404});
    asked.push(new URLSearchParams(body));
    count += 1;
    return Response.json({
      access_token: `access-${count}`,
      refresh_token: `refresh-${count}`,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await idToken(),
      ...faults.answer,
    });
  };

  return {
    issuer,
    faults,
    asked,
    fetch: async (input, init) => {
      if (faults.network) return faults.network();
      const request = new Request(input, init);
      return answer(new URL(request.url).pathname, await request.text());
    },
    authorize(location) {
      const {searchParams} = new URL(location);
      nonce = searchParams.get('nonce') ?? '';
      return new URLSearchParams({code: 'code-1', state: searchParams.get('state') ?? '', iss: issuer}).toString();
    },
  };
};
