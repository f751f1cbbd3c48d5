import type {Page} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import {findIn, placesOf} from '../e2e/support/scan.js';
import {
  expectIdle,
  expectMap,
  expectNoMap,
  expectState,
  messageOf,
  pan,
  signOutButton,
  tagOf,
} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {fetchBy, openMap} from './support/map-page.js';
import {html, json} from './support/recording-server.js';

const MAP = `config="/bff/map/config/world.json" session-url="/bff/session" login-url="/bff/login"
  logout-url="/bff/logout"`;

const open = async (page: Page, {pageUrl}: Demo): Promise<ReturnType<typeof tagOf>> => {
  await page.goto(`${pageUrl}demo/session.html`);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  return tag;
};

test('#47 the cookie is out of reach of scripts and of other sites, and new with each sign-in', async ({
  page,
  context,
  demo,
}) => {
  const tag = await open(page, demo);
  const find = async () => (await context.cookies()).find(({name}) => /bff/.test(name));
  const first = await find();
  expect(first).toMatchObject({httpOnly: true, sameSite: 'Strict', path: '/', domain: 'localhost'});
  expect(first?.value.length).toBeGreaterThan(20);
  expect(findIn({script: await page.evaluate(() => document.cookie)}, {session: [first?.value ?? '']})).toEqual([]);
  expect(
    findIn(await page.evaluate(() => ({markup: document.documentElement.outerHTML})), {session: [first?.value ?? '']}),
  ).toEqual([]);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  await expect.poll(async () => (await find())?.value ?? '').toBe('');
  await signInByPopup(page, tag);
  expect((await find())?.value).not.toBe(first?.value);
});

test('#47 without the static header the back end answers 403, with or without the cookie', async ({page, demo}) => {
  await open(page, demo);
  const ask = (path: string, method: string, headers: Record<string, string>): Promise<number> =>
    page.evaluate(async ([to, how, which]) => (await fetch(to, {method: how, headers: which})).status, [
      path,
      method,
      headers,
    ] as const);
  expect(await ask('/bff/session', 'GET', {})).toBe(403);
  expect(await ask('/bff/logout', 'POST', {})).toBe(403);
  expect(await ask('/bff/session', 'GET', {'x-requested-with': 'another'})).toBe(403);
  expect(await ask('/bff/session', 'GET', {'x-requested-with': 'secure-map'})).toBe(200);
  // Nobody was signed out by what was refused.
  await expectState(tagOf(page), 'authenticated');
  const without = await fetch(`${demo.pageUrl}bff/logout`, {method: 'POST'});
  expect(without.status).toBe(403);
});

test('#47 a page of another site cannot use the session: no cookie goes along, and nothing is answered', async ({
  page,
  context,
  demo,
  attacker,
}) => {
  await open(page, demo);
  attacker.answer(() => html('<h1>A game</h1>'));
  const evil = await context.newPage();
  await evil.goto(attacker.origin);
  const statuses: string[] = [];
  demo.log.subscribe(({server, path, status, method}) => {
    if (server === 'page' && path.startsWith('/bff/')) statuses.push(`${method} ${path} ${status}`);
  });
  const outcomes = await evil.evaluate(async (site) => {
    const attempt = (path: string, init: RequestInit): Promise<string> =>
      fetch(site + path, {credentials: 'include', ...init}).then(
        ({status, type}) => `${type} ${status}`,
        () => 'failed',
      );
    return [
      await attempt('bff/session', {headers: {'x-requested-with': 'secure-map'}}),
      await attempt('bff/session', {mode: 'no-cors'}),
      await attempt('bff/logout', {method: 'POST', mode: 'no-cors'}),
      await attempt('bff/map/config/world.json', {}),
    ];
  }, demo.pageUrl);
  // What cannot be looked into is no answer.
  expect(outcomes).toEqual(['failed', 'opaque 0', 'opaque 0', 'failed']);
  expect(statuses.filter((line) => / 20\d$/.test(line))).toEqual([]);
  await pan(tagOf(page), 1);
  await expectMap(tagOf(page));
  await expectState(tagOf(page), 'authenticated');
});

test('#47 requests of the tag bring the header, and no token is anywhere', async ({page, context, demo}) => {
  const asked: {path: string; method: string; header: string | undefined; authorization: string | undefined}[] = [];
  context.on('request', (request) => {
    const {pathname} = new URL(request.url());
    if (!pathname.startsWith('/bff/') || request.isNavigationRequest()) return;
    const headers = request.headers();
    asked.push({
      path: pathname,
      method: request.method(),
      header: headers['x-requested-with'],
      authorization: headers['authorization'],
    });
  });
  const tag = await open(page, demo);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  await expect.poll(() => asked.some(({method}) => method === 'POST')).toBe(true);
  const guarded = asked.filter(({path, method}) => path === '/bff/session' || method === 'POST');
  expect(guarded.length).toBeGreaterThan(1);
  for (const {header} of guarded) expect(header).toBe('secure-map');
  expect(asked.filter(({authorization}) => authorization !== undefined)).toEqual([]);
  const places = await placesOf(page, []);
  expect(findIn(places, {token: ['eyJ']})).toEqual([]);
});

test('#10 the back end gets a path of the site as the way back, and takes nothing else for one', async ({
  page,
  context,
  demo,
  site,
}) => {
  const asked: (string | null)[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/bff/login') asked.push(url.searchParams.get('returnTo'));
  });
  const address = `${await site.page(`<secure-map ${MAP} login="redirect"></secure-map>`)}?q=//evil.test#//evil.test`;
  await page.goto(address);
  const tag = tagOf(page);
  await expect(messageOf(tag)).toContainText('Sign in');
  await messageOf(tag).getByRole('button', {name: 'Sign in'}).click();
  await page.getByLabel('User name').fill('anna');
  await page.getByLabel('Password').fill('anna');
  await page.getByRole('button', {name: 'Sign in'}).click();
  await expect
    .poll(() => tag.evaluate((element) => Reflect.get(element, 'authState')).catch(() => ''))
    .toBe('authenticated');
  expect(page.url()).toBe(address);
  for (const path of asked) {
    expect(path).toMatch(/^\/(?![/\\])/);
    expect(new URL(path ?? '', demo.pageUrl).origin).toBe(new URL(demo.pageUrl).origin);
  }
  for (const path of ['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)', '/\t/evil.test']) {
    const url = `${demo.pageUrl}bff/logout?returnTo=${encodeURIComponent(path)}`;
    const answer = await fetch(url, {redirect: 'manual'});
    expect(answer.headers.get('location'), path).toBe(demo.pageUrl);
  }
});

test.describe('', () => {
  // The other servers are in no policy of the site.
  test.use({bypassCSP: true});

  test('#27 a cookie session sends cookies to its own and to listed origins, and to no other', async ({
    page,
    context,
    site,
    vault,
    attacker,
  }) => {
    // Other ports of the page's own host: other origins, to which the browser would send the cookie if it were let.
    const [inside, outside] = [vault, attacker].map(({port}) => `http://localhost:${port}`);
    await context.addCookies([{url: site.demo.pageUrl, name: 'visitor', value: 'canary-cookie'}]);
    vault.answer(({path}) => (path === '/session' ? json({authenticated: true, user: {sub: 'anna'}}) : json({path})));
    const tag = await openMap(
      page,
      site,
      `session-url="${inside ?? ''}/session" allowed-origins="${inside ?? ''}" layers='[]'`,
    );
    expect(await fetchBy(tag, `${inside ?? ''}/inside`)).toBe('200');
    expect(await fetchBy(tag, `${outside ?? ''}/outside`)).toBe('200');
    const cookies = (seen: typeof vault.seen): unknown[] => seen.map(({path, headers}) => [path, headers.cookie]);
    expect(cookies(vault.seen)).toEqual([
      ['/session', expect.stringContaining('visitor=canary-cookie')],
      ['/inside', expect.stringContaining('visitor=canary-cookie')],
    ]);
    expect(cookies(attacker.seen)).toEqual([['/outside', undefined]]);
    for (const {headers} of [...vault.seen, ...attacker.seen]) expect(headers.authorization).toBeUndefined();
  });
});
