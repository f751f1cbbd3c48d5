import type {Page} from '@playwright/test';
import {browserFlags, findBrowser} from '../../scripts/find-browser.js';
import {eventsOf} from '../e2e/support/recorder.js';
import {expectMap, expectNoMap, expectState, messageOf, pan, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {holdLongTimers} from './support/long-timers.js';
import {outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {
  begin,
  cancelButton,
  COOP,
  expectSettled,
  inFrame,
  moved,
  passTime,
  popupOf,
  press,
  print,
  signInPage,
} from './support/popup-row.js';

// The browser as visitors have it: Playwright turns these off by default.
test.use({
  bypassCSP: true,
  launchOptions: {
    executablePath: findBrowser(),
    // The last one counts, and has no ThirdPartyStoragePartitioning in it: what a frame keeps is kept apart by site.
    args: [...browserFlags, '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter'],
    ignoreDefaultArgs: ['--disable-back-forward-cache', '--disable-popup-blocking'],
  },
});

test('#19 popup matrix, in a frame of another site and COOP: no answer can come, and it settles', async ({
  page,
  site,
  provider,
  vault,
  attacker,
  frontDoor,
}) => {
  await page.addInitScript(holdLongTimers);
  signInPage(provider, COOP);
  const address = await site.page(`<secure-map ${signedInAt(provider, vault.origin)}></secure-map>`);
  const tag = await inFrame(page, frontDoor.at(address), attacker);
  const {popup, ended} = await popupOf(page, () => begin(tag));
  const closed = popup.waitForEvent('close');
  await press(popup);
  await closed;
  await expect(cancelButton(tag)).toBeVisible();
  await passTime(tag, 91_000);
  const end = await ended;
  print('iframe + COOP', end, moved);
  expect(end.outcome).toBe('login-cancelled');
  expect(provider.to('/token')).toEqual([]);
  await expectSettled(page, tag);
});

test('#18 a window that the browser itself blocks, since nobody clicked', async ({page, site, provider, vault}) => {
  await page.addInitScript(() => {
    document.addEventListener('secure-map-ready', ({target}) => {
      const login: unknown = Reflect.get(Object(target), 'login');
      if (typeof login !== 'function') return;
      const done: unknown = Reflect.apply(login, target, []);
      const outcome = Promise.resolve(done).then(
        () => 'signed in',
        (error: unknown) => String(Reflect.get(Object(error), 'code')),
      );
      Object.assign(window, {outcome});
    });
  });
  await page.goto(await site.page(`<secure-map ${signedInAt(provider, vault.origin)}></secure-map>`));
  const tag = tagOf(page);
  await expect(messageOf(tag)).toContainText('The sign-in window was blocked');
  expect(await page.evaluate(() => Reflect.get(window, 'outcome'))).toBe('login-blocked');
  expect(provider.to('/auth')).toEqual([]);
  await messageOf(tag).getByRole('button', {name: 'Sign in'}).click();
  await expectState(tag, 'authenticated');
});

/** As most browsers do by now. */
const blockThirdPartyCookies = async (page: Page): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCookieControls', {enableThirdPartyCookieRestriction: true});
};

test('#40 without third-party cookies: a sign-out in another tab is seen, and an ended session at the next renewal', async ({
  page,
  context,
  demo,
}) => {
  await blockThirdPartyCookies(page);
  const framed: string[] = [];
  context.on('request', (request) => {
    if (request.frame().parentFrame()) framed.push(request.url());
  });
  await page.goto(demo.pageUrl);
  await signInByPopup(page, tagOf(page));
  await expectMap(tagOf(page));
  const other = await context.newPage();
  await blockThirdPartyCookies(other);
  await other.goto(demo.pageUrl);
  await outcomeOf(tagOf(other));
  await expectMap(tagOf(other));

  const leftAt = Date.now();
  await tagOf(other).evaluate((element: Tag) => element.logout());
  await expectState(tagOf(page), 'signed-out');
  await expectNoMap(tagOf(page));
  console.log(`#40: seen in the other tab after ${Date.now() - leftAt} ms`);

  // The provider still knows who it is, by a cookie of its own page.
  expect(await outcomeOf(tagOf(page))).toBe('done');
  await expectMap(tagOf(page));
  demo.signIn.revokeAll();
  demo.map.expireTokens();
  await pan(tagOf(page), 1);
  await expectState(tagOf(page), 'expired');
  expect(await eventsOf(page, 'session-expired')).toHaveLength(1);
  expect(framed).toEqual([]);
});

test('#46 the page stays in the back/forward cache, and comes out of it with its map', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await page.evaluate(() => {
    Object.assign(window, {mark: 'the same page'});
    addEventListener('pageshow', ({persisted}) => Object.assign(window, {persisted}));
  });
  await page.goto(`${demo.pageUrl}callback.html`);
  await page.goBack({waitUntil: 'commit'});
  expect(await page.evaluate(() => [Reflect.get(window, 'mark'), Reflect.get(window, 'persisted')])).toEqual([
    'the same page',
    true,
  ]);
  await expectState(tag, 'authenticated');
  await expectMap(tag);
});

test('#37 out of the back/forward cache with a token that ended meanwhile: renewed before the first tile', async ({
  page,
  demo,
}) => {
  // A clock that goes on while the page is away.
  await page.addInitScript(() => {
    const {now} = Date;
    Date.now = () => now() + Number(sessionStorage.getItem('minutes') ?? 0) * 60_000;
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await page.goto(`${demo.pageUrl}callback.html`);
  await page.evaluate(() => sessionStorage.setItem('minutes', '20'));
  demo.map.expireTokens();
  demo.map.resetCounts();
  await page.goBack({waitUntil: 'commit'});
  await expect.poll(() => demo.signIn.counts.refreshes).toBe(1);
  await pan(tag, 1);
  await expectMap(tag);
  expect(demo.map.counts.unauthorized).toBe(0);
});

test('#39 signed out in another tab while this one was in the back/forward cache: nothing is left when it comes back', async ({
  page,
  context,
  demo,
}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await tag.evaluate((element) => element.setAttribute('token-storage', 'local'));
  await signInByPopup(page, tag);
  await expectMap(tag);
  const other = await context.newPage();
  await other.goto(demo.pageUrl);
  await tagOf(other).evaluate((element) => element.setAttribute('token-storage', 'local'));
  await expectState(tagOf(other), 'authenticated');

  await page.goto(`${demo.pageUrl}callback.html`);
  await tagOf(other).evaluate((element: Tag) => element.logout());
  await page.goBack({waitUntil: 'commit'});
  await expect.poll(() => tag.evaluate((element: Tag) => element.authState)).not.toBe('authenticated');
  await expectNoMap(tag);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
