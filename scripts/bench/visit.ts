import {setTimeout as pause} from 'node:timers/promises';
import type {Browser, CDPSession, Page} from '@playwright/test';
import type {Setting} from './options.js';
import type {Place, Task} from './page/harness.js';
import {
  first,
  LEVEL_MS,
  LEVELS,
  MOVE_MS,
  moves,
  next,
  warmUp,
  zoomStart,
  type Scenario,
  type Visit,
} from './scenarios.js';
import {difference, type Counts} from './server/counts.js';
import {expiredToken, liveToken} from './server/tokens.js';
import type {BenchServer} from './start-server.js';
import {isProtected, type Way} from './ways.js';

/** One figure of one way in one round. */
export interface Sample {
  readonly scenario: Scenario;
  readonly way: string;
  readonly round: number;
  /** Milliseconds until the map was complete. */
  readonly time: number;
  /** Milliseconds that the main thread of the page was busy. */
  readonly thread: number;
  readonly counts: Counts;
  /** Tiles that came in after the view had moved on. */
  readonly stale: number;
  /** Bytes of JavaScript objects, after the garbage was collected. */
  readonly heap: number;
  readonly isDrawn: boolean;
}

export interface VisitOptions {
  readonly browser: Browser;
  readonly server: BenchServer;
  readonly setting: Setting;
  readonly visit: Visit;
  readonly way: Way;
  readonly round: number;
}

const LONGEST = 120_000;

const metric = async (session: CDPSession, name: string): Promise<number> => {
  const {metrics} = await session.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? NaN;
};

const threadTime = async (session: CDPSession): Promise<number> => 1000 * (await metric(session, 'TaskDuration'));

const heapSize = async (session: CDPSession): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage');
  return metric(session, 'JSHeapUsedSize');
};

/** In a context that knows nothing yet. Every answer is `no-store`: to switch the cache off would have each try of a tile preflighted. */
const openPage = async ({browser, setting}: VisitOptions): Promise<{page: Page; session: CDPSession}> => {
  const context = await browser.newContext({viewport: setting.size, deviceScaleFactor: 1, ignoreHTTPSErrors: true});
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const session = await context.newCDPSession(page);
  // Time on the processor: what the machine does besides is not the page's.
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  return {page, session};
};

let maps = 0;
/** In the addresses of a map's tiles, so that none was ever asked for before. */
const newName = (): string => `map-${(maps += 1)}`;

const taskOf = ({way, server}: VisitOptions, name: string, place: Place, token: string): Task => {
  const origin = way.from === 'page' ? server.site : server.host;
  return {
    how: way.how,
    tiles: `${origin}/${isProtected(way) ? 'tiles' : 'public'}/${name}/{z}/{x}/{y}.png`,
    place,
    token,
    tokenUrl: `${server.site}/token/${name}`,
    bridge: way.how === 'bridge' ? `${server.host}/bridge.html` : '',
  };
};

const loadPage = async (options: VisitOptions): Promise<Sample[]> => {
  const {way, server, round} = options;
  const {page, session} = await openPage(options);
  const name = newName();
  const how = way.how === 'direct' ? way.from : way.how;
  await page.goto(`${server.site}/load/${how}/${name}`);
  const {at, isDrawn} = await page.evaluate(() => firstMap);
  const thread = await threadTime(session);
  const heap = await heapSize(session);
  await page.context().close();
  const counts = await server.counts(name);
  return [{scenario: 'load', way: way.name, round, time: at, thread, counts, stale: 0, heap, isDrawn}];
};

/** Warms the page up, and takes the figures of one visit. */
const visitPage = async (options: VisitOptions): Promise<Sample[]> => {
  const {way, server, round} = options;
  const {page, session} = await openPage(options);
  await page.goto(`${server.site}/page/${way.page}`);
  await page.waitForFunction(() => 'bench' in globalThis);
  const samples: Sample[] = [];

  const measure = async (scenario: Scenario, name: string, act: () => Promise<number>): Promise<void> => {
    const heap = await heapSize(session);
    const countsBefore = await server.counts(name);
    const threadBefore = await threadTime(session);
    const time = await act();
    const thread = (await threadTime(session)) - threadBefore;
    const stale = await page.evaluate(() => bench.stale());
    const isDrawn = await page.evaluate(() => bench.isDrawn());
    // What is aborted is seen by the server a moment later.
    await page.waitForTimeout(scenario === 'zoom' || scenario === 'pan' ? 60 : 10);
    const counts = difference(await server.counts(name), countsBefore);
    samples.push({scenario, way: way.name, round, time, thread, counts, stale, heap, isDrawn});
  };

  const show = (name: string, place: Place, token = liveToken): Promise<number> =>
    page.evaluate((task) => bench.show(task), taskOf(options, name, place, token));

  const names = {warm: newName(), measured: newName()};
  // In the scenario of the expired token the first map is none of the measured ones, and the token is another.
  await show(names.warm, warmUp);
  if (options.visit === 'views') {
    await page.evaluate(() => bench.close());
    await measure('first', names.measured, () => show(names.measured, first));
    for (const place of next) await measure('next', names.measured, () => page.evaluate((to) => bench.jump(to), place));
  }
  if (options.visit === 'expired') {
    await page.evaluate(() => bench.close());
    await measure('expired', names.measured, () => show(names.measured, first, expiredToken));
  }
  if (options.visit === 'pan') {
    await measure('pan', names.warm, () =>
      page.evaluate(([list, duration]) => bench.travel(list, duration), [moves, MOVE_MS] as const),
    );
  }
  if (options.visit === 'zoom') {
    await page.evaluate((to) => bench.jump(to), zoomStart);
    await measure('zoom', names.warm, () =>
      page.evaluate(([from, levels, ms]) => bench.dive(from, levels, ms), [zoomStart, LEVELS, LEVEL_MS] as const),
    );
  }
  const heap = await heapSize(session);
  await page.context().close();
  return samples.map((sample) => ({...sample, heap}));
};

/** A map that is never complete must not be waited for, and has no figures. */
export const visit = async (options: VisitOptions): Promise<Sample[]> => {
  const {way, round} = options;
  const over = new AbortController();
  const taken = options.visit === 'load' ? loadPage(options) : visitPage(options);
  const late = pause(LONGEST, undefined, {signal: over.signal}).then(() => {
    throw new Error(
      `${options.visit}, ${way.name}, round ${round}: the map is not complete after ${LONGEST / 1000} s.`,
    );
  });
  try {
    return await Promise.race([taken, late]);
  } finally {
    over.abort();
  }
};
