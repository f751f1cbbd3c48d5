import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {createMapProxy} from '../../src/broker/index.js';
import {SAME_ORIGIN, SESSION, base, openSite, session, site, tokenOf} from './support/site.js';

// How long a session lasts, and how its tokens are renewed.

const {provider, create, signedIn, isGood} = await openSite();
after(() => provider.close());

test('tokens are renewed by /session: once for everybody who asks at the same time', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const first = await tokenOf(signIn, browser);
  ahead = 301_000;
  assert.equal(await tokenOf(signIn, browser), undefined);
  assert.deepEqual(await signIn.user(browser.request(site)), {sub: 'anna', name: 'Name of anna'});
  const {refresh_token: before} = provider.grants;
  const answers = await Promise.all(
    Array.from({length: 20}, () => signIn(browser.request(`${base}/session`, {headers: SAME_ORIGIN}))),
  );
  assert.deepEqual([...new Set(answers.map(({status}) => status))], [200]);
  assert.equal(provider.grants.refresh_token, before + 1);
  // A late one with the cookie of before is given the same, and the provider does not see a token twice.
  assert.equal((await session(browser)).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
  const second = await tokenOf(signIn, browser);
  assert.notEqual(second, first);
  assert.ok(await isGood(second));
});

test('a token that is about to end is renewed before it does', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const {refresh_token: before} = provider.grants;
  ahead = 200_000;
  await session(browser);
  assert.equal(provider.grants.refresh_token, before);
  ahead = 245_000;
  assert.equal((await session(browser)).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
});

test('a session that the provider has ended is over, and a second look makes sure', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  provider.revokeAll();
  ahead = 301_000;
  const first = await session(browser);
  assert.deepEqual([first.status, first.response.headers.get('retry-after')], [503, '1']);
  assert.ok(browser.jar(base).has(SESSION));
  const second = await session(browser);
  assert.deepEqual([second.status, second.body], [200, {authenticated: false}]);
  assert.equal(browser.jar(base).size, 0);
});

test('a token that the map server refuses is a 401 for the page, and /session replaces it', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const refused = new Set([await tokenOf(signIn, browser)]);
  const seen: string[] = [];
  const proxy = createMapProxy({
    mount: '/tiles',
    upstream: 'https://upstream.example',
    paths: ['/'],
    authorize: async (request) => (await signIn.user(request)) !== undefined,
    credential: signIn.credential,
    fetch: async (_url, init) => {
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '');
      seen.push(token ?? '');
      return refused.has(token) ? new Response('no', {status: 401}) : new Response('tile', {status: 200});
    },
  });
  const tile = (): Promise<Response> => proxy(browser.request(`${site}/tiles/1.png`, {headers: SAME_ORIGIN}));
  ahead = 6_000;
  const first = await tile();
  assert.equal(first.status, 401);
  assert.deepEqual(first.headers.getSetCookie(), []);
  assert.equal((await session(browser)).status, 200);
  const second = await tile();
  assert.deepEqual([second.status, await second.text()], [200, 'tile']);
  assert.equal(seen.length, 2);
  // Another instance, which has not seen the refusal, is told of it by the page.
  const {refresh_token: before} = provider.grants;
  ahead = 12_000;
  assert.equal((await session(browser, '?reason=unauthorized')).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
});

test('a session ends when nobody is there, and at its last moment in any case', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead, sessionSeconds: 250, idleSeconds: 100});
  const {browser} = await signedIn(signIn);
  const idle = browser.copy();
  ahead = 90_000;
  assert.equal((await session(browser)).body['idleSeconds'], 100);
  ahead = 180_000;
  const {body} = await session(browser);
  assert.ok(Number(body['expiresIn']) <= 70);
  assert.deepEqual((await session(idle)).body, {authenticated: false});
  assert.equal(idle.jar(base).size, 0);
  ahead = 251_000;
  assert.equal(await tokenOf(signIn, browser), undefined);
  assert.deepEqual((await session(browser)).body, {authenticated: false});
});
