import {startSite} from '../e2e/support/site.js';
import type {Site} from '../e2e/support/site.js';
import {expectIdle, expectMap, expectState, pan, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test as base} from './fixtures.js';
import {fetchBy, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {createGate} from './support/recording-server.js';
import {askAHundredTimes, liveInThreeTabs, openTabs} from './support/tabs.js';

const test = base.extend<object, {readonly hurried: Site}>({
  hurried: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const site = await startSite({accessTokenSeconds: 10});
      await use(site);
      await site.stop();
    },
    {scope: 'worker'},
  ],
});

test('#34 three tabs, a hundred refusals at once in each, rotation without grace: one token request', async ({
  context,
  demo,
  site,
}) => {
  const tabs = await openTabs(context, site);
  for (const {tag} of tabs) await expectIdle(tag);
  demo.map.resetCounts();
  demo.signIn.resetCounts();
  demo.map.expireTokens();
  const began = Date.now();
  const outcomes = await Promise.all(
    tabs.map((tab) => askAHundredTimes(tab, `${demo.mapUrl}/features/cities.geojson`)),
  );
  const {unauthorized, ok} = demo.map.counts;
  const {tokenRequests, refreshes, grantsRevoked} = demo.signIn.counts;
  console.log(
    `#34: 3 tabs × 100: ${unauthorized} × 401, ${ok} × 200, ${tokenRequests} token request, ${grantsRevoked} grants `
      + `revoked, ${((Date.now() - began) / 1000).toFixed(1)} s`,
  );
  expect(outcomes).toEqual([{200: 100}, {200: 100}, {200: 100}]);
  expect(unauthorized).toBeGreaterThan(3);
  expect({tokenRequests, refreshes, grantsRevoked}).toEqual({tokenRequests: 1, refreshes: 1, grantsRevoked: 0});
});

test('#34 a minute of 10-second tokens in three tabs: no tile refused, no grant revoked', async ({
  context,
  hurried,
}) => {
  test.setTimeout(150_000);
  hurried.reset();
  await liveInThreeTabs(context, hurried, 60);
});

test('#34 a refusal that comes in late, for a token that was replaced meanwhile, costs no second renewal', async ({
  page,
  demo,
}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.expireTokens();
  let late = 0;
  demo.map.setFault(({query, preflight}) => {
    if (!query.has('late') || preflight || (late += 1) > 5) return undefined;
    return {delayMs: 1500};
  });
  const asked = Promise.all(
    [1, 2, 3, 4, 5].map((n) => fetchBy(tag, `${demo.mapUrl}/features/cities.geojson?late=${n}`)),
  );
  await expect.poll(() => late).toBe(5);
  expect(await fetchBy(tag, `${demo.mapUrl}/features/cities.geojson?now`)).toBe('200');
  expect(demo.signIn.counts.refreshes).toBe(1);
  expect(await asked).toEqual(['200', '200', '200', '200', '200']);
  expect(demo.signIn.counts).toMatchObject({refreshes: 1, tokenRequests: 2, grantsRevoked: 0});
});

test('#34 five maps on a page: one discovery, one key set, one sign-in, one renewal', async ({page, demo, site}) => {
  const map = `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
    scope="openid profile"></secure-map>`;
  await page.goto(await site.page(map.repeat(5)));
  await signInByPopup(page, tagOf(page));
  const tags = await page.locator('secure-map').all();
  for (const tag of tags) await expectMap(tag);
  demo.map.expireTokens();
  for (const tag of tags) await pan(tag, 1);
  for (const tag of tags) await expectMap(tag);
  expect(demo.signIn.counts).toMatchObject({discovery: 1, jwks: 1, authorize: 1, codeExchanges: 1, refreshes: 1});
});

test.describe('', () => {
  // The hostile provider is in no policy of the site.
  test.use({bypassCSP: true});

  test('#34 without Web Locks the claim of the first tab decides: one renewal', async ({
    context,
    site,
    provider,
    vault,
  }) => {
    await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', {get: () => undefined}));
    // Chance spreads the tabs over two seconds; here they all come at once.
    await context.addInitScript(() => (Math.random = () => 0.001));
    let refused = 'nothing yet';
    vault.answer(({headers: {authorization = ''}}) => (authorization === refused ? {status: 401} : undefined));
    const address = await site.page(
      `<secure-map ${signedInAt(provider, vault.origin, 'token-storage="local"')}></secure-map>`,
    );
    const pages = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
    const tags = pages.map(tagOf);
    for (const page of pages) await page.goto(address);
    const [first] = tags;
    expect(first && (await outcomeOf(first))).toBe('done');
    for (const tag of tags) expect(await fetchBy(tag, `${vault.origin}/before`)).toBe('200');
    refused = vault.seen[0]?.headers.authorization ?? '';
    const gate = createGate();
    provider.behave({replies: {'/token': () => gate.opened}});
    const asked = Promise.all(tags.map((tag) => fetchBy(tag, `${vault.origin}/after`)));
    await provider.until(({form}) => form.get('grant_type') === 'refresh_token');
    gate.open();
    await asked;
    expect(provider.to('/token')).toHaveLength(2);
    for (const tag of tags) await expect.poll(() => fetchBy(tag, `${vault.origin}/again`)).toBe('200');
    expect(provider.to('/token')).toHaveLength(2);
  });

  test('#34 a duplicated tab does not renew with the refresh token of the tab it was copied from', async ({
    page,
    context,
    site,
    provider,
    vault,
  }) => {
    const attributes = signedInAt(provider, vault.origin, 'token-storage="session"');
    const tag = await openMap(page, site, attributes);
    expect(await outcomeOf(tag)).toBe('done');
    // A window that a page opens gets a copy of its sessionStorage.
    const opened = context.waitForEvent('page');
    await page.evaluate((address) => void window.open(address, 'copy'), page.url());
    const copy = await opened;
    await expectState(tagOf(copy), 'authenticated');
    expect(await copy.evaluate(() => sessionStorage.length)).toBeGreaterThan(0);
    const used = (): (string | null)[] => provider.to('/token').flatMap(({form}) => form.getAll('refresh_token'));
    await outcomeOf(tagOf(copy), 'refresh');
    expect(used()).toEqual([]);
    expect(await outcomeOf(tag, 'refresh')).toBe('done');
    expect(used()).toHaveLength(1);
  });

  test('#40 a session that the provider ended is noticed at the next renewal, in every tab, and no frame looks after it', async ({
    context,
    site,
    provider,
    vault,
  }) => {
    const address = await site.page(
      `<secure-map ${signedInAt(provider, vault.origin, 'token-storage="local"')}></secure-map>`,
    );
    const pages = await Promise.all([context.newPage(), context.newPage()]);
    for (const page of pages) await page.goto(address);
    const [one, other] = pages.map(tagOf);
    if (!one || !other) throw new Error('no tabs');
    expect(await outcomeOf(one)).toBe('done');
    await expectState(other, 'authenticated');
    provider.behave({replies: {'/token': () => ({status: 400, body: '{"error":"invalid_grant"}'})}});
    expect(await outcomeOf(one, 'refresh')).toBe('session-over invalid_grant');
    await expectState(other, 'expired');
    expect(provider.to('/check-session')).toEqual([]);
    expect(await one.evaluate(() => localStorage.length)).toBe(0);
    for (const page of pages) expect(page.frames()).toHaveLength(1);
  });

  test('#40 a sign-in and a sign-out in another tab are seen by the storage alone, where no message comes', async ({
    context,
    site,
    provider,
    vault,
  }) => {
    // As in a tab in which the message was there before what it tells of, and so told nothing.
    const attributes = signedInAt(provider, vault.origin, 'token-storage="local"');
    const address = await site.page(`<secure-map ${attributes}></secure-map>`);
    const deaf = await context.newPage();
    await deaf.addInitScript(() => {
      const {addEventListener} = EventTarget.prototype;
      BroadcastChannel.prototype.addEventListener = function (...rest: Parameters<typeof addEventListener>) {
        if (rest[0] !== 'message' || this.name.includes('callback')) addEventListener.apply(this, rest);
      };
    });
    await deaf.goto(address);
    const page = await context.newPage();
    await page.goto(address);
    expect(await outcomeOf(tagOf(page))).toBe('done');
    await expectState(tagOf(deaf), 'authenticated');
    expect(await fetchBy(tagOf(deaf), `${vault.origin}/a`)).toBe('200');
    await tagOf(page).evaluate((element: Tag) => element.logout());
    await expect.poll(() => tagOf(deaf).evaluate((element: Tag) => element.authState)).not.toBe('authenticated');
    expect(await tagOf(deaf).evaluate((element: Tag) => element.user)).toBeUndefined();
    expect(provider.to('/token')).toHaveLength(1);
  });
});
