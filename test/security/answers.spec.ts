import {eventsOf} from '../e2e/support/recorder.js';
import {expectIdle, expectMap, messageOf, pan, stateOf, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {json} from './support/recording-server.js';

test.use({bypassCSP: true});

test('#29 a server that refuses every token: two requests per tile at most, one refresh', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  const asked = new Map<string, number>();
  const stop = demo.log.subscribe(({server, path, preflight}) => {
    if (server === 'map' && !preflight && path.startsWith('/tiles/')) asked.set(path, (asked.get(path) ?? 0) + 1);
  });
  demo.map.setFault(({kind, preflight}) => (kind === 'xyz' && !preflight ? {status: 401} : undefined));
  await pan(tag, 1);
  await expect(messageOf(tag)).toContainText('The map server does not accept your sign-in');
  await expectIdle(tag);
  stop();
  const most = Math.max(...asked.values());
  console.log(`#29: ${asked.size} tiles, ${most} requests for one at most, ${demo.signIn.counts.refreshes} refresh`);
  expect(asked.size).toBeGreaterThan(5);
  expect(most).toBeLessThanOrEqual(2);
  expect(demo.signIn.counts.refreshes).toBe(1);
});

test('#29 403 and insufficient_scope lead to no refresh and no second try', async ({page, site, provider, vault}) => {
  vault.answer(({path}) =>
    path === '/scope'
      ? json({}, 403, {'www-authenticate': 'Bearer error="insufficient_scope", scope="tiles"'})
      : json({}, 403),
  );
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/plain`)).toBe('403');
  expect(await fetchBy(tag, `${vault.origin}/scope`)).toBe('403');
  expect(vault.seen).toHaveLength(2);
  expect(provider.to('/token')).toHaveLength(1);
});

test('#29 a 401 needs no header that says why: the refresh and the second try come all the same', async ({
  page,
  site,
  provider,
  vault,
}) => {
  vault.answer(({headers}) => (headers.authorization?.endsWith('-first') ? {status: 401} : json({})));
  provider.behave({tokens: {access_token: 'of-first'}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  provider.behave({tokens: {access_token: 'of-second'}});
  expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
  expect(vault.seen.map(({headers}) => headers.authorization)).toEqual(['Bearer of-first', 'Bearer of-second']);
  expect(provider.to('/token')).toHaveLength(2);
});

const past = Math.floor(Date.now() / 1000) - 86_400;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown): string => `${part({alg: 'RS256', typ: 'at+jwt'})}.${part(claims)}.c2lnbmF0dXJl`;

const oddTokens: readonly (readonly [string, string])[] = [
  ['opaque', '2YotnFZFEjr1zCsicMWpAA'],
  ['encrypted, in five parts', 'eyJhbGciOiJSU0EtT0FFUCJ9.a2V5.aXY.Y2lwaGVy.dGFn'],
  ['a JWT that ended yesterday', jwt({exp: past})],
  ['a JWT with exp as text', jwt({exp: '17'})],
  ['a JWT with exp as nonsense', jwt({exp: {a: 1}})],
  ['a JWT of null', jwt(null)],
  ['three parts of nothing', 'a.b.c'],
  ['two dots', 'x..'],
];
test('#30 a sign-in’s access token is never looked into: it lasts as long as expires_in says', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const [what, token] of oddTokens) {
    provider.reset();
    vault.reset();
    provider.behave({tokens: {access_token: token, expires_in: 3600}});
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag), what).toBe('done');
    expect(await fetchBy(tag, `${vault.origin}/a`), what).toBe('200');
    expect(vault.seen[0]?.headers.authorization).toBe(`Bearer ${token}`);
    const left = await tag.evaluate((element: Tag) => (element.expiresAt ?? 0) - Date.now());
    expect(left, what).toBeGreaterThan(3_500_000);
    expect(left, what).toBeLessThanOrEqual(3_600_000);
    expect(provider.to('/token'), what).toHaveLength(1);
  }
});

test('#30 without expires_in nobody knows when it ends, also where the token is a JWT that says so', async ({
  page,
  site,
  provider,
  vault,
}) => {
  provider.behave({tokens: {access_token: jwt({exp: past}), expires_in: undefined}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
  expect(await tag.evaluate((element: Tag) => element.expiresAt)).toBeUndefined();
  expect(provider.to('/token')).toHaveLength(1);
});

test('#30 tokens that the page gives may be anything; exp is a hint, and only when it is one', async ({
  page,
  site,
  vault,
}) => {
  const future = Math.floor(Date.now() / 1000) + 1800;
  for (const [what, token] of oddTokens.filter(([name]) => name !== 'a JWT that ended yesterday')) {
    vault.reset();
    const tag = await openMap(page, site, `token="${token}" allowed-origins="${vault.origin}"`);
    expect(await fetchBy(tag, `${vault.origin}/a`), what).toBe('200');
    expect(vault.seen[0]?.headers.authorization, what).toBe(`Bearer ${token}`);
    expect(await eventsOf(page, 'secure-map-error'), what).toEqual([]);
  }
  const tag = await openMap(page, site, `token="${jwt({exp: future})}" allowed-origins="${vault.origin}"`);
  expect(await fetchBy(tag, `${vault.origin}/a`)).toBe('200');
  expect(await tag.evaluate((element: Tag) => element.expiresAt)).toBe(future * 1000);
  expect(await stateOf(tag)).toBe('authenticated');
  // What our clock says holds no request back where nothing better is to be had: the server decides.
  const ended = await openMap(page, site, `token="${jwt({exp: past})}" allowed-origins="${vault.origin}"`);
  expect(await fetchBy(ended, `${vault.origin}/b`)).toBe('200');
  expect(vault.seen.at(-1)?.headers.authorization).toBe(`Bearer ${jwt({exp: past})}`);
});
