import type {Locator, Page} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {
  drawnOn,
  expectIdle,
  expectMap,
  expectState,
  messageOf,
  pan,
  stateOf,
  tagOf,
  viewOf,
} from '../e2e/support/tag.js';
import {fillLogin, openPopup, signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import type {Behaviour, HostileProvider} from './hostile-provider.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {json} from './support/recording-server.js';

test.use({bypassCSP: true});

/** Lets the page's time pass in steps, and everything that a step sets off come to its end. */
const pass = async (
  page: Page,
  tag: Locator,
  seconds: number,
  step: number,
  each: () => Promise<void>,
): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += step) {
    await page.clock.runFor(step * 1000);
    await expect.poll(() => stateOf(tag)).not.toBe('refreshing');
    await each();
  }
};

/** When the page renewed, in seconds by its own clock. */
const noteRenewals = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const renewed: number[] = [];
    Object.assign(window, {renewed});
    document.addEventListener('token-refreshed', () => renewed.push(Date.now() / 1000));
  });
};
const renewalsOf = (page: Page): Promise<number[]> => page.evaluate(() => Reflect.get(window, 'renewed') as number[]);

const gapsOf = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? time));

test('#33 tokens of 45 seconds for five minutes: 16 renewals at most, and no token is sent after its end', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  await noteRenewals(page);
  provider.behave({tokens: {expires_in: 45}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  let shortest = Infinity;
  await pass(page, tag, 300, 5, async () => {
    expect(await fetchBy(tag, `${vault.origin}/tile`)).toBe('200');
    const left = await tag.evaluate((element: Tag) => (element.expiresAt ?? 0) - Date.now());
    shortest = Math.min(shortest, left / 1000);
  });
  const renewals = await renewalsOf(page);
  const least = Math.min(...gapsOf(renewals));
  console.log(
    `#33: 5 minutes of 45-second tokens: ${renewals.length} renewals, ${least.toFixed(1)} s apart at least, `
      + `${shortest.toFixed(1)} s left at least`,
  );
  expect(renewals.length).toBeGreaterThan(9);
  expect(renewals.length).toBeLessThanOrEqual(16);
  expect(shortest).toBeGreaterThan(0);
  expect(provider.to('/token')).toHaveLength(1 + renewals.length);
});

test('#33 a token of 300 seconds is renewed after about 240, not always at the same second', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  await noteRenewals(page);
  provider.behave({tokens: {expires_in: 300}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  const begin = await page.evaluate(() => Date.now() / 1000);
  for (let round = 1; round <= 3; round += 1) {
    await page.clock.runFor(200_000);
    await pass(page, tag, 50, 2, async () => undefined);
  }
  const renewals = await renewalsOf(page);
  const lifetimes = gapsOf([begin, ...renewals]);
  console.log(`#33: tokens of 300 seconds renewed after ${lifetimes.map((time) => time.toFixed(0)).join(', ')} s`);
  expect(renewals.length).toBe(3);
  for (const lifetime of lifetimes) {
    expect(lifetime).toBeGreaterThanOrEqual(233);
    // By a tick of the clock, and the time that the answer took.
    expect(lifetime).toBeLessThanOrEqual(252);
  }
  expect(new Set(lifetimes.map((time) => time.toFixed(2))).size).toBe(3);
});

for (const lifetime of [0, -5, 1]) {
  test(`#33 tokens of ${lifetime} seconds: ten renewals a minute at most, five seconds apart`, async ({
    page,
    site,
    provider,
    vault,
  }) => {
    await page.clock.install();
    await noteRenewals(page);
    provider.behave({tokens: {expires_in: lifetime}});
    const tag = await openMap(page, site, signedInAt(provider, vault.origin));
    expect(await outcomeOf(tag)).toBe('done');
    await pass(page, tag, 60, 2, async () => void (await fetchBy(tag, `${vault.origin}/tile`)));
    const renewals = await renewalsOf(page);
    expect(renewals.length).toBeLessThanOrEqual(11);
    expect(Math.min(...gapsOf(renewals), Infinity)).toBeGreaterThanOrEqual(5);
  });
}

test('#33 a server that refuses every new token sets off ten renewals a minute at most', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  await noteRenewals(page);
  provider.behave({tokens: {expires_in: 3600}});
  vault.answer(() => json({}, 401));
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  await pass(page, tag, 60, 3, async () => {
    await Promise.all([1, 2, 3].map((tile) => fetchBy(tag, `${vault.origin}/${tile}`)));
  });
  const renewals = await renewalsOf(page);
  console.log(`#33: a minute of refusals: ${vault.seen.length} requests, ${renewals.length} renewals`);
  expect(renewals.length).toBeGreaterThan(0);
  expect(renewals.length).toBeLessThanOrEqual(10);
  expect(Math.min(...gapsOf(renewals), Infinity)).toBeGreaterThanOrEqual(5);
});

type Make = (provider: HostileProvider) => Behaviour['replies'];
const troubles: readonly (readonly [string, Make])[] = [
  ['a cut connection', () => ({'/token': () => ({body: '{"access', cut: true})})],
  ['500', () => ({'/token': () => ({status: 500})})],
  ['502 with HTML', () => ({'/token': () => ({status: 502, body: '<html>Bad gateway</html>'})})],
  ['503', () => ({'/token': () => ({status: 503, headers: {'retry-after': '2'}})})],
  ['429', () => ({'/token': () => ({status: 429, headers: {'retry-after': '2'}})})],
  ['408', () => ({'/token': () => ({status: 408})})],
  ['200 with HTML', () => ({'/token': () => ({body: '<html>A captive portal</html>'})})],
  ['200 with nothing', () => ({'/token': () => ({body: ''})})],
  ['another error of OAuth', () => ({'/token': () => json({error: 'temporarily_unavailable'}, 400)})],
  ['no CORS', () => ({'/token': () => ({status: 200, headers: {'access-control-allow-origin': 'https://else.test'}})})],
];
test(`#36 ${troubles.length} kinds of trouble at the token endpoint: the session stays, and goes on by itself after it`, async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(page, site, signedInAt(provider, vault.origin, 'token-storage="local"'));
  expect(await outcomeOf(tag)).toBe('done');
  for (const [what, make] of troubles) {
    const before = await page.evaluate(() => JSON.parse(Object.values(localStorage)[0] ?? '{}') as object);
    const replies = make(provider);
    provider.behave(replies ? {replies} : {});
    expect(await outcomeOf(tag, 'refresh'), what).toMatch(/^source-(unreachable|invalid)/);
    expect(await stateOf(tag), what).toBe('authenticated');
    const after = await page.evaluate(() => JSON.parse(Object.values(localStorage)[0] ?? '{}') as object);
    expect(after, what).toMatchObject({
      credential: Reflect.get(before, 'credential') as object,
      grant: Reflect.get(before, 'grant') as object,
    });
    expect(await fetchBy(tag, `${vault.origin}/still`), what).toBe('200');
    provider.behave({});
    expect(await outcomeOf(tag, 'refresh'), what).toBe('done');
  }
  expect(await eventsOf(page, 'session-expired')).toEqual([]);
  expect(await eventsOf(page, 'auth-required')).toEqual([]);
  expect(provider.to('/auth')).toHaveLength(1);
});

test('#36 who says for how long is left alone for that long; who does not, is asked later and later', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  provider.behave({tokens: {expires_in: 600}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  const renewals = (): number => provider.to('/token').length - 1;
  provider.behave({replies: {'/token': () => ({status: 429, headers: {'retry-after': '90'}})}});
  // A fifth of its life before its end.
  await page.clock.runFor(460_000);
  await pass(page, tag, 40, 2, async () => undefined);
  expect(renewals()).toBe(1);
  await page.clock.runFor(45_000);
  expect(await fetchBy(tag, `${vault.origin}/still`)).toBe('200');
  expect(renewals()).toBe(1);

  provider.behave({replies: {'/token': () => ({status: 503})}});
  await pass(page, tag, 50, 2, async () => undefined);
  expect(renewals()).toBeGreaterThan(1);
  const since = renewals();
  // After 1, 2, 4, … seconds, a minute at most.
  await pass(page, tag, 60, 1, async () => undefined);
  expect(renewals() - since).toBeLessThan(9);
  await pass(page, tag, 60, 2, async () => undefined);
  expect(renewals() - since).toBeGreaterThan(1);
  expect(renewals() - since).toBeLessThan(11);
  expect(await stateOf(tag)).not.toBe('expired');
  provider.behave({});
  await pass(page, tag, 70, 5, async () => undefined);
  await expectState(tag, 'authenticated');
  expect(provider.to('/auth')).toHaveLength(1);
});

test('#36 invalid_grant ends the session once: map, view and layers stay, and it goes on in place', async ({
  page,
  demo,
}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await pan(tag, 0.25);
  await expectMap(tag);
  await expectIdle(tag);
  const view = await viewOf(tag);
  const layers = (): Promise<string> =>
    tag.evaluate((element: Tag) =>
      JSON.stringify(
        element.map
          .getLayers()
          .getArray()
          .map((layer) => [layer.getVisible(), layer.getOpacity()]),
      ),
    );
  const before = await layers();
  demo.signIn.revokeAll();
  expect(await outcomeOf(tag, 'refresh')).toBe('session-over invalid_grant');
  await expectState(tag, 'expired');
  expect(await eventsOf(page, 'session-expired')).toMatchObject([{reason: 'invalid_grant'}]);
  expect((await drawnOn(tag)).opaque).toBe(1);
  expect(await viewOf(tag)).toEqual(view);
  demo.map.resetCounts();
  await pan(tag, 0.5);
  await expectIdle(tag);
  expect(demo.map.counts.requests, 'nothing is asked for with a token that is gone').toBe(0);

  const popup = await openPopup(page, messageOf(tag).getByRole('button', {name: 'Sign in'}));
  await fillLogin(popup, 'anna');
  await expectState(tag, 'authenticated');
  await expectMap(tag);
  expect(await layers()).toBe(before);
});
