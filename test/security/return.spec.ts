import type {BrowserContext, Page, Request} from '@playwright/test';
import {expectMap, expectState, pan, signInButton, tagOf} from '../e2e/support/tag.js';
import {fillLogin, signInByPopup, signInByRedirect} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {openMap, signedInAt, type Tag} from './support/map-page.js';
import {html} from './support/recording-server.js';

const payloads: readonly string[] = [
  '//evil.test',
  '//evil.test/map',
  '///evil.test',
  '////evil.test',
  '/\\evil.test',
  '/\\/evil.test',
  '\\\\evil.test',
  '\\/evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/\r/evil.test',
  '/%09/evil.test'.replace('%09', '\t'),
  'https://evil.test',
  'https:evil.test',
  'https:/evil.test',
  'HTTPS://evil.test',
  'http://evil.test/',
  'http:\\\\evil.test',
  ' https://evil.test',
  '\u0000https://evil.test',
  'ftp://evil.test',
  'javascript:document.title="pwned"',
  'JaVaScRiPt:document.title="pwned"',
  'java\tscript:document.title="pwned"',
  ' javascript:document.title="pwned"',
  'data:text/html,<title>pwned</title>',
  'blob:https://evil.test/1',
  'about:blank',
  'evil.test',
  '@evil.test',
  '//user@evil.test',
  '//evil.test:80/callback.html',
  '?//evil.test',
  '#//evil.test',
  '',
];

/** Everything that left for another origin than the site, or was about to. */
const strangersOf = (context: BrowserContext, own: string): string[] => {
  const strangers: string[] = [];
  context.on('request', (request) => {
    const {origin, protocol} = new URL(request.url());
    if (origin !== own && protocol.startsWith('http')) strangers.push(request.url());
  });
  return strangers;
};

test(`#10 ${payloads.length} ways to write another place to go back to: none leads there`, async ({
  page,
  context,
  demo,
}) => {
  const {origin} = new URL(demo.pageUrl);
  const strangers = strangersOf(context, origin);
  await page.goto(`${demo.pageUrl}callback.html`);
  for (const [index, path] of payloads.entries()) {
    const state = `state-${index}`;
    await page.evaluate(([key, record]) => sessionStorage.setItem(key, record), [
      `secure-map.redirect.${state}`,
      JSON.stringify({path, at: Date.now()}),
    ] as const);
    await page.goto(`${demo.pageUrl}callback.html?code=c&state=${state}`);
    await expect.poll(() => page.url()).not.toContain('code=');
    const url = new URL(page.url());
    expect(url.origin, JSON.stringify(path)).toBe(origin);
    expect(await page.title(), JSON.stringify(path)).not.toBe('pwned');
  }
  expect(strangers).toEqual([]);

  // And what is a path of the site is gone back to.
  await page.evaluate(
    (record) => sessionStorage.setItem('secure-map.redirect.good', record),
    JSON.stringify({path: '/demo/redirect.html?q=//evil.test#//evil.test', at: Date.now()}),
  );
  await page.goto(`${demo.pageUrl}callback.html?code=c&state=good`);
  await expect.poll(() => page.url()).toBe(`${demo.pageUrl}demo/redirect.html?q=//evil.test#//evil.test`);
});

test('#10 no parameter of the return page’s own address leads anywhere', async ({page, context, demo}) => {
  const {origin} = new URL(demo.pageUrl);
  const strangers = strangersOf(context, origin);
  const names = ['returnTo', 'return_to', 'redirect', 'redirect_uri', 'path', 'url', 'next', 'target_link_uri'];
  const query = names.map((name) => `${name}=${encodeURIComponent('//evil.test')}`).join('&');
  for (const rest of [query, `code=c&state=s&${query}`, `error=access_denied&state=s&${query}`, `#//evil.test`]) {
    await page.goto(`${demo.pageUrl}callback.html?${rest}`);
    await expect(page.getByRole('heading', {name: 'You can close this window'})).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/callback.html');
  }
  expect(strangers).toEqual([]);
});

test('#10 a page whose own path looks like another origin is not left for it', async ({
  page,
  context,
  site,
  provider,
  vault,
  frontDoor,
}) => {
  const strangers: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).hostname === 'evil.test') strangers.push(request.url());
  });
  const address = await site.page(`<secure-map ${signedInAt(provider, vault.origin)} login="redirect"></secure-map>`);
  await page.goto(frontDoor.at(address, '//evil.test/map'));
  await tagOf(page).evaluate((element: Tag) => void element.login().catch(() => undefined));
  await provider.until(({path}) => path === '/auth');
  await expect.poll(() => page.url()).toBe(`${frontDoor.origin}/callback.html`);
  expect(strangers).toEqual([]);
});

test.describe('', () => {
  // Its policy lets nobody but the demo's own servers in.
  test.use({bypassCSP: true});

  test('#10 a provider cannot name where a sign-in goes on', async ({page, context, site, provider, vault}) => {
    const {origin} = new URL(site.demo.pageUrl);
    provider.behave({answer: {path: '//evil.test', returnTo: 'https://evil.test/', redirect: '//evil.test'}});
    const tag = await openMap(page, site, `${signedInAt(provider, vault.origin)} login="redirect"`);
    const address = page.url();
    const strangers = strangersOf(context, origin);
    await tag.evaluate((element: Tag) => void element.login().catch(() => undefined));
    await expectState(tag, 'authenticated');
    expect(page.url()).toBe(address);
    expect(strangers.filter((url) => !url.startsWith(provider.issuer))).toEqual([]);
  });

  for (const endpoint of [
    'javascript:alert(1)',
    'http://login.test/auth',
    'data:text/html,hello',
    '//login.test/auth',
  ]) {
    test(`#10 an authorization endpoint like ${endpoint} is not gone to`, async ({page, context, site, provider}) => {
      const dialogs: string[] = [];
      context.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      provider.behave({metadata: {authorization_endpoint: endpoint}});
      const tag = await openMap(page, site, signedInAt(provider, site.demo.mapUrl));
      const code = await tag.evaluate((element: Tag) =>
        element.login().catch((error: unknown) => String(Reflect.get(Object(error), 'code'))),
      );
      expect(code).toBe('provider-invalid');
      await expect.poll(() => context.pages()).toHaveLength(1);
      expect(dialogs).toEqual([]);
    });
  }
});

const parameters = (url: string): string[] => [...new URL(url).searchParams.keys()];
const answerParts = ['code', 'state', 'iss', 'session_state', 'error'];

/** Every request with what it tells about where it comes from. */
const listen = (context: BrowserContext): Request[] => {
  const all: Request[] = [];
  context.on('request', (request) => all.push(request));
  return all;
};

/** The addresses that were told the answer: by their own address, or by that of the page they were asked from. */
const told = async (requests: readonly Request[], code: string): Promise<string[]> => {
  const found: string[] = [];
  for (const request of requests) {
    const {referer = ''} = await request.allHeaders().catch(() => request.headers());
    const name = new URL(request.url()).pathname;
    if (request.url().includes(code)) found.push(`${name} by its address`);
    if (referer.includes(code)) found.push(`${name} by its referrer`);
  }
  return found;
};

const historyOf = async (page: Page): Promise<string[]> => {
  const session = await page.context().newCDPSession(page);
  const {entries} = await session.send('Page.getNavigationHistory');
  await session.detach();
  return entries.map(({url}) => url);
};

test('#11 redirect: the address is as it was, Back shows no code, and nobody but the return page was told it', async ({
  page,
  context,
  demo,
}) => {
  const requests = listen(context);
  const url = `${demo.pageUrl}demo/redirect.html?code=delft&state=open&q=a+b%2fc#/layers?code=1&state=2`;
  await page.goto(url);
  const tag = tagOf(page);
  await signInByRedirect(page, tag);
  await expectMap(tag);
  expect(page.url()).toBe(url);

  const answer = requests.map((request) => new URL(request.url())).find(({pathname}) => pathname === '/callback.html');
  const code = answer?.searchParams.get('code') ?? '';
  expect(code.length).toBeGreaterThan(20);
  await pan(tag, 0.5);
  await expectMap(tag);
  expect(await told(requests, code)).toEqual(['/callback.html by its address']);
  const behind = (await historyOf(page)).filter((entry) => entry !== url);
  expect(behind.filter((entry) => parameters(entry).some((name) => answerParts.includes(name)))).toEqual(
    // The provider's own page, with the request that it got, is the visitor's way back through it.
    behind.filter((entry) => entry.startsWith(`${demo.issuer}/auth`)),
  );
  await page.goBack();
  expect(page.url()).not.toContain(code);
});

test('#11 popup: the code is in no address but that of the return page, which is clean before it loads a thing', async ({
  page,
  context,
  demo,
}) => {
  const requests = listen(context);
  const addresses: string[] = [];
  await context.exposeBinding('told', (_source, address: string) => void addresses.push(address));
  await context.addInitScript(() => {
    const {pathname} = location;
    if (pathname !== '/callback.html') return;
    const tell: unknown = Reflect.get(window, 'told');
    const {replaceState} = History.prototype;
    History.prototype.replaceState = function (...rest) {
      replaceState.apply(this, rest);
      const loaded = performance.getEntriesByType('resource').map(({name}) => new URL(name).pathname);
      if (typeof tell === 'function') tell(`${location.search} after ${loaded.join()}`);
    };
  });
  await page.goto(demo.pageUrl);
  await signInByPopup(page, tagOf(page));
  await expectMap(tagOf(page));
  const answer = requests.map((request) => new URL(request.url())).find(({pathname}) => pathname === '/callback.html');
  const code = answer?.searchParams.get('code') ?? '';
  expect(code.length).toBeGreaterThan(20);
  expect(await told(requests, code)).toEqual(['/callback.html by its address']);
  // The one script was there by then, nothing else had run.
  expect(addresses).toEqual([' after /callback.js']);
});

test('#11 the page itself: the answer is out of its address before the map asks for anything', async ({
  page,
  context,
  demo,
}) => {
  const requests = listen(context);
  const url = `${demo.pageUrl}demo/redirect-here.html`;
  await page.goto(url);
  const tag = tagOf(page);
  await signInByRedirect(page, tag);
  await expectMap(tag);
  expect(page.url()).toBe(url);
  const answer = requests.map((request) => new URL(request.url())).find(({searchParams}) => searchParams.has('code'));
  const code = answer?.searchParams.get('code') ?? '';
  expect(code.length).toBeGreaterThan(20);
  // The page's own scripts and styles are asked for before any script can run: that is what a return page is for.
  const strangers = requests.filter((request) => new URL(request.url()).origin !== new URL(url).origin);
  expect(strangers.length).toBeGreaterThan(10);
  expect(await told(strangers, code)).toEqual([]);
  expect((await historyOf(page)).filter((entry) => entry.includes(code))).toEqual([]);
});

test('#11 a refusal is cleaned up as well', async ({page, demo}) => {
  const url = `${demo.pageUrl}demo/redirect.html?town=delft`;
  await page.goto(url);
  await signInButton(tagOf(page)).click();
  // The map has a button of this name as well, until the page is left.
  await page.waitForURL((shown) => shown.origin !== new URL(url).origin);
  await page.getByRole('button', {name: 'Cancel'}).click();
  await expect(tagOf(page).getByRole('status')).toContainText('The sign-in was refused');
  expect(page.url()).toBe(url);
  const behind = (await historyOf(page)).filter((entry) => entry.startsWith(new URL(url).origin));
  expect(behind.filter((entry) => entry.includes('error='))).toEqual([]);
  await signInButton(tagOf(page)).click();
  await fillLogin(page, 'anna');
  await expectState(tagOf(page), 'authenticated');
});

test('#16 an attacker’s page that opens the return page gets no message', async ({page, demo, attacker}) => {
  attacker.answer(() => html('<h1>A game</h1>'));
  await page.goto(attacker.origin);
  const heard = await page.evaluate(
    async (address) => {
      const messages: unknown[] = [];
      addEventListener('message', ({data}) => messages.push(data));
      const popup = window.open(address, 'popup');
      // The return page closes itself when it has told whoever there is to tell.
      while (popup && !popup.closed) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, 100));
      return messages;
    },
    `${demo.pageUrl}callback.html?code=canary&state=s&iss=${encodeURIComponent(demo.issuer)}`,
  );
  expect(heard).toEqual([]);
});
