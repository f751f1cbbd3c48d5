import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {expectIdle, expectMap, pan, stateOf, tagOf} from './support/tag.js';
import {signInByPopup} from './support/visitor.js';

const MINUTES = 5;
const LIFETIME = 60_000;

test('tokens of a minute, left alone for five, while the visitor moves the map', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  const refreshedAt: number[] = [];
  const stop = demo.log.subscribe(({server, path, status, at}) => {
    if (server === 'sign-in' && path === '/token' && status === 200) refreshedAt.push(at);
  });

  const begin = Date.now();
  let moves = 0;
  while (Date.now() - begin < MINUTES * 60_000) {
    // On and on to the east, so that there are always tiles that nobody has loaded yet.
    await pan(tag, 0.5);
    await expectIdle(tag);
    moves += 1;
    // One move in two seconds, by the clock of the page that is watched.
    await tag.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2000)));
  }
  stop();
  const {unauthorized, ok, requests, preflights} = demo.map.counts;
  const {refreshes} = demo.signIn.counts;
  const gaps = refreshedAt.slice(1).map((at, index) => at - (refreshedAt[index] ?? at));
  console.log(
    `${MINUTES} minutes, ${moves} moves: ${requests} requests (${ok} × 200, ${unauthorized} × 401), ${preflights} preflights; `
      + `${refreshes} refreshes, one every ${Math.round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / 1000)} s`,
  );

  expect(unauthorized).toBe(0);
  expect(demo.map.counts).toMatchObject({forbidden: 0, otherwise: 0});
  expect(ok).toBeGreaterThan(200);
  // Renewed when half of the lifetime is left, give or take a tenth, and once each time.
  expect(refreshes).toBeGreaterThanOrEqual(Math.floor((MINUTES * 60_000) / (LIFETIME * 0.56)));
  expect(refreshes).toBeLessThanOrEqual(Math.ceil((MINUTES * 60_000) / (LIFETIME * 0.44)));
  expect(Math.min(...gaps)).toBeGreaterThan(LIFETIME * 0.4);
  expect(demo.signIn.counts).toMatchObject({tokenRequests: refreshes + 1, grantsRevoked: 0, errors: 0, authorize: 1});
  expect(await stateOf(tag)).toBe('authenticated');
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
  expect(await eventsOf(page, 'session-expired')).toEqual([]);
  await expectMap(tag);
});
