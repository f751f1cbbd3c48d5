import {startSite} from '../e2e/support/site.js';
import {authorizationRequest, refresh, signIn} from '../demo/visitor.js';
import {expect, test} from './fixtures.js';

test('#48 a refresh token is good once; the second use ends the grant, without any grace', async ({demo}) => {
  const {tokens} = await signIn(demo);
  const first = await refresh(demo, tokens.refresh_token);
  expect(first.status).toBe(200);
  const next: {refresh_token: string; access_token: string} = await first.json();
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  const again = await refresh(demo, tokens.refresh_token);
  expect(again.status).toBe(400);
  expect(await again.json()).toMatchObject({error: 'invalid_grant'});
  expect(demo.signIn.counts.grantsRevoked).toBe(1);
  // The good one is gone with it: one of the two was stolen.
  expect((await refresh(demo, next.refresh_token)).status).toBe(400);
});

test('#48 rotation does not make a refresh token live longer', async () => {
  const site = await startSite({refreshTokenSeconds: 3, accessTokenSeconds: 2});
  try {
    let {refresh_token: token} = (await signIn(site.demo)).tokens;
    const begin = Date.now();
    let status = 200;
    while (status === 200 && Date.now() - begin < 8000) {
      const response = await refresh(site.demo, token);
      ({status} = response);
      if (status === 200) ({refresh_token: token} = (await response.json()) as {refresh_token: string});
    }
    expect(status).toBe(400);
    expect(Date.now() - begin).toBeLessThan(5500);
  } finally {
    await site.stop();
  }
});

test('#48 CORS for the page’s origin on discovery, keys, token and revocation, for nobody else, and never on authorize', async ({
  demo,
}) => {
  const own = new URL(demo.pageUrl).origin;
  const allowed = async (path: string, origin: string, method = 'GET'): Promise<string | null> => {
    const response = await fetch(demo.issuer + path, {
      method,
      headers: {origin},
      redirect: 'manual',
      ...(method === 'POST' ? {body: new URLSearchParams({client_id: 'map-viewer', token: 'a'})} : {}),
    });
    return response.headers.get('access-control-allow-origin');
  };
  const endpoints = [
    ['/.well-known/openid-configuration', 'GET'],
    ['/jwks', 'GET'],
    ['/token', 'POST'],
    ['/token/revocation', 'POST'],
  ] as const;
  for (const [path, method] of endpoints) {
    expect(await allowed(path, own, method), path).toBe(own);
    expect(await allowed(path, 'https://evil.test', method), path).toBeNull();
    expect(await allowed(path, `${own}.evil.test`, method), path).toBeNull();
  }
  const authorize = new URL(authorizationRequest(demo).url);
  expect(await allowed(`/auth${authorize.search}`, own)).toBeNull();
});

test('#48 the provider takes a public client with PKCE only: no implicit flow, no plain, no other redirect_uri', async ({
  demo,
}) => {
  const metadata: Record<string, unknown> = await (
    await fetch(`${demo.issuer}/.well-known/openid-configuration`)
  ).json();
  expect(metadata).toMatchObject({
    issuer: demo.issuer,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
  expect(metadata['grant_types_supported']).not.toContain('implicit');
  expect(metadata['grant_types_supported']).not.toContain('password');
  const refused = async (overrides: Record<string, string>): Promise<string> => {
    const response = await fetch(authorizationRequest(demo, overrides).url, {redirect: 'manual'});
    const {searchParams, hash} = new URL(response.headers.get('location') ?? '/', demo.issuer);
    const error = searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error');
    return error ?? `shown with ${response.status}`;
  };
  expect(await refused({response_type: 'token'})).toBe('unsupported_response_type');
  expect(await refused({code_challenge_method: 'plain'})).toBe('invalid_request');
  expect(await refused({redirect_uri: 'https://evil.test/callback.html'})).toBe('shown with 400');
  expect(await refused({redirect_uri: `${demo.pageUrl}callback.html?x=1`})).toBe('shown with 400');
});
