import type {Page} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {expectIdle, expectMap, expectState, pan, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';

const MINUTE = 60_000;

/** A page whose visitor is signed in, and in which no timer fires when the clock is set. */
const begin = async (page: Page, address: string): Promise<ReturnType<typeof tagOf>> => {
  await page.clock.install();
  await page.goto(address);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  return tag;
};

const wakings: readonly (readonly [string, () => void])[] = [
  ['visibilitychange', () => void document.dispatchEvent(new Event('visibilitychange'))],
  ['focus', () => void window.dispatchEvent(new Event('focus'))],
  ['online', () => void window.dispatchEvent(new Event('online'))],
  ['pageshow', () => void window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))],
  ['resume', () => void document.dispatchEvent(new Event('resume'))],
];
test('#37 each of the five signs of waking up looks at the expiry at once', async ({page, demo}) => {
  const tag = await begin(page, demo.pageUrl);
  for (const [index, [name, wake]] of wakings.entries()) {
    await page.clock.setSystemTime(Date.now() + (index + 1) * 20 * MINUTE);
    expect(demo.signIn.counts.refreshes, `before ${name}`).toBe(index);
    await page.evaluate(wake);
    await expect.poll(() => demo.signIn.counts.refreshes, {message: name}).toBe(index + 1);
    await expectState(tag, 'authenticated');
  }
  // While the token is good, waking up costs nothing.
  for (const [, wake] of wakings) await page.evaluate(wake);
  await pan(tag, 0.5);
  await expectMap(tag);
  expect(demo.signIn.counts.refreshes).toBe(wakings.length);
  expect(demo.map.counts.unauthorized).toBe(0);
});

test('#37 frozen ten minutes past the expiry, woken offline, online 20 seconds later: no 401, one renewal, the whole map', async ({
  page,
  context,
  demo,
}) => {
  const tag = await begin(page, demo.pageUrl);
  const session = await context.newCDPSession(page);
  demo.map.resetCounts();
  demo.signIn.resetCounts();

  // The clock is set before the page is frozen, since a frozen page cannot be told; no timer fires by that.
  await page.clock.setSystemTime(Date.now() + 11 * MINUTE);
  await session.send('Page.setWebLifecycleState', {state: 'frozen'});
  await context.setOffline(true);
  demo.map.expireTokens();
  await session.send('Page.setWebLifecycleState', {state: 'active'});
  await pan(tag, 1);
  await pan(tag, 0.5);
  for (let second = 0; second < 20; second += 1) await page.clock.runFor(1000);
  const offline = {...demo.signIn.counts};
  expect(demo.map.counts.requests).toBe(0);
  await expect.poll(() => eventsOf(page, 'session-expired')).toEqual([]);

  await context.setOffline(false);
  await expectMap(tag);
  await expectIdle(tag);
  await expectState(tag, 'authenticated');
  const {unauthorized, ok} = demo.map.counts;
  const {refreshes, tokenRequests, grantsRevoked} = demo.signIn.counts;
  console.log(
    `#37: frozen 10 minutes past the expiry, offline for 20 s: ${unauthorized} × 401, ${ok} × 200, ${refreshes} renewal `
      + `(${tokenRequests} token request), map complete`,
  );
  expect(offline.tokenRequests).toBe(0);
  expect({unauthorized, refreshes, tokenRequests, grantsRevoked}).toEqual({
    unauthorized: 0,
    refreshes: 1,
    tokenRequests: 1,
    grantsRevoked: 0,
  });
  expect(ok).toBeGreaterThan(10);
  expect(await eventsOf(page, 'session-expired')).toEqual([]);
});

for (const [name, days] of [
  ['a day ahead', 1],
  ['a day back', -1],
] as const) {
  test(`#37 a clock that is set ${name} costs neither the session nor a tile`, async ({page, demo}) => {
    const tag = await begin(page, demo.pageUrl);
    demo.map.resetCounts();
    await page.clock.setSystemTime(Date.now() + days * 24 * 60 * MINUTE);
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    await expectState(tag, 'authenticated');
    expect(demo.map.counts).toMatchObject({unauthorized: 0, forbidden: 0, otherwise: 0});
    expect(demo.signIn.counts.refreshes).toBeLessThanOrEqual(2);
    expect(demo.signIn.counts.authorize).toBe(1);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
  });
}

test('#37 a machine that slept for two hours asks with no dead token, whatever wakes first', async ({page, demo}) => {
  const tag = await begin(page, demo.pageUrl);
  demo.map.resetCounts();
  await page.clock.setSystemTime(Date.now() + 120 * MINUTE);
  demo.map.expireTokens();
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);
  expect(demo.map.counts.unauthorized).toBe(0);
  expect(demo.signIn.counts).toMatchObject({refreshes: 1, tokenRequests: 2, grantsRevoked: 0});
});
