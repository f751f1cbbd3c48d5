import type {Page} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {
  accountOf,
  expectMap,
  expectNoMap,
  expectState,
  messageOf,
  pan,
  signInButton,
  signOutButton,
  stateOf,
  tagOf,
} from './support/tag.js';
import {fillLogin, openPopup, signInByPopup, signInByRedirect} from './support/visitor.js';

const MAP = `config="/bff/map/config/world.json" session-url="/bff/session" login-url="/bff/login" logout-url="/bff/logout"`;

const open = async (page: Page, {pageUrl}: Demo): Promise<void> => {
  await page.goto(`${pageUrl}demo/session.html`);
};

test.describe('a cookie session with the back end of the site', () => {
  test('the page shows the map and never sees a token', async ({page, demo}) => {
    const tokens: string[] = [];
    page.on('request', (request) => {
      if (request.headers()['authorization']) tokens.push(request.url());
    });
    await open(page, demo);
    const tag = tagOf(page);
    await expectNoMap(tag);
    await expect(messageOf(tag)).toContainText('Sign in to see this map');
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expect(accountOf(tag)).toContainText('Anna Berg');
    expect(tokens).toEqual([]);
    expect(demo.map.counts.preflights).toBe(0);
    const cookies = await page.context().cookies();
    expect(cookies.find(({name}) => name === 'bff')).toMatchObject({httpOnly: true, sameSite: 'Strict'});
    expect(await page.evaluate(() => document.cookie)).not.toContain('bff');
  });

  test('who is signed in already is not asked', async ({page, demo, context}) => {
    await open(page, demo);
    await signInByPopup(page, tagOf(page));
    const second = await context.newPage();
    await open(second, demo);
    await expectState(tagOf(second), 'authenticated');
    await expectMap(tagOf(second));
  });

  test('by redirect, and back to the same address', async ({page, site}) => {
    await page.goto(`${await site.page(`<secure-map ${MAP} login="redirect"></secure-map>`)}?a=1#here`);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    await expectMap(tag);
    expect(new URL(page.url()).search + new URL(page.url()).hash).toBe('?a=1#here');
  });

  test('asked for at once, and cancelled: told, and the visitor is not sent there again', async ({
    page,
    demo,
    site,
  }) => {
    const visits = (): number =>
      demo.log.entries.filter(({path, method}) => path === '/bff/login' && method === 'GET').length;
    await page.goto(await site.page(`<secure-map ${MAP} login="redirect" login-required></secure-map>`));
    await page.getByRole('button', {name: 'Cancel'}).click();
    const tag = tagOf(page);
    await expect(messageOf(tag)).toContainText('The sign-in was refused');
    expect(await stateOf(tag)).toBe('anonymous');
    expect(await eventsOf(page, 'secure-map-error')).toMatchObject([{error: {code: 'login-refused'}}]);
    expect(visits()).toBe(1);
    await signInByRedirect(page, tag);
    await expectMap(tag);
    expect(visits()).toBe(2);
  });

  test('a closed window, a cancelled sign-in and a wrong password', async ({page, demo}) => {
    await open(page, demo);
    const tag = tagOf(page);
    const first = await openPopup(page, signInButton(tag));
    await expect(first.getByLabel('User name')).toBeVisible();
    await first.close();
    await expect(messageOf(tag)).toContainText('You are not signed in');
    expect(await stateOf(tag)).toBe('anonymous');

    const second = await openPopup(page, signInButton(tag));
    await second.getByRole('button', {name: 'Cancel'}).click();
    await expect(messageOf(tag)).toContainText('The sign-in was refused');

    const third = await openPopup(page, signInButton(tag));
    await third.getByLabel('User name').fill('anna');
    await third.getByLabel('Password').fill('wrong');
    await third.getByRole('button', {name: 'Sign in'}).click();
    await expect(third.getByRole('alert')).toBeVisible();
    await fillLogin(third, 'anna');
    await expectState(tag, 'authenticated');
  });

  test('the whole page may be the return page', async ({page, site}) => {
    // As where the module comes from another origin and there is no return page: the page itself serves.
    const address = await site.page(`<secure-map ${MAP}></secure-map>`);
    await page.goto(address);
    const tag = tagOf(page);
    await tag.evaluate((element, path) => element.setAttribute('redirect-uri', path), new URL(address).pathname);
    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('signing out ends it at the back end, and in the other tab', async ({page, demo, context}) => {
    await open(page, demo);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    const second = await context.newPage();
    await open(second, demo);
    await expectMap(tagOf(second));

    await signOutButton(tag).click();
    await expectState(tag, 'signed-out');
    await expectState(tagOf(second), 'signed-out');
    await expectNoMap(tagOf(second));
    await expect
      .poll(() => demo.log.entries.filter(({path, method}) => path === '/bff/logout' && method === 'POST').length)
      .toBe(1);
    const answer = await page.evaluate(
      async () =>
        (await fetch('/bff/session', {headers: {'x-requested-with': 'secure-map'}})).json() as Promise<unknown>,
    );
    expect(answer).toEqual({authenticated: false});
  });

  test('a session that the back end has ended: the map stays, and goes on after the sign-in', async ({page, demo}) => {
    await open(page, demo);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await page.getByRole('button', {name: 'Revoke session'}).click();
    await pan(tag, 1);
    await expectState(tag, 'expired');
    expect(await eventsOf(page, 'session-expired')).toHaveLength(1);
    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('a back end that redirects to its sign-in page, in place of 401', async ({page, demo}) => {
    await open(page, demo);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await page.route(/\/bff\/(session|map)/, (route) =>
      route.fulfill({status: 302, headers: {location: `${demo.issuer}/auth`}}),
    );
    await pan(tag, 1);
    await expectState(tag, 'expired');
    await page.unroute(/\/bff\/(session|map)/);
    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('the visitor is told that the session ends soon, and can stay', async ({page, demo}) => {
    await page.clock.install();
    await open(page, demo);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await page.clock.fastForward(245_000);
    await expect(messageOf(tag)).toContainText('Your session is about to end');
    await expect(messageOf(tag)).toContainText('within a minute');
    expect((await eventsOf(page, 'session-ending')).at(-1)).toHaveProperty('endsAt');
    await messageOf(tag).getByRole('button', {name: 'Stay signed in'}).click();
    await expect(messageOf(tag)).toHaveText('');
    expect(await stateOf(tag)).toBe('authenticated');
  });

  test('a request without the header is not for a page of another site', async ({request, demo}) => {
    const bare = await request.get(`${demo.pageUrl}bff/session`);
    expect(bare.status()).toBe(403);
    expect((await request.post(`${demo.pageUrl}bff/logout`)).status()).toBe(403);
  });

  test('nobody is sent to another site by the way back', async ({request, demo}) => {
    for (const path of ['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)']) {
      const answer = await request.get(`${demo.pageUrl}bff/logout?returnTo=${encodeURIComponent(path)}`, {
        maxRedirects: 0,
      });
      expect(answer.headers()['location']).toBe(demo.pageUrl);
    }
  });

  test('a session of another origin that nobody allowed is an error of the page', async ({page, site}) => {
    await page.goto(await site.page(`<secure-map session-url="https://elsewhere.test/session"></secure-map>`));
    await expect(messageOf(tagOf(page))).toContainText('session-url: is of another origin');
  });
});
