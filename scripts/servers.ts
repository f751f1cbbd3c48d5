import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {nameOf, rows, waiting, type Row} from '../test/servers/rows.js';
import {table} from './browsers/table.js';
import {findBrowser} from './find-browser.js';
import {readRows, type RowResult} from './servers/results.js';
import {installMissing, servers, versions, whyNot} from './servers/software.js';
import {runStep} from './test/step.js';

// The viewer against MapServer and MapProxy behind nginx, which asks for a token: `npm run test:servers`, with
// `-- --screenshot` also a picture for the documentation. Everything else on the command line goes to Playwright. What
// this machine does not have is named, and is neither passed nor failed.

const results = 'test-results';
const report = join(results, 'servers.json');
const args = process.argv.slice(2).filter((arg) => arg !== '--screenshot');
const picture = process.argv.includes('--screenshot') ? 'docs/images/servers.png' : '';

const software = installMissing();
const skipped = servers.flatMap((name) => {
  const why = whyNot(name, software);
  return why === undefined ? [] : [{name, why}];
});
const told = skipped.map(({name, why}) => `${name} skipped: ${why}`);
for (const line of told) console.log(line);

const head = [
  'server',
  'service',
  'layer',
  'requests',
  'without token',
  '401',
  'refresh',
  'refused',
  'scope',
  'unknown',
];
const cellsOf = (row: Row, result: RowResult | undefined): string[] => {
  const names = [row.server, row.service, row.kind];
  if (skipped.some(({name}) => name === row.server)) return [...names, 'skipped'];
  const normal = result?.requests === undefined ? ['FAILED', '', '', ''] : [`${result.requests}`, '0', '0'];
  const refresh = result?.refreshes === undefined ? [] : [`${result.refreshes} for ${result.refused ?? 0} × 401`];
  const {refused, forbidden, unknown} = result?.told ?? {};
  const kinds = [refused, forbidden, unknown].map((list) => list?.join(', ') ?? 'FAILED');
  return [...names, ...normal, ...refresh, ...kinds];
};

await mkdir(results, {recursive: true});
await rm(report, {force: true});
const dist = await mkdtemp(join(tmpdir(), 'secure-map-'));
try {
  const CHROME_PATH = findBrowser();
  // A build of its own: `dist` may be made anew meanwhile.
  const build = await runStep({
    name: 'build',
    command: ['vite', 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'],
    limit: 5,
  });
  const canRun = build.failed === 0 && skipped.length < servers.length;
  const tests = canRun
    ? await runStep({
        name: 'servers',
        command: [
          'playwright',
          'test',
          '--project=servers',
          '--reporter=line,json',
          `--output=${results}/servers`,
          ...args,
        ],
        env: {DIST: dist, CHROME_PATH, PLAYWRIGHT_JSON_OUTPUT_NAME: report, SERVERS_SCREENSHOT: picture},
        report: {format: 'playwright', path: report},
        limit: 15,
      })
    : {passed: 0, failed: 0, trouble: undefined};
  if (tests.trouble) console.log(tests.trouble);

  const noted = await readRows(report);
  const body = rows.map((row) => cellsOf(row, noted.get(nameOf(row))));
  console.log(`\n${versions(software).join(', ')}\n\n${table(head, body)}\n`);
  for (const row of waiting) console.log(`${nameOf(row)}: there is no such layer type yet.`);
  for (const line of told) console.log(line);
  const failed = tests.failed + build.failed;
  console.log(`${tests.passed} passed, ${failed} failed`);
  // Where all was skipped nothing was shown.
  process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
} finally {
  await rm(dist, {recursive: true, force: true});
}
