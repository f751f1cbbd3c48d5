import {chromium, type CDPSession, type Page} from '@playwright/test';
import {buildIfStale} from '../demo/servers/build.js';
import {startDemo} from '../demo/servers/demo.js';
import {browserFlags, findBrowser} from './find-browser.js';

// What a tile costs with a bound token against one with a plain token: the same requests by the tag's own `fetch`, in
// one page, by turns, so that whatever else the machine does happens to both. `DIST` names a build to measure.

/** As many at a time as a map asks for. */
const AT_ONCE = 16;
const TILES = 32;
const ROUNDS = 61;
/** Milliseconds that the map server takes for an answer: none, and what a near one takes. */
const LATENCIES = [0, 20];

type Kind = 'DPoP' | 'Bearer';
const kinds: readonly Kind[] = ['Bearer', 'DPoP'];

interface Cost {
  /** Milliseconds per tile from the first request to the last answer. */
  readonly time: number;
  /** Milliseconds per tile that the page's main thread was busy. */
  readonly thread: number;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

/** Both maps of the page signed in, and at rest. */
const openMaps = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  const popup = page.waitForEvent('popup');
  const first = page.evaluate(async () => {
    const bound = document.querySelector('secure-map');
    if (!bound) throw new Error('There is no map.');
    const plain = document.createElement('secure-map');
    for (const name of ['config', 'authority', 'client-id', 'scope']) {
      plain.setAttribute(name, bound.getAttribute(name) ?? '');
    }
    plain.setAttribute('dpop', 'off');
    plain.id = 'plain';
    bound.after(plain);
    await bound.login();
  });
  const login = await popup;
  await login.getByLabel('User name').fill('anna');
  await login.getByLabel('Password').fill('anna');
  await login.getByRole('button', {name: 'Sign in'}).click();
  await first;
  await page.evaluate(() => document.querySelector<HTMLElementTagNameMap['secure-map']>('#plain')?.login());
  for (const map of await page.locator('secure-map').all()) await map.locator('#map[aria-busy=false]').waitFor();
};

const threadTime = async (session: CDPSession): Promise<number> => {
  const {metrics} = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({name}) => name === 'TaskDuration')?.value ?? NaN);
};

let asked = 0;

/** Asks for something small that only this one asks for, so that each has its preflight as a tile has. */
const measure = async (page: Page, session: CDPSession, kind: Kind, mapUrl: string): Promise<Cost> => {
  const urls = Array.from({length: TILES}, () => `${mapUrl}/config/world.json?n=${(asked += 1)}`);
  const before = await threadTime(session);
  const time = await page.evaluate(
    async ({urls: left, selector, atOnce}) => {
      const map = document.querySelector<HTMLElementTagNameMap['secure-map']>(selector);
      if (!map) throw new Error('There is no map.');
      const since = performance.now();
      await Promise.all(
        Array.from({length: atOnce}, async () => {
          for (let url = left.pop(); url; url = left.pop()) {
            const response = await map.fetch(url);
            if (!response.ok) throw new Error(`Status ${response.status}.`);
            await response.arrayBuffer();
          }
        }),
      );
      return performance.now() - since;
    },
    {urls, selector: kind === 'DPoP' ? '#map' : '#plain', atOnce: AT_ONCE},
  );
  return {time: time / TILES, thread: ((await threadTime(session)) - before) / TILES};
};

const dist = process.env['DIST'];
if (dist === undefined) await buildIfStale();
const browser = await chromium.launch({executablePath: findBrowser(), args: [...browserFlags]});
for (const latencyMs of LATENCIES) {
  const demo = await startDemo({dpop: 'nonce', accessTokenSeconds: 3600, latencyMs, ...(dist ? {dist} : {})});
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await openMaps(page, `${demo.pageUrl}demo/dpop.html`);

  const costs: Record<Kind, Cost[]> = {Bearer: [], DPoP: []};
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const cost = await measure(page, session, kind, demo.mapUrl);
      // The first round warms up.
      if (round >= 0) costs[kind].push(cost);
    }
  }
  const {ok, unauthorized} = demo.map.counts;
  console.log(`\nA map server that answers after ${latencyMs} ms (${ok} answers, ${unauthorized} × 401):`);
  for (const [what, pick] of [
    ['time per tile', ({time}: Cost) => time],
    ['main thread per tile', ({thread}: Cost) => thread],
  ] as const) {
    const [bearer, bound] = kinds.map((kind) => median(costs[kind].map(pick)));
    // Round by round, since the machine may be busier in one than in another.
    const ratio = median(costs.DPoP.map((cost, round) => pick(cost) / pick(costs.Bearer[round] ?? cost)));
    console.log(
      `  ${what.padEnd(21)} Bearer ${bearer?.toFixed(2)} ms, DPoP ${bound?.toFixed(2)} ms: ratio ${ratio.toFixed(2)}`,
    );
  }
  await page.close();
  await demo.stop();
}
await browser.close();
