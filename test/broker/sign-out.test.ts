import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {SAME_ORIGIN, SESSION, VISIT, base, openSite, session, site, tokenOf} from './support/site.js';

const {provider, create, signedIn, isGood} = await openSite();
after(() => provider.close());

test('a POST of the page signs out, and takes the tokens back at the provider', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  const token = await tokenOf(signIn, browser);
  const thief = browser.copy();
  const {response} = await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN});
  assert.equal(response.status, 204);
  assert.equal(browser.jar(base).size, 0);
  assert.equal(await isGood(token), false);
  // A cookie that somebody has kept is refused.
  assert.equal(await tokenOf(signIn, thief), undefined);
  assert.equal((await session(thief)).status, 401);
});

test('a copied cookie is refused by other instances too, where they share what has ended', async () => {
  const ended = new Set<string>();
  const endedSessions = {add: async (id: string) => void ended.add(id), has: async (id: string) => ended.has(id)};
  const [one, two] = [create({endedSessions}), create({endedSessions})];
  const {browser} = await signedIn(one);
  const thief = browser.copy();
  await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN});
  assert.equal(await two.credential(thief.request(site)), undefined);
});

test('no other site signs a visitor out', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  const refused: readonly [string, Record<string, string>][] = [
    ['POST', {'sec-fetch-site': 'cross-site'}],
    ['POST', {'sec-fetch-site': 'same-site'}],
    ['POST', {'sec-fetch-site': 'none'}],
    ['POST', {origin: 'https://evil.example'}],
    ['POST', {}],
    ['GET', {'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate'}],
    ['GET', {'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate'}],
    ['GET', {'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors'}],
    ['GET', {referer: 'https://evil.example/'}],
    ['GET', {}],
  ];
  for (const [method, headers] of refused) {
    const {response} = await browser.send(`${base}/logout`, {method, headers});
    assert.equal(response.status, 403, JSON.stringify([method, headers]));
  }
  assert.equal((await session(browser)).body['authenticated'], true);
  const {response} = await browser.send(`${base}/logout`, {
    method: 'POST',
    headers: {'x-requested-with': 'secure-map'},
  });
  assert.equal(response.status, 204);
});

test("a visit signs out at the provider too, and comes back to the visitor's page", async () => {
  const {browser} = await signedIn(create());
  const {response} = await browser.send(`${base}/logout?returnTo=/bye`, {headers: VISIT});
  const away = new URL(response.headers.get('location') ?? '');
  assert.equal(away.origin + away.pathname, `${provider.issuer}/session/end`);
  assert.deepEqual([...away.searchParams.keys()].toSorted(), ['client_id', 'post_logout_redirect_uri', 'state']);
  assert.equal(away.searchParams.get('post_logout_redirect_uri'), `${base}/logout`);
  assert.equal(browser.jar(base).size, 0);
  // The provider takes the address: it asks the visitor instead of refusing.
  assert.equal((await browser.send(away.href)).response.status, 200);
  const state = away.searchParams.get('state') ?? '';
  const back = await browser.send(`${base}/logout?state=${state}`, {headers: {'sec-fetch-site': 'cross-site'}});
  assert.equal(back.response.headers.get('location'), `${site}/bye`);
  const forged = await browser.send(`${base}/logout?state=https://evil.example`);
  assert.equal(forged.response.headers.get('location'), `${site}/`);
});

test('a visit stays here where the site wants it so', async () => {
  const {browser} = await signedIn(create({endProviderSession: false}));
  const {response} = await browser.send(`${base}/logout?returnTo=/bye`, {headers: VISIT});
  assert.equal(response.headers.get('location'), `${site}/bye`);
  const open = await browser.send(`${base}/logout?returnTo=//evil.example`, {headers: VISIT});
  assert.equal(open.response.status, 400);
});

test('who signs out while the tokens are being renewed stays signed out', async () => {
  let ahead = 0;
  let release = (): void => undefined;
  let hold: (() => void) | undefined;
  const signIn = create({
    now: () => Date.now() + ahead,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const isRenewal = (await request.clone().text()).includes('grant_type=refresh_token');
      const response = await fetch(request);
      if (isRenewal)
        await new Promise<void>((resolve) => {
          release = resolve;
          hold?.();
        });
      return response;
    },
  });
  const {browser} = await signedIn(signIn);
  ahead = 301_000;
  const reached = new Promise<void>((resolve) => (hold = resolve));
  const renewing = signIn(browser.request(`${base}/session`, {headers: SAME_ORIGIN}));
  await reached;
  assert.equal((await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN})).response.status, 204);
  release();
  const late = await renewing;
  assert.equal(late.status, 503);
  assert.ok(late.headers.getSetCookie().every((line) => !line.startsWith(`${SESSION}=`)));
});
