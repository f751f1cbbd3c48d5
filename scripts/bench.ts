import {mkdir, writeFile} from 'node:fs/promises';
import {loadavg} from 'node:os';
import {chromium, type Browser} from '@playwright/test';
import {buildAll, isInstalled, type Built} from './bench/build.js';
import {checkCounts} from './bench/check.js';
import {readOptions, type Options, type Setting} from './bench/options.js';
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

const measure = async (browser: Browser, built: Built, setting: Setting, ways: readonly Way[]): Promise<Sample[]> => {
  const server = await startServer({...built, http: setting.http, latencyMs: setting.latencyMs});
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
      console.error(`round ${round + 1} of ${setting.rounds}, load ${loadavg()[0]?.toFixed(1)}`);
    }
  } finally {
    server.stop();
  }
  return samples.filter(({scenario}) => setting.scenarios.includes(scenario));
};

const run = async ({settings, ways}: Options): Promise<{tables: Table[]; wrong: string[]; version: string}> => {
  const built = await buildAll();
  const present = ways.filter(({needs}) => needs === undefined || isInstalled(needs));
  for (const {name, needs} of ways) if (needs && !isInstalled(needs)) console.log(`${name} skipped: no ${needs} here`);
  const args = [...browserFlags, '--ignore-certificate-errors'];
  const browser = await chromium.launch({executablePath: findBrowser(), args});
  const tables: Table[] = [];
  const wrong: string[] = [];
  for (const setting of settings) {
    const samples = await measure(browser, built, setting, present);
    const table = tabulate(
      setting,
      samples,
      present.map(({name}) => name),
    );
    console.log(printTable(table));
    tables.push(table);
    wrong.push(...checkCounts(setting, samples, present));
  }
  const version = browser.version();
  await browser.close();
  return {tables, wrong, version};
};

const options = readOptions(process.argv.slice(2));
const {tables, wrong, version} = await run(options);
await mkdir('test-results', {recursive: true});
await writeFile('test-results/bench.json', JSON.stringify({browser: version, tables}, undefined, 2));
for (const line of wrong) console.error(`wrong: ${line}`);
console.log(
  `\n${wrong.length === 0 ? 'All counts as they must be' : `${wrong.length} counts wrong`}. test-results/bench.json`,
);
if (wrong.length > 0) process.exitCode = 1;
