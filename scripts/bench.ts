import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {loadavg} from 'node:os';
import {chromium, type Browser} from '@playwright/test';
import {buildAll, isInstalled, type Built} from './bench/build.js';
import {checkCounts} from './bench/check.js';
import {readOptions, type Options, type Setting} from './bench/options.js';
import {writeDocument, type Run} from './bench/report/document.js';
import {kib, measureSizes} from './bench/report/sizes.js';
import {printTable} from './bench/report/text-table.js';
import {tabulate, type Table} from './bench/results.js';
import {visitOf} from './bench/scenarios.js';
import {startServer} from './bench/start-server.js';
import {visit, type Sample} from './bench/visit.js';
import type {Way} from './bench/ways.js';
import {browserFlags, findBrowser} from './find-browser.js';

// What it costs to put a credential on tiles: `npm run bench`, with `-- --help` for what can be chosen. The ways take
// turns within one run, so that whatever else the machine does happens to all of them. `DIST` names a build to measure.

/** Each way once per round; who comes after whom changes. */
const inTurn = (ways: readonly Way[], round: number): Way[] => {
  const turned = ways.map((_, index) => ways[(index + round) % ways.length]).filter((way) => way !== undefined);
  return Math.floor(round / ways.length) % 2 === 1 ? turned.toReversed() : turned;
};

/** Processes that want to run, over the last minute. */
const load = (): number => loadavg()[0] ?? NaN;

interface Measured {
  readonly samples: readonly Sample[];
  readonly tileBytes: number;
}

const measure = async (browser: Browser, built: Built, setting: Setting, ways: readonly Way[]): Promise<Measured> => {
  const server = await startServer({...built, http: setting.http, latencyMs: setting.latencyMs});
  const {tileBytes} = server;
  const samples: Sample[] = [];
  try {
    for (let round = 0; round < setting.rounds; round += 1) {
      for (const each of new Set(setting.scenarios.map((scenario) => visitOf[scenario]))) {
        for (const way of inTurn(ways, round)) {
          // Those that stand for others have no page of their own for it.
          if (each === 'load' && (way.needs !== undefined || way.how === 'xhr' || way.how === 'fetch')) continue;
          samples.push(...(await visit({browser, server, setting, visit: each, way, round})));
        }
      }
      console.error(`round ${round + 1} of ${setting.rounds}, load ${load().toFixed(1)}`);
    }
  } finally {
    server.stop();
  }
  return {samples: samples.filter(({scenario}) => setting.scenarios.includes(scenario)), tileBytes};
};

const path = 'test-results/bench.json';

/** After each setting: what was measured is not lost when the rest is cut off. */
const keep = async (result: Run): Promise<void> => {
  await mkdir('test-results', {recursive: true});
  await writeFile(path, JSON.stringify(result));
};

const run = async ({settings, ways}: Options): Promise<Run> => {
  const built = await buildAll();
  const sizes = measureSizes(built);
  console.log(
    `First load ${kib(sizes.first)}, with a vector layer ${kib(sizes.vector)}; bare OpenLayers with the same map ${kib(sizes.bare)} (gzip)`,
  );
  const present = ways.filter(({needs}) => needs === undefined || isInstalled(needs));
  for (const {name, needs} of ways) if (needs && !isInstalled(needs)) console.log(`${name} skipped: no ${needs} here`);
  const withWebGl = present.some(({page}) => page === 'maplibre')
    ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']
    : [];
  const args = [...browserFlags, '--ignore-certificate-errors', ...withWebGl];
  const browser = await chromium.launch({executablePath: findBrowser(), args});
  const tables: Table[] = [];
  const wrong: string[] = [];
  const result = {tables, wrong, sizes, browser: browser.version(), tileBytes: NaN};
  try {
    for (const setting of settings) {
      const before = load();
      const {samples, tileBytes} = await measure(browser, built, setting, present);
      const names = present.map(({name}) => name);
      const table = tabulate(setting, samples, names, [before, load()]);
      console.log(printTable(table));
      tables.push(table);
      wrong.push(...checkCounts(setting, samples, present));
      result.tileBytes = tileBytes;
      await keep(result);
    }
  } finally {
    await browser.close();
  }
  return result;
};

const options = readOptions(process.argv.slice(2));
const result: Run = options.last ? JSON.parse(await readFile(path, 'utf8')) : await run(options);
const {wrong} = result;
if (options.docs) await writeDocument(result);
for (const line of wrong) console.error(`wrong: ${line}`);
console.log(`\n${wrong.length === 0 ? 'All counts as they must be' : `${wrong.length} counts wrong`}. ${path}`);
if (wrong.length > 0) process.exitCode = 1;
