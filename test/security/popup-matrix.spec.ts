import {stateOf, tagOf} from '../e2e/support/tag.js';
import {expect, test} from './fixtures.js';
import {holdLongTimers} from './support/long-timers.js';
import {openMap, outcomeOf, signedInAt} from './support/map-page.js';
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

test.use({bypassCSP: true});

test('#19 popup matrix, normal: signed in', async ({page, site, provider, vault}) => {
  signInPage(provider);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  await expect(cancelButton(tag)).toBeVisible();
  await press(popup);
  const end = await ended;
  print('normal', end);
  expect(end.outcome).toBe('signed in');
  await expectSettled(page, tag, 'authenticated');
});

test('#19 popup matrix, closed by the visitor: cancelled within 3 seconds', async ({page, site, provider, vault}) => {
  signInPage(provider);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  await popup.waitForLoadState();
  await popup.close();
  const closedAt = Date.now();
  const end = await ended;
  print('closed', {...end, milliseconds: Date.now() - closedAt}, 'after it was closed');
  expect(end.outcome).toBe('login-cancelled');
  expect(Date.now() - closedAt).toBeLessThan(3000);
  expect(provider.to('/token')).toEqual([]);
  await expectSettled(page, tag);
});

test('#19 popup matrix, blocked: said at once', async ({page, site, provider, vault}) => {
  await page.addInitScript(() => (window.open = () => null));
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const end = await begin(tag);
  print('blocked', end);
  expect(end.outcome).toBe('login-blocked');
  expect(end.milliseconds).toBeLessThan(1000);
  await expectSettled(page, tag);
});

test('#19 popup matrix, COOP: cut off, and signed in all the same', async ({page, site, provider, vault}) => {
  signInPage(provider, COOP);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  expect(await popup.evaluate(() => window.opener === null), 'the tie is cut').toBe(true);
  // Longer than a window that was closed would be waited for.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2500)));
  expect(await stateOf(tag)).toBe('authenticating');
  await expect(cancelButton(tag)).toBeVisible();
  await press(popup);
  const end = await ended;
  print('COOP', end);
  expect(end.outcome).toBe('signed in');
  await expectSettled(page, tag, 'authenticated');
});

test('#19 popup matrix, COOP and closed: given up after a minute and a half, with a Cancel till then', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.addInitScript(holdLongTimers);
  signInPage(provider, COOP);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  await popup.close();
  await passTime(tag, 60_000);
  await expect(cancelButton(tag)).toBeVisible();
  await passTime(tag, 31_000);
  const end = await ended;
  print('COOP, closed', end, moved);
  expect(end.outcome).toBe('login-cancelled');
  await expectSettled(page, tag);
});

test('#19 popup matrix, COOP and Cancel: over at once', async ({page, site, provider, vault}) => {
  signInPage(provider, COOP);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  await cancelButton(tag).click();
  const end = await ended;
  print('COOP, Cancel', end);
  expect(end.outcome).toBe('login-cancelled');
  // Nobody can close a window that was cut off but the visitor; what comes from it counts for nothing.
  await press(popup);
  await popup.close().catch(() => undefined);
  await expectSettled(page, tag);
  expect(provider.to('/token')).toEqual([]);
});

test('#19 popup matrix, in a frame of another site: signed in', async ({
  page,
  site,
  provider,
  vault,
  attacker,
  frontDoor,
}) => {
  signInPage(provider);
  const address = await site.page(`<secure-map ${signedInAt(provider, vault.origin)}></secure-map>`);
  const tag = await inFrame(page, frontDoor.at(address), attacker);
  const {popup, ended} = await popupOf(page, () => begin(tag));
  await press(popup);
  const end = await ended;
  print('iframe', end);
  expect(end.outcome).toBe('signed in');
  await expectSettled(page, tag, 'authenticated');
});

test('#19 popup matrix, Cancel: the window closes', async ({page, site, provider, vault}) => {
  signInPage(provider);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  const closed = popup.waitForEvent('close');
  await cancelButton(tag).click();
  const end = await ended;
  await closed;
  print('cancel', end);
  expect(end.outcome).toBe('login-cancelled');
  await expectSettled(page, tag);
});

test('#19 popup matrix, a visitor who never comes back to it: over after five minutes', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.addInitScript(holdLongTimers);
  signInPage(provider);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  const closed = popup.waitForEvent('close');
  await passTime(tag, 4 * 60_000);
  expect(await stateOf(tag)).toBe('authenticating');
  await expect(cancelButton(tag)).toBeVisible();
  await passTime(tag, 61_000);
  const end = await ended;
  await closed;
  print('timeout', end, moved);
  expect(end.outcome).toBe('login-timeout');
  await expectSettled(page, tag);
});

test('#19 a map that is removed during the sign-in closes its window', async ({page, site, provider, vault}) => {
  signInPage(provider);
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const {popup, ended} = await popupOf(page, () => begin(tag));
  const closed = popup.waitForEvent('close');
  await tagOf(page).evaluate((element) => element.remove());
  expect((await ended).outcome).toBe('login-cancelled');
  await closed;
  await page.evaluate(() => document.body.append(document.createElement('secure-map')));
  expect(await outcomeOf(tagOf(page))).toBe('login-refused');
});
