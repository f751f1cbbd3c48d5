import {decodeJwt, decodeProtectedHeader} from 'jose';
import {expect, test} from './demo-test.js';
import {authorizationRequest, refresh, requestTokens, signIn, Visitor} from './visitor.js';
import type {Tokens} from './visitor.js';

test('a request without PKCE is refused', async ({demo}) => {
  const {url} = authorizationRequest(demo);
  const bare = new URL(url);
  bare.searchParams.delete('code_challenge');
  bare.searchParams.delete('code_challenge_method');
  const {url: answer} = await new Visitor(demo).follow(bare.href);
  expect(answer.searchParams.get('error')).toBe('invalid_request');
  expect(answer.searchParams.get('iss')).toBe(demo.issuer);
  expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 0, errors: 1});
});

test('an unknown redirect URI is an error page, not a redirect', async ({demo}) => {
  const {url} = authorizationRequest(demo, {redirect_uri: 'https://elsewhere.example/'});
  const {response} = await new Visitor(demo).follow(url);
  expect(response?.status).toBe(400);
  expect(await response?.text()).toContain('role="alert"');
});

test('the code flow gives a JWT for the map server', async ({demo}) => {
  const {tokens, answer} = await signIn(demo);
  expect(answer.origin + answer.pathname).toBe(`${demo.pageUrl}callback.html`);
  expect(answer.searchParams.get('state')).toBe('a-state');
  expect(answer.searchParams.get('iss')).toBe(demo.issuer);
  expect(tokens).toMatchObject({token_type: 'Bearer', expires_in: 60});

  const claims = decodeJwt(tokens.access_token);
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({alg: 'RS256', typ: 'at+jwt'});
  expect(claims).toMatchObject({iss: demo.issuer, aud: demo.mapUrl, sub: 'anna', client_id: 'map-viewer'});
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
  expect(decodeJwt(tokens.id_token)).toMatchObject({sub: 'anna', name: 'Anna Berg', aud: 'map-viewer'});
  expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1, refreshes: 0, errors: 0});
});

test('the login page says what was wrong, and takes no for an answer', async ({demo}) => {
  const visitor = new Visitor(demo);
  const login = await visitor.follow(authorizationRequest(demo).url);
  const page = (await login.response?.text()) ?? '';
  expect(login.response?.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).toContain('autocomplete="username"');
  expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);

  const wrong = await visitor.submit(login.url, {name: '"><b>anna', password: 'no', answer: 'sign-in'});
  const again = (await wrong.response?.text()) ?? '';
  expect(wrong.response?.status).toBe(401);
  expect(again).toContain('role="alert"');
  expect(again).not.toContain('<b>anna');

  const {url: answer} = await visitor.submit(login.url, {answer: 'cancel'});
  expect(answer.searchParams.get('error')).toBe('access_denied');
});

test('a session at the provider signs in without asking again', async ({demo}) => {
  const visitor = new Visitor(demo);
  const login = await visitor.follow(authorizationRequest(demo).url);
  await visitor.submit(login.url, {name: 'ben', password: 'ben', answer: 'sign-in'});
  const {url: answer} = await visitor.follow(authorizationRequest(demo, {prompt: 'none'}).url);
  expect(answer.searchParams.get('code')).not.toBeNull();

  demo.signIn.revokeAll();
  const {url: later} = await visitor.follow(authorizationRequest(demo, {prompt: 'none'}).url);
  expect(later.searchParams.get('error')).toBe('login_required');
});

test('a refresh token works once; used twice, the grant is revoked', async ({demo}) => {
  const {tokens} = await signIn(demo);
  const first = await refresh(demo, tokens.refresh_token);
  expect(first.status).toBe(200);
  const rotated: Tokens = await first.json();
  expect(rotated.refresh_token).not.toBe(tokens.refresh_token);
  expect(decodeJwt(rotated.access_token).aud).toBe(demo.mapUrl);

  const reused = await refresh(demo, tokens.refresh_token);
  expect(reused.status).toBe(400);
  expect(await reused.json()).toMatchObject({error: 'invalid_grant'});
  expect((await refresh(demo, rotated.refresh_token)).status).toBe(400);
  expect(demo.signIn.counts).toMatchObject({refreshes: 1, errors: 2, grantsRevoked: 1, tokenRequests: 4});
});

test('revoked by the administrator: invalid_grant', async ({demo}) => {
  const {tokens} = await signIn(demo);
  demo.signIn.revokeAll();
  const response = await refresh(demo, tokens.refresh_token);
  expect(await response.json()).toMatchObject({error: 'invalid_grant'});
  expect(response.headers.get('access-control-allow-origin')).toBe(new URL(demo.pageUrl).origin);
});

test('the revocation endpoint ends the grant', async ({demo}) => {
  const {tokens} = await signIn(demo);
  const revoked = await fetch(`${demo.issuer}/token/revocation`, {
    method: 'POST',
    body: new URLSearchParams({client_id: 'map-viewer', token: tokens.refresh_token}),
  });
  expect(revoked.status).toBe(200);
  expect((await refresh(demo, tokens.refresh_token)).status).toBe(400);
  expect(demo.signIn.counts).toMatchObject({revocations: 1, grantsRevoked: 1});
});

test('signing out at the provider asks, then goes back', async ({demo}) => {
  const visitor = new Visitor(demo);
  const login = await visitor.follow(authorizationRequest(demo).url);
  await visitor.submit(login.url, {name: 'anna', password: 'anna', answer: 'sign-in'});
  const query = new URLSearchParams({client_id: 'map-viewer', post_logout_redirect_uri: demo.pageUrl, state: 'bye'});
  const {response} = await visitor.follow(`${demo.issuer}/session/end?${query}`);
  const xsrf = /name="xsrf" value="(\w+)"/.exec((await response?.text()) ?? '')?.[1] ?? '';
  const confirm = new URL(`${demo.issuer}/session/end/confirm`);
  const {url} = await visitor.submit(confirm, {xsrf, logout: 'yes'});
  expect(url.href).toBe(`${demo.pageUrl}?state=bye`);
  expect(demo.signIn.counts.logouts).toBe(1);
});

test('CORS is for the page only', async ({demo}) => {
  const page = new URL(demo.pageUrl).origin;
  for (const path of ['/.well-known/openid-configuration', '/jwks']) {
    const allowed = await fetch(demo.issuer + path, {headers: {origin: page}});
    expect(allowed.headers.get('access-control-allow-origin')).toBe(page);
    const other = await fetch(demo.issuer + path, {headers: {origin: 'https://elsewhere.example'}});
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  }
  const {url} = authorizationRequest(demo);
  const login = await fetch(url, {headers: {origin: page}, redirect: 'manual'});
  expect(login.headers.get('access-control-allow-origin')).toBeNull();
  expect(demo.signIn.counts).toMatchObject({discovery: 2, jwks: 2});
});

test('a lost answer has been granted all the same', async ({demo}) => {
  const {tokens} = await signIn(demo);
  demo.signIn.setFault(({path}) => (path === '/token' ? {cut: true} : undefined));
  await expect(refresh(demo, tokens.refresh_token)).rejects.toThrow();
  expect(demo.signIn.counts.refreshes).toBe(1);

  demo.signIn.setFault(({path}) => (path === '/token' ? {status: 503, headers: {'retry-after': '1'}} : undefined));
  const busy = await refresh(demo, tokens.refresh_token);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);

  demo.signIn.setFault(({path}) => (path === '/token' ? {cors: false} : undefined));
  const withoutCors = await requestTokens(demo, {grant_type: 'refresh_token', refresh_token: 'x'});
  expect(withoutCors.headers.get('access-control-allow-origin')).toBeNull();
});

test('a fault can add headers to what the provider answers', async ({demo}) => {
  demo.signIn.setFault(() => ({headers: {'cross-origin-opener-policy': 'same-origin'}}));
  const {response} = await new Visitor(demo).follow(authorizationRequest(demo).url);
  expect(response?.status).toBe(200);
  expect(response?.headers.get('cross-origin-opener-policy')).toBe('same-origin');
});

test('offline is no answer at all', async ({demo}) => {
  demo.signIn.setOffline(true);
  await expect(fetch(`${demo.issuer}/jwks`)).rejects.toThrow();
  demo.signIn.setOffline(false);
  expect((await fetch(`${demo.issuer}/jwks`)).status).toBe(200);
});
