import type {BrowserContext, Locator, Page} from '@playwright/test';
import {expect} from '../../e2e/support/expect.js';
import type {Site} from '../../e2e/support/site.js';
import {eventsOf} from '../../e2e/support/recorder.js';
import {expectMap, expectState, pan, tagOf} from '../../e2e/support/tag.js';
import {signInByPopup} from '../../e2e/support/visitor.js';
import type {Tag} from './map-page.js';

export interface Tab {
  readonly page: Page;
  readonly tag: Locator;
}

/** A map whose session all tabs of the browser share. */
export const sharedMap = `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
  scope="openid profile" token-storage="local"></secure-map>`;

/** Three tabs with the same map, signed in by the first of them. */
export const openTabs = async (context: BrowserContext, site: Site, markup = sharedMap): Promise<readonly Tab[]> => {
  const address = await site.page(markup);
  const pages = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  const tabs = pages.map((page) => ({page, tag: tagOf(page)}));
  for (const {page} of tabs) await page.goto(address);
  const [first] = tabs;
  if (!first) throw new Error('no tabs');
  await signInByPopup(first.page, first.tag);
  for (const {tag} of tabs) {
    await expectState(tag, 'authenticated');
    await expectMap(tag);
  }
  return tabs;
};

/** How many answers of each kind the page's own requests got, a hundred at once. */
export const askAHundredTimes = ({tag}: Tab, address: string): Promise<Readonly<Record<string, number>>> =>
  tag.evaluate(async (element: Tag, url) => {
    const outcomes = await Promise.all(
      Array.from({length: 100}, (_, index) =>
        element.fetch(`${url}?${index}`).then(
          ({status}) => String(status),
          (error: unknown) => String(Reflect.get(Object(error), 'code')),
        ),
      ),
    );
    const counts: Record<string, number> = {};
    for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  }, address);

/**
 * Three tabs whose visitor moves all three maps, on tokens of ten seconds and a provider that rotates its refresh tokens
 * without any grace. Prints what came of it.
 */
export const liveInThreeTabs = async (context: BrowserContext, site: Site, seconds: number): Promise<void> => {
  const {demo} = site;
  const tabs = await openTabs(context, site);
  demo.map.resetCounts();
  demo.signIn.resetCounts();
  const begin = Date.now();
  let moves = 0;
  while (Date.now() - begin < seconds * 1000) {
    for (const {tag} of tabs) await pan(tag, 0.4);
    moves += 1;
    // By the clock of a page that is watched.
    await tabs[0]?.tag.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  }
  const {ok, unauthorized, forbidden, otherwise} = demo.map.counts;
  const {refreshes, tokenRequests, grantsRevoked, errors} = demo.signIn.counts;
  console.log(
    `#34: ${seconds} s of 10-second tokens in 3 tabs: ${3 * moves} moves, ${ok} × 200, ${unauthorized} × 401, `
      + `${refreshes} renewals, ${grantsRevoked} grants revoked`,
  );
  expect({unauthorized, forbidden, otherwise, grantsRevoked, errors}).toEqual({
    unauthorized: 0,
    forbidden: 0,
    otherwise: 0,
    grantsRevoked: 0,
    errors: 0,
  });
  expect(tokenRequests).toBe(refreshes);
  expect(refreshes).toBeGreaterThanOrEqual(Math.floor(seconds / 10));
  // Each renewal serves all three tabs.
  expect(refreshes).toBeLessThanOrEqual(Math.ceil(seconds / 5));
  expect(ok).toBeGreaterThan(seconds);
  for (const {page, tag} of tabs) {
    await expectMap(tag);
    await expectState(tag, 'authenticated');
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  }
};
