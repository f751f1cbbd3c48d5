import {decodeJwt} from 'jose';
import {expect, test} from './demo-test.js';
import {untilLogged} from './log-watch.js';
import {Visitor} from './visitor.js';

test('pages know the origins, and run under a strict policy', async ({demo}) => {
  const response = await fetch(demo.pageUrl);
  const page = await response.text();
  expect(page).toContain(`${demo.mapUrl}/config/world.json`);
  expect(page).toContain(`authority="${demo.issuer}"`);
  expect(page).not.toContain('{{');
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain(`connect-src 'self' ${demo.issuer} ${demo.mapUrl};`);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('nothing but the pages is served', async ({demo}) => {
  for (const path of ['package.json', 'demo/servers/start.ts', 'demo/servers/sign-in.css', '..%2fpackage.json']) {
    expect((await fetch(demo.pageUrl + path)).status).toBe(404);
  }
});

test('the site hands out tokens to its own visitors only', async ({demo}) => {
  const url = `${demo.pageUrl}site/token`;
  const stranger = await fetch(url);
  expect(stranger.status).toBe(401);

  const visitor = new Visitor(demo);
  const page = await visitor.fetch(demo.pageUrl);
  expect(page.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
  for (const site of ['cross-site', 'same-site']) {
    expect((await visitor.fetch(url, {headers: {'sec-fetch-site': site}})).status).toBe(403);
  }
  const response = await visitor.fetch(url);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const token: Record<string, unknown> = await response.json();
  expect(Object.keys(token).toSorted()).toEqual(['access_token', 'expires_in', 'token_type']);
  expect(token).toMatchObject({token_type: 'Bearer', expires_in: 60});
  expect(decodeJwt(String(token['access_token']))).toMatchObject({aud: demo.mapUrl, sub: 'city-website'});
  expect(demo.signIn.counts).toMatchObject({clientCredentials: 1, tokenRequests: 1});

  const headers = {authorization: `Bearer ${String(token['access_token'])}`};
  expect((await fetch(`${demo.mapUrl}/config/world.json`, {headers})).status).toBe(200);

  demo.signIn.setOffline(true);
  expect((await visitor.fetch(url)).status).toBe(502);
});

test('the buttons work from the page only', async ({demo}) => {
  const press = (name: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${demo.pageUrl}demo/control/${name}`, {method: 'POST', headers});
  expect((await press('offline', {'sec-fetch-site': 'cross-site'})).status).toBe(403);
  expect((await press('offline', {origin: 'https://elsewhere.example'})).status).toBe(403);
  expect((await press('explode')).status).toBe(404);
  expect((await fetch(`${demo.pageUrl}demo/control/offline`)).status).toBe(405);
  expect((await fetch(`${demo.mapUrl}/public/world.json`)).status).toBe(200);

  expect((await press('offline')).status).toBe(204);
  await expect(fetch(`${demo.mapUrl}/public/world.json`)).rejects.toThrow();
  await expect(fetch(`${demo.issuer}/jwks`)).rejects.toThrow();
  expect((await press('online')).status).toBe(204);
  expect((await fetch(`${demo.mapUrl}/public/world.json`)).status).toBe(200);
});

test('the events of all three servers come as they happen', async ({demo}) => {
  const closed = new AbortController();
  const response = await fetch(`${demo.pageUrl}demo/events`, {signal: closed.signal});
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  const next = async (): Promise<string> => decoder.decode((await reader.read()).value);
  expect(await next()).toContain('event: open');
  await (await fetch(`${demo.mapUrl}/config/world.json`)).text();
  expect(await next()).toContain('"server":"map","method":"GET","path":"/config/world.json","status":401');
  await (await fetch(`${demo.issuer}/jwks`)).text();
  expect(await next()).toContain('"server":"sign-in"');
  closed.abort();
});

test('a page that comes late is told what happened since it began to load', async ({demo}) => {
  await (await fetch(`${demo.mapUrl}/config/world.json`)).text();
  await (await fetch(`${demo.mapUrl}/public/world.json`)).text();
  const [first, second] = await untilLogged(demo.log, 2, 'map');
  const closed = new AbortController();
  const url = `${demo.pageUrl}demo/events?since=${first?.at}`;
  const reader = ((await fetch(url, {signal: closed.signal})).body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let seen = '';
  while (!seen.includes(JSON.stringify(second))) seen += decoder.decode((await reader.read()).value);
  expect(seen.indexOf(JSON.stringify(first))).toBeGreaterThan(0);
  closed.abort();
});
