import {deepStrictEqual, ok} from 'node:assert/strict';
import {setTimeout as wait} from 'node:timers/promises';
import {startDemo, type Demo} from '../../demo/servers/demo.js';
import type {RunningBrowser, Start, Tab} from './browser.js';
import {inOrder, type Check} from './checks.js';
import {drawn, fillLogin, hasState, isIdle, isLogin, pan, pressAccount, useBridge} from './smoke-page.js';
import {until} from './until.js';

/** Longer than a run takes, so that every refresh is one that a 401 asked for. */
const accessTokenSeconds = 1800;

interface Stage {
  readonly demo: Demo;
  readonly browser: RunningBrowser;
  readonly page: Tab;
}

const onStage = async <T>(start: Start, dist: string, act: (stage: Stage) => Promise<T>): Promise<T> => {
  const demo = await startDemo({dist, accessTokenSeconds});
  try {
    // With the browser's own popup blocker at work.
    const browser = await start({popups: false});
    try {
      const [page] = await browser.tabs();
      ok(page, 'the browser has no tab');
      return await act({demo, browser, page});
    } finally {
      await browser.close();
    }
  } finally {
    await demo.stop();
  }
};

const isComplete = async (page: Tab): Promise<boolean> => (await isIdle(page)) && (await drawn(page)).opaque === 1;

/** As long as a visitor takes to type, and longer than a map waits for the answer of a window that was closed. */
const typing = 4_000;

const openPopup = async ({demo, browser, page}: Stage): Promise<Tab> => {
  await page.open(demo.pageUrl);
  await until('the map asks for a sign-in', () => hasState(page, 'anonymous'));
  await pressAccount(page);
  await until('the sign-in window opens', async () => (await browser.tabs()).length === 2);
  const [, popup] = await browser.tabs();
  ok(popup, 'the sign-in window is gone');
  await until('the login page is there', () => isLogin(popup));
  await wait(typing);
  return popup;
};

const signInByPopup = async (stage: Stage): Promise<string> => {
  const {demo, browser, page} = stage;
  await fillLogin(await openPopup(stage), 'anna');
  await until('the visitor is signed in', () => hasState(page, 'authenticated'));
  await until('the sign-in window closes', async () => (await browser.tabs()).length === 1);
  const {authorize, codeExchanges, errors} = demo.signIn.counts;
  deepStrictEqual({authorize, codeExchanges, errors}, {authorize: 1, codeExchanges: 1, errors: 0});
  return 'yes';
};

/** A provider that wants to be alone: no page that opened it may see it, or whether it is still there. */
const signInCutOff = async (stage: Stage): Promise<string> => {
  stage.demo.signIn.setFault(() => ({headers: {'cross-origin-opener-policy': 'same-origin'}}));
  return signInByPopup(stage);
};

const popupClosed = async (stage: Stage): Promise<string> => {
  const popup = await openPopup(stage);
  ok(await hasState(stage.page, 'authenticating'), 'the map does not wait for the sign-in');
  const since = performance.now();
  await popup.close();
  await until('the map knows that the window is closed', () => hasState(stage.page, 'anonymous'), 30);
  return `after ${((performance.now() - since) / 1000).toFixed(1)} s`;
};

const signInByRedirect = async ({demo, page}: Stage): Promise<string> => {
  const url = `${demo.pageUrl}demo/redirect.html?town=delft#here`;
  await page.open(url);
  await until('the map asks for a sign-in', () => hasState(page, 'anonymous'));
  await pressAccount(page);
  await fillLogin(page, 'anna');
  await until('the visitor is signed in', () => hasState(page, 'authenticated'));
  await until('the map is drawn', () => isComplete(page));
  deepStrictEqual(await page.url(), url);
  const {authorize, codeExchanges, errors} = demo.signIn.counts;
  deepStrictEqual({authorize, codeExchanges, errors}, {authorize: 1, codeExchanges: 1, errors: 0});
  return 'yes';
};

const tilesAreDrawn = async ({demo, page}: Stage): Promise<string> => {
  await until('the map is drawn', () => isComplete(page));
  const {colours} = await drawn(page);
  ok(colours > 20, `the map has ${colours} colours`);
  const {ok: answered, unauthorized, forbidden, otherwise, byPath} = demo.map.counts;
  deepStrictEqual({unauthorized, forbidden, otherwise}, {unauthorized: 0, forbidden: 0, otherwise: 0});
  ok(answered >= byPath.xyz && byPath.xyz > 0);
  return `${byPath.xyz} tiles`;
};

/** The requests that were refused for their token and never answered afterwards. */
const lostOf = ({log}: Demo): string[] => {
  const answers = log.entries.filter(({server, preflight}) => server === 'map' && !preflight);
  const refused = answers.filter(({status}) => status === 401).map(({path}) => path);
  return refused.filter((path) => !answers.some((entry) => entry.path === path && entry.status === 200));
};

const refreshesOnce = async ({demo, page}: Stage): Promise<string> => {
  demo.map.resetCounts();
  demo.log.clear();
  demo.map.expireTokens();
  await pan(page);
  await until('a tile is refused', async () => demo.map.counts.unauthorized > 0);
  await until('the map is drawn again', () => isComplete(page));
  await until('every refused request was answered', async () => lostOf(demo).length === 0, 10);
  const {unauthorized, forbidden, otherwise} = demo.map.counts;
  const {refreshes, errors} = demo.signIn.counts;
  deepStrictEqual({refreshes, errors, forbidden, otherwise}, {refreshes: 1, errors: 0, forbidden: 0, otherwise: 0});
  return `1 for ${unauthorized}`;
};

const bridgeSavesPreflights = async ({demo, page}: Stage): Promise<string> => {
  await useBridge(page, `${demo.mapUrl}/bridge.html`);
  demo.map.resetCounts();
  await pan(page);
  await until('tiles are asked for', async () => demo.map.counts.ok > 0);
  await until('the map is drawn', () => isComplete(page));
  const {requests, ok: answered, preflights} = demo.map.counts;
  deepStrictEqual({preflights, answered}, {preflights: 0, answered: requests});
  return `${answered} requests`;
};

const signsOut = async ({demo, page}: Stage): Promise<string> => {
  await pressAccount(page);
  await until('the visitor is signed out', () => hasState(page, 'signed-out'));
  await until('nothing is drawn', async () => (await drawn(page)).opaque === 0);
  await until('the grant is revoked', async () => demo.signIn.counts.grantsRevoked === 1);
  return 'yes';
};

/** The columns of the table, in its order. */
export const smokeNames = [
  'sign-in popup',
  'sign-in popup, COOP',
  'popup closed',
  'sign-in redirect',
  'tiles drawn',
  'refresh after 401',
  'tile bridge',
  'sign-out',
] as const;

/** Sign-in, tiles, refresh and sign-out, in the demo with all its servers. */
export const smoke = async (start: Start, dist: string): Promise<Check[]> => {
  const scenes = [
    (stage: Stage) =>
      inOrder([
        ['sign-in popup', () => signInByPopup(stage)],
        ['tiles drawn', () => tilesAreDrawn(stage)],
        ['refresh after 401', () => refreshesOnce(stage)],
        ['tile bridge', () => bridgeSavesPreflights(stage)],
        ['sign-out', () => signsOut(stage)],
      ]),
    (stage: Stage) => inOrder([['sign-in popup, COOP', () => signInCutOff(stage)]]),
    (stage: Stage) => inOrder([['popup closed', () => popupClosed(stage)]]),
    (stage: Stage) => inOrder([['sign-in redirect', () => signInByRedirect(stage)]]),
  ];
  const checks: Check[] = [];
  let trouble = 'not run';
  for (const scene of scenes) {
    try {
      checks.push(...(await onStage(start, dist, scene)));
    } catch (error) {
      // The browser or the demo did not start or end as it should.
      trouble = error instanceof Error ? error.message : String(error);
    }
  }
  return smokeNames.map((name) => checks.find((check) => check.name === name) ?? {name, passed: false, told: trouble});
};
