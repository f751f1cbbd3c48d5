import type Provider from 'oidc-provider';
import type {Exchange} from './exchange.js';

export interface SignInCounts {
  /** Authorization requests, not counting the steps of one sign-in. */
  authorize: number;
  discovery: number;
  jwks: number;
  /** Requests to the token endpoint of any outcome; the three below are the granted ones. */
  tokenRequests: number;
  codeExchanges: number;
  refreshes: number;
  clientCredentials: number;
  /** Requests to the revocation endpoint. */
  revocations: number;
  logouts: number;
  /** Refused authorization, token, revocation and sign-out requests. */
  errors: number;
  /** Grants the provider ended: reuse of a refresh token, revocation, sign-out. Not those of `revokeAll`. */
  grantsRevoked: number;
  /** Requests whose client went away before the answer, or whose answer a fault cut off. */
  aborted: number;
}

export function emptySignInCounts(): SignInCounts {
  return {
    authorize: 0,
    discovery: 0,
    jwks: 0,
    tokenRequests: 0,
    codeExchanges: 0,
    refreshes: 0,
    clientCredentials: 0,
    revocations: 0,
    logouts: 0,
    errors: 0,
    grantsRevoked: 0,
    aborted: 0,
  };
}

export function countRequest({method, url: {pathname}}: Exchange, counts: SignInCounts): void {
  if (method === 'OPTIONS') return;
  if (pathname === '/auth') counts.authorize += 1;
  if (pathname.startsWith('/.well-known/')) counts.discovery += 1;
  if (pathname === '/jwks') counts.jwks += 1;
  if (pathname === '/token') counts.tokenRequests += 1;
  if (pathname === '/token/revocation') counts.revocations += 1;
}

/** The provider's own events, so that only what really happened is counted. */
export function watchProvider(provider: Provider, counts: SignInCounts): void {
  provider.on('grant.success', (ctx) => {
    const type = ctx.oidc.params?.['grant_type'];
    if (type === 'authorization_code') counts.codeExchanges += 1;
    if (type === 'refresh_token') counts.refreshes += 1;
    if (type === 'client_credentials') counts.clientCredentials += 1;
  });
  provider.on('grant.revoked', () => void (counts.grantsRevoked += 1));
  provider.on('end_session.success', () => void (counts.logouts += 1));
  const refused = (): void => void (counts.errors += 1);
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('revocation.error', refused);
  provider.on('end_session.error', refused);
  provider.on('server_error', (_ctx, error) => {
    refused();
    console.error(error);
  });
}
