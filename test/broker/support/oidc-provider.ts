import {randomBytes} from 'node:crypto';
import {createServer} from 'node:http';
import {exportJWK, generateKeyPair} from 'jose';
import {importProvider} from '../../../demo/servers/quiet-provider.js';
import {createSignInStore} from '../../../demo/servers/sign-in-store.js';

export interface RealProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requests to the token endpoint, by grant type, that were answered with a token. */
  readonly grants: {authorization_code: number; refresh_token: number};
  /** Requests to the token endpoint that were refused. */
  refusals: number;
  /** Who signs in, without being asked; `undefined` cancels. */
  account: string | undefined;
  /** Ends every grant and session. */
  revokeAll(): void;
  close(): Promise<void>;
}

export interface RealProviderOptions {
  /** Where the handlers under test are. */
  readonly bases: readonly string[];
  readonly accessTokenSeconds?: number;
  readonly rotates?: boolean;
}

/** oidc-provider as a site's sign-in: a confidential client, PKCE, refresh tokens that are used once. */
export const startProvider = async ({bases, accessTokenSeconds = 300, rotates = true}: RealProviderOptions) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const {Provider} = await importProvider();
  const {privateKey} = await generateKeyPair('RS256', {extractable: true});
  const store = createSignInStore();
  const client = {clientId: 'broker', clientSecret: randomBytes(24).toString('base64url')};

  const provider = new Provider(issuer, {
    adapter: store.adapter,
    jwks: {keys: [{...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig'}]},
    cookies: {keys: [randomBytes(32).toString('base64url')]},
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: bases.map((base) => `${base}/callback`),
        post_logout_redirect_uris: bases.map((base) => `${base}/logout`),
      },
    ],
    responseTypes: ['code'],
    pkce: {required: () => true},
    issueRefreshToken: async () => true,
    rotateRefreshToken: rotates,
    claims: {openid: ['sub'], profile: ['name']},
    features: {
      devInteractions: {enabled: false},
      revocation: {enabled: true, allowedPolicy: async () => true},
      rpInitiatedLogout: {enabled: true},
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: 300,
      Interaction: 300,
      Session: 3600,
      Grant: 3600,
      RefreshToken: 3600,
    },
    interactions: {url: (_ctx, {uid}) => `/interaction/${uid}`},
    findAccount: async (_ctx, id) => ({accountId: id, claims: async () => ({sub: id, name: `Name of ${id}`})}),
    loadExistingGrant: async ({oidc}) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: String(oidc.session?.accountId),
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });

  const real: RealProvider = {
    issuer,
    ...client,
    grants: {authorization_code: 0, refresh_token: 0},
    refusals: 0,
    account: 'anna',
    revokeAll: store.revokeAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  provider.on('grant.success', ({oidc}) => {
    const type = oidc.params?.['grant_type'];
    if (type === 'authorization_code' || type === 'refresh_token') real.grants[type] += 1;
  });
  provider.on('grant.error', () => (real.refusals += 1));

  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      void answer(request, response);
      return;
    }
    const result =
      real.account === undefined ? {error: 'access_denied'} : {login: {accountId: real.account, remember: false}};
    provider.interactionFinished(request, response, result).catch((error: unknown) => response.destroy(error as Error));
  });
  return real;
};
