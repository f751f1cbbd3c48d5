import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {scenarios} from '../test/platforms/scenarios.js';
import {table} from './browsers/table.js';
import {findBrowser} from './find-browser.js';
import {runStep} from './test/step.js';

// Every map platform from a page with one tag to a map on the screen: `npm run test:platforms`. Prints the table of
// platforms and scenarios; each of its cells is a test that ran. What is on the command line goes to Playwright.

const results = 'test-results';
const report = join(results, 'platforms.json');

interface Suite {
  readonly title: string;
  readonly suites?: readonly Suite[];
  readonly specs?: readonly {readonly title: string; readonly ok: boolean; readonly tests: readonly unknown[]}[];
}

await mkdir(results, {recursive: true});
await rm(report, {force: true});
const tests = await runStep({
  name: 'platforms',
  command: [
    'playwright',
    'test',
    '--project=platforms',
    '--reporter=line,json',
    `--output=${results}/platforms`,
    ...process.argv.slice(2),
  ],
  env: {CHROME_PATH: findBrowser(), PLAYWRIGHT_JSON_OUTPUT_NAME: report},
  report: {format: 'playwright', path: report},
  limit: 12,
});
if (tests.trouble) console.log(tests.trouble);

const {suites = []}: {readonly suites?: readonly Suite[]} = JSON.parse(
  await readFile(report, 'utf8').catch(() => '{}'),
);
const rows = suites.flatMap((file) => file.suites ?? []);
const cell = ({specs = []}: Suite, scenario: string): string => {
  const spec = specs.find(({title}) => title === scenario);
  return spec === undefined ? '–' : spec.ok ? 'yes' : 'NO';
};
const body = rows.map((row) => [row.title, ...scenarios.map((scenario) => cell(row, scenario))]);
console.log(`\n${table(['platform', ...scenarios], body)}\n`);
console.log(`${tests.passed} passed, ${tests.failed} failed`);
process.exitCode = tests.failed > 0 || tests.passed === 0 ? 1 : 0;
