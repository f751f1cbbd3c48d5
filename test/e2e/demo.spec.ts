import type {Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {drawnOn, expectIdle, expectMap, expectState, messageOf, pan, tagOf} from './support/tag.js';
import {signInByPopup, signInByRedirect} from './support/visitor.js';

const action = (page: Page, name: string) => page.getByRole('button', {name});
const panel = (page: Page) => page.getByRole('complementary', {name: 'What is going on'});
const requests = (page: Page) => page.getByRole('list', {name: 'Requests, newest first'});

test('popup: the panel tells what happens', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await expect(panel(page).locator('.state')).toHaveText('anonymous');
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expect(panel(page).locator('.state')).toHaveText('authenticated');
  await expect(panel(page)).toContainText('Anna Berg');
  await expect(requests(page).getByText('/tiles/', {exact: false}).first()).toBeVisible();
  await expect(requests(page).locator('[data-credential=Bearer]').first()).toHaveText('token');
  await expect(page.locator('#markup')).toContainText('<secure-map');
  await expect(page.locator('#markup')).toContainText(demo.mapUrl);
});

test('expire: many refusals, one refresh, all of them load', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  const answer = page.waitForResponse(/\/demo\/control\/expire$/);
  await action(page, 'Expire tokens').click();
  expect((await answer).status()).toBe(204);
  await pan(tag, 1);
  await expectMap(tag);
  await expect(page.locator('#refreshes')).toHaveText('1');
  await expect(page.locator('#expiry')).toHaveText(/^\d+ s$/);
  await expect(requests(page).locator('[data-credential=refused]').first()).toBeVisible();
  expect(demo.signIn.counts.refreshes).toBe(1);
  expect(demo.map.counts.unauthorized).toBeGreaterThan(0);
});

test('revoke: the next refresh is refused, the map asks to sign in again', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  for (const name of ['Revoke session', 'Expire tokens']) {
    const answer = page.waitForResponse(/\/demo\/control\//);
    await action(page, name).click();
    expect((await answer).status()).toBe(204);
  }
  await pan(tag, 1);
  await expectState(tag, 'expired');
  await expect(panel(page).locator('.state')).toHaveText('expired');
  await expect(messageOf(tag)).toContainText('Your session has ended');
});

test('cut and restore the network', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  await action(page, 'Cut the network').click();
  await expect(action(page, 'Restore the network')).toBeVisible();
  await pan(tag, 1);
  await expect(messageOf(tag)).toContainText('The map server does not answer');
  await action(page, 'Restore the network').click();
  await expect(action(page, 'Cut the network')).toBeVisible();
  await messageOf(tag).getByRole('button', {name: 'Try again'}).click();
  await expectMap(tag);
  await expect(messageOf(tag)).toHaveText('');
  await expectState(tag, 'authenticated');
});

test('a second map: no second sign-in, one refresh for both', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await action(page, 'Open a second map').click();
  const second = page.locator('secure-map').nth(1);
  await expectMap(second);
  await expectState(second, 'authenticated');
  demo.map.expireTokens();
  await Promise.all([pan(tag, 1), pan(second, -1)]);
  await expectMap(tag);
  await expectMap(second);
  expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1, refreshes: 1});
});

for (const path of ['redirect.html', 'redirect-here.html']) {
  test(`${path}: there and back`, async ({page, demo}) => {
    await page.goto(`${demo.pageUrl}demo/${path}`);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    expect(page.url()).toBe(`${demo.pageUrl}demo/${path}`);
    await expectMap(tag);
    await expect(panel(page)).toContainText('Anna Berg');
    await expect(panel(page).locator('.state')).toHaveText('authenticated');
  });
}

const given = [
  {path: 'given-token.html', refreshes: 2},
  {path: 'get-token.html', refreshes: 2},
  {path: 'token-url.html', refreshes: 2},
];
for (const {path, refreshes} of given) {
  test(`${path}: no sign-in, and a new token when the old one is refused`, async ({page, demo}) => {
    await page.goto(`${demo.pageUrl}demo/${path}`);
    const tag = tagOf(page);
    await expectMap(tag);
    await expectIdle(tag);
    expect(demo.signIn.counts).toMatchObject({authorize: 0, clientCredentials: 1});
    await action(page, 'Expire tokens').click();
    await expect.poll(() => demo.log.entries.some(({path: asked}) => asked === '/demo/control/expire')).toBe(true);
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    expect(demo.signIn.counts.clientCredentials).toBe(refreshes);
    await expect(messageOf(tag)).toHaveText('');
    await action(page, 'Open a second map').click();
    await expectMap(page.locator('secure-map').nth(1));
  });
}

test('public.html: no credential, no preflight, no sign-in', async ({page, demo}) => {
  await page.goto(`${demo.pageUrl}demo/public.html`);
  const tag = tagOf(page);
  await expectMap(tag);
  await pan(tag, 0.5);
  await expectMap(tag);
  expect((await drawnOn(tag)).colours).toBeGreaterThan(20);
  expect(demo.map.counts).toMatchObject({preflights: 0, unauthorized: 0});
  expect(demo.map.counts.byPath.public).toBeGreaterThan(10);
  expect(demo.signIn.counts).toMatchObject({discovery: 0, tokenRequests: 0});
  await expect(tag.locator('[part=account]')).toHaveCount(0);
  // What only a sign-in needs is not loaded.
  expect(demo.log.entries.filter(({path}) => path.includes('/chunks/engine'))).toEqual([]);
});

test('nothing of a page is missing, and no page complains on the console', async ({page, context, demo}) => {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  const missing: string[] = [];
  context.on('response', (response) => {
    if (response.status() >= 400) missing.push(`${response.status()} ${response.url()}`);
  });
  const paths = ['', 'redirect', 'redirect-here', 'given-token', 'get-token', 'token-url', 'session', 'public'];
  for (const path of paths) {
    await page.goto(demo.pageUrl + (path === '' ? '' : `demo/${path}.html`));
    await expect(tagOf(page).getByRole('button', {name: 'Zoom in'})).toBeVisible();
    await expectIdle(tagOf(page));
    await expect(page.getByRole('navigation', {name: 'Stories'})).toBeVisible();
  }
  expect(missing).toEqual([]);
  expect(complaints).toEqual([]);
});
