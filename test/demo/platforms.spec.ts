import type {Page} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import {PLANVIEWER_VIEWERS} from '../doubles/platforms/planviewer.js';
import {expect as base, test} from './demo-test.js';

/** The first picture of the world and the first key take their time on a busy machine. */
const expect = base.configure({timeout: 20_000});

/** Every page whose platform the browser asks itself: the address at which the site hands out its token, and its tiles. */
const PAGES = [
  {name: 'onemap', token: '/broker/onemap/token', tiles: /\/tiles\/.*\.png$/u},
  {name: 'supermap-imanager', token: '/broker/supermap-imanager/token', tiles: /zxyTileImage/u},
  {name: 'supermap-iserver', token: '/broker/supermap-iserver/token', tiles: /zxyTileImage/u},
  {name: 'spatial-studio', token: '/broker/spatial-studio/token', tiles: /\.mvt$/u},
] as const;

const seen = (demo: Demo, tiles: RegExp, credential: string): number =>
  demo.log.entries.filter(
    (entry) => entry.server === 'platform' && tiles.test(entry.path) && entry.credential === credential,
  ).length;

const state = (page: Page): Promise<string> =>
  page.evaluate(() => String(Reflect.get(document.querySelector('secure-map') ?? {}, 'authState')));

for (const {name, token, tiles} of PAGES) {
  test(`${name}: drawn with one token; expired, one more heals it`, async ({page, demo}) => {
    await page.goto(`${demo.pageUrl}demo/${name}.html`);
    await expect.poll(() => seen(demo, tiles, 'Bearer')).toBeGreaterThan(3);
    await expect.poll(() => state(page)).toBe('authenticated');
    const asked = (): number => demo.log.entries.filter(({path}) => path === token).length;
    expect(asked()).toBe(1);

    demo.log.clear();
    await page.getByRole('button', {name: 'Expire tokens'}).click();
    await page.locator('secure-map').getByRole('button', {name: 'Zoom in'}).click();
    await expect.poll(() => seen(demo, /./u, 'refused')).toBeGreaterThan(0);
    await expect.poll(asked).toBe(1);
    await expect.poll(() => seen(demo, tiles, 'Bearer')).toBeGreaterThan(3);
    expect(asked()).toBe(1);
    await expect(page.locator('secure-map').getByRole('alert')).toHaveCount(0);
  });
}

test('spectrum: through the site, which signs in anew when its session has ended', async ({page, demo}) => {
  const tiles = /\/tile\.png$/u;
  await page.goto(`${demo.pageUrl}demo/spectrum.html`);
  await expect(page.getByText('Sign in to see this map')).toBeVisible();
  const opened = page.waitForEvent('popup');
  await page.locator('secure-map').getByRole('button', {name: 'Sign in'}).first().click();
  const popup = await opened;
  await popup.getByLabel('User name').fill('anna');
  await popup.getByLabel('Password').fill('anna');
  await popup.getByRole('button', {name: 'Sign in'}).click();
  await expect.poll(() => seen(demo, tiles, 'Bearer')).toBeGreaterThan(3);

  demo.log.clear();
  await page.getByRole('button', {name: 'Expire tokens'}).click();
  await page.locator('secure-map').getByRole('button', {name: 'Zoom in'}).click();
  await expect.poll(() => seen(demo, tiles, 'refused')).toBeGreaterThan(0);
  const signIns = (): number => demo.log.entries.filter(({path}) => path.includes('/token/access/session/')).length;
  await expect.poll(signIns).toBe(1);
  await expect.poll(() => seen(demo, tiles, 'Bearer')).toBeGreaterThan(3);
  expect(signIns()).toBe(1);
  const tilesForPage = demo.log.entries.filter(({server, path}) => server === 'page' && tiles.test(path));
  expect(tilesForPage.map(({status}) => status).filter((status) => status !== 200)).toEqual([]);
});

test('two platforms: each server gets its own token', async ({page, demo}) => {
  await page.goto(`${demo.pageUrl}demo/two-platforms.html`);
  await expect.poll(() => seen(demo, /jsonstream/u, 'Bearer')).toBe(1);
  await expect.poll(() => seen(demo, /zxyTileImage/u, 'Bearer')).toBeGreaterThan(3);
  expect(seen(demo, /./u, 'refused')).toBe(0);
  const asked = demo.log.entries.filter(({path}) => path.startsWith('/broker/')).map(({path}) => path);
  expect(asked.toSorted()).toEqual(['/broker/spatial-studio/token', '/broker/supermap-imanager/token']);
});

test('revoked by the site: the map asks to sign in, and no token is handed out', async ({page, demo}) => {
  await page.goto(`${demo.pageUrl}demo/supermap-iserver.html`);
  await expect.poll(() => state(page)).toBe('authenticated');
  await page.getByRole('button', {name: 'Revoke session'}).click();
  await page.getByRole('button', {name: 'Expire tokens'}).click();
  await page.locator('secure-map').getByRole('button', {name: 'Zoom in'}).click();
  await expect.poll(() => state(page)).toBe('expired');
  const [last] = demo.log.entries.filter(({path}) => path.startsWith('/broker/')).slice(-1);
  expect(last?.status).toBe(401);
});

test('planviewer: asks the site who the visitor is, and shows its viewer', async ({page, demo}) => {
  const viewer = `${demo.platforms.planviewer}/maps_api/v2/embed/viewer/${PLANVIEWER_VIEWERS[0]?.identifier}`;
  await page.goto(viewer);
  await expect(page.getByText('not (yet) been correctly authenticated')).toBeVisible();

  // A visit of any page of the site makes the visitor known to it.
  await page.goto(demo.pageUrl);
  await page.goto(viewer);
  await expect.poll(() => page.getByRole('img').evaluate((image) => Reflect.get(image, 'naturalWidth'))).toBe(1024);
  const calls = demo.log.entries.filter(({path}) => path.startsWith('/planviewer/'));
  expect(calls.map(({path, status}) => `${path} ${status}`)).toEqual([
    '/planviewer/authorize 302',
    '/planviewer/authorize 302',
    '/planviewer/access_token 200',
    '/planviewer/resource 200',
  ]);
});

/** Of the picture that Planviewer shows in the frame. */
const widthInFrame = (page: Page): Promise<unknown> =>
  page
    .locator('secure-map')
    .locator('iframe')
    .contentFrame()
    .getByRole('img')
    .evaluate((image) => Reflect.get(image, 'naturalWidth'));

test('planviewer: in a frame, with the session that the visitor has with the site', async ({page, demo}) => {
  await page.goto(`${demo.pageUrl}demo/planviewer.html`);
  await expect.poll(() => widthInFrame(page)).toBe(1024);
});

test('planviewer: after a sign-in in a window of its own', async ({page, demo}) => {
  // Before the tag is defined.
  await page.addInitScript(() =>
    document.addEventListener('readystatechange', () =>
      document.querySelector('secure-map')?.setAttribute('login', 'popup'),
    ),
  );
  await page.goto(`${demo.pageUrl}demo/planviewer.html`);
  const opened = page.waitForEvent('popup');
  await page.locator('secure-map').getByRole('button', {name: 'Sign in'}).first().click();
  const popup = await opened;
  await expect(popup.getByRole('img')).toBeVisible();
  expect(await state(page)).toBe('authenticating');

  // The visitor closes the window: nothing in it can tell the page that they are done.
  await popup.close();
  await expect.poll(() => state(page)).toBe('authenticated');
  await expect.poll(() => widthInFrame(page)).toBe(1024);
});
