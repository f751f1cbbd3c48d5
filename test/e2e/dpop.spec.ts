import type {Page} from '@playwright/test';
import {expect, test as base} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {startSite, type Site} from './support/site.js';
import {expectIdle, expectMap, expectState, messageOf, pan, signInButton, signOutButton, tagOf} from './support/tag.js';
import {signInByPopup, signInByRedirect} from './support/visitor.js';

/** Both servers say what a proof has to contain. */
const test = base.extend<object, {readonly bound: Site}>({
  bound: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const site = await startSite({dpop: 'nonce'});
      await use(site);
      await site.stop();
    },
    {scope: 'worker'},
  ],
});

test.beforeEach(({bound}) => bound.reset());

const oidc = `authority="{{issuer}}" client-id="map-viewer" scope="openid profile" allowed-origins="{{map}}"`;
const map = (more = ''): string =>
  `<secure-map config="{{map}}/config/world.json" ${oidc} center="10,50" zoom="4" ${more}></secure-map>`;

interface Sent {
  readonly url: URL;
  readonly method: string;
  readonly authorization: string | undefined;
  readonly claims: Record<string, unknown> | undefined;
  readonly header: Record<string, unknown> | undefined;
}

const part = (jwt: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[index] ?? '', 'base64url').toString());

/** What the browser sends, as it sends it; preflights left out. */
const listen = (page: Page): Sent[] => {
  const sent: Sent[] = [];
  page.context().on('request', (request) => {
    const {authorization, dpop} = request.headers();
    if (request.method() === 'OPTIONS') return;
    sent.push({
      url: new URL(request.url()),
      method: request.method(),
      authorization,
      claims: dpop ? part(dpop, 1) : undefined,
      header: dpop ? part(dpop, 0) : undefined,
    });
  });
  return sent;
};

const databaseKeys = (page: Page): Promise<unknown[]> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
      });
    if (!(await indexedDB.databases()).some(({name}) => name === 'secure-map')) return [];
    const database = await settled(indexedDB.open('secure-map'));
    const keys = await settled(database.transaction('dpop-keys').objectStore('dpop-keys').getAllKeys());
    database.close();
    return keys;
  });

test('with nonces from both servers: every request is proven, and taken', async ({page, bound}) => {
  const {demo} = bound;
  const sent = listen(page);
  await page.goto(await bound.page(map()));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);

  const toMap = sent.filter(({url}) => url.origin === demo.mapUrl);
  expect(toMap.length).toBeGreaterThan(20);
  expect(toMap.filter(({authorization}) => !authorization?.startsWith('DPoP '))).toEqual([]);
  for (const {url, method, claims, header} of toMap) {
    expect(header).toMatchObject({typ: 'dpop+jwt', alg: 'ES256', jwk: {kty: 'EC', crv: 'P-256'}});
    expect(Object.keys(Object(header?.['jwk'])).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    expect(claims).toMatchObject({htm: method, htu: url.origin + url.pathname});
  }
  expect(toMap.some(({url}) => url.pathname === '/wms' && url.search !== '')).toBe(true);
  expect(new Set(toMap.map(({claims}) => claims?.['jti'])).size).toBe(toMap.length);

  // The config taught the nonce of the map server to all that came after it.
  const {ok, unauthorized, requests, otherwise, forbidden} = demo.map.counts;
  expect({unauthorized, otherwise, forbidden}).toEqual({unauthorized: 1, otherwise: 0, forbidden: 0});
  expect(ok).toBe(requests - 1);
  expect(demo.signIn.counts).toMatchObject({codeExchanges: 1, tokenRequests: 2, refreshes: 0, grantsRevoked: 0});
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
  expect(await eventsOf(page, 'token-refreshed')).toEqual([]);
  expect(await databaseKeys(page), 'in memory as the token').toEqual([]);
});

test('is renewed with the same key, at the first go', async ({page, bound}) => {
  const {demo} = bound;
  const sent = listen(page);
  await page.goto(`${demo.pageUrl}demo/dpop.html`);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  demo.signIn.resetCounts();
  demo.map.expireTokens();
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);
  expect(demo.signIn.counts).toMatchObject({refreshes: 1, tokenRequests: 1, errors: 0});
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
  const keys = sent.flatMap(({header}) => (header ? [JSON.stringify(header['jwk'])] : []));
  expect(new Set(keys).size).toBe(1);
});

test('a token that is sent as Bearer, or without its key, is refused', async ({page, bound}) => {
  const {demo} = bound;
  const sent = listen(page);
  await page.goto(await bound.page(map()));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  const token = sent.find(({authorization}) => authorization?.startsWith('DPoP '))?.authorization?.slice(5) ?? '';
  const url = `${demo.mapUrl}/tiles/4/8/5.png`;
  const bearer = await fetch(url, {headers: {authorization: `Bearer ${token}`}});
  expect([bearer.status, bearer.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('error="invalid_token"'),
  ]);
  const bare = await fetch(url, {headers: {authorization: `DPoP ${token}`}});
  expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('error="invalid_dpop_proof"'),
  ]);
});

test('by redirect, and after the page is loaded again: the key comes along, and goes with the sign-out', async ({
  page,
  bound,
}) => {
  const {demo} = bound;
  const sent = listen(page);
  await page.goto(await bound.page(map('login="redirect" token-storage="session"')));
  const tag = tagOf(page);
  await signInByRedirect(page, tag);
  await expectMap(tag);
  expect(sent.some(({url}) => url.pathname === '/auth' && url.searchParams.has('dpop_jkt'))).toBe(true);
  expect(await databaseKeys(page)).toHaveLength(1);

  demo.signIn.resetCounts();
  await page.reload();
  await expectState(tag, 'authenticated');
  await expectMap(tag);
  await expectIdle(tag);
  expect(demo.signIn.counts).toMatchObject({authorize: 0, tokenRequests: 0});
  expect(new Set(sent.flatMap(({header}) => (header ? [JSON.stringify(header['jwk'])] : []))).size).toBe(1);

  await signOutButton(tag).click();
  await expectState(tag, 'signed-out');
  await expect.poll(() => databaseKeys(page)).toEqual([]);
});

test('a key that is gone takes the credential with it: the visitor signs in again', async ({page, bound}) => {
  await page.goto(await bound.page(map('token-storage="local"')));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await page.evaluate(
    () => new Promise<unknown>((resolve) => (indexedDB.deleteDatabase('secure-map').onsuccess = resolve)),
  );
  await page.reload();
  await expect(messageOf(tag)).toContainText('Sign in to see this map');
  await expectState(tag, 'anonymous');
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  expect(await eventsOf(page, 'session-expired')).toEqual([]);
  // The provider still knows who it is.
  await signInButton(tag).click();
  await expectState(tag, 'authenticated');
  await expectMap(tag);
});

test('off: nothing is proven, and a provider that knows DPoP gives a plain token', async ({page, bound}) => {
  const sent = listen(page);
  await page.goto(await bound.page(map('dpop="off"')));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  expect(sent.filter(({claims}) => claims)).toEqual([]);
  expect(bound.demo.map.counts.unauthorized).toBe(0);
});

test('required: a provider without it is not asked at all', async ({page, site}) => {
  await page.goto(await site.page(map('dpop="required"')));
  const tag = tagOf(page);
  const error = await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) =>
    element.login().catch(({code, reason}: {code: string; reason: string}) => ({code, reason})),
  );
  expect(error).toEqual({code: 'provider-invalid', reason: 'dpop'});
  expect(site.demo.signIn.counts.authorize).toBe(0);
});

test('a wrong value is an error that names the attribute', async ({page, site}) => {
  await page.goto(await site.page('<secure-map dpop="yes"></secure-map>'));
  await expect(messageOf(tagOf(page))).toContainText('dpop: wrong value. Allowed: auto, off, required');
});
