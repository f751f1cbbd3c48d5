import {spawnSync} from 'node:child_process';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {requirements} from '../test/security/requirements.js';
import {isDocumentCurrent, writeDocument} from './security/document.js';
import {readResults} from './security/results.js';
import {strays, toRows, wordsOf} from './security/rows.js';
import {terminalTable} from './security/terminal.js';

// Runs `test/security` and prints which of the requirements hold and by which tests. Everything on the command line
// goes to Playwright, but `--docs`, which writes the table of docs/security.md. The last line is `N passed, N failed`.

const results = 'test-results';
const path = `${results}/security.json`;
const args = process.argv.slice(2).filter((arg) => arg !== '--docs');
const writes = process.argv.includes('--docs');
/** A part of the tests says nothing about the others. */
const isWhole = args.length === 0;

await mkdir(results, {recursive: true});
await rm(path, {force: true});
const run = spawnSync(
  'playwright',
  ['test', '--project=security', '--reporter=line,json', `--output=${results}/security`, ...args],
  {
    stdio: 'inherit',
    env: {...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: path},
    // npm's programs are .cmd files there.
    shell: process.platform === 'win32',
  },
);

const report = await readResults(path);
const tests = report?.tests ?? [];
const rows = toRows(requirements, tests);
const shown = isWhole ? rows : rows.filter((row) => row.tests.length > 0);
const troubles = [...(report?.errors ?? ['Playwright left no report.'])];
for (const {title} of strays(requirements, tests)) troubles.push(`A test names no requirement: ${title}`);
if (isWhole) {
  for (const {number, result} of rows) if (result === 'no test') troubles.push(`No test shows requirement ${number}.`);
}
const failedTests = tests.filter(({passed}) => !passed);
if (run.status !== 0 && failedTests.length === 0 && troubles.length === 0) {
  troubles.push(`Playwright ended with ${run.status ?? run.signal ?? 'an error'}.`);
}

if (writes && troubles.length === 0 && failedTests.length === 0) await writeDocument(rows);
else if (isWhole && troubles.length === 0 && !(await isDocumentCurrent(rows))) {
  troubles.push('docs/security.md is out of date: run `npm run docs:security`.');
}

console.log(`\n${terminalTable(shown)}\n`);
for (const test of tests) if (test.printed) console.log(`${wordsOf(test)}\n${test.printed}`);
for (const trouble of troubles) console.log(trouble);
const holding = rows.filter(({result}) => result === 'holds').length;
console.log(`${holding} of ${requirements.length} requirements hold.`);

const counts = {passed: tests.length - failedTests.length, failed: failedTests.length + troubles.length};
await writeFile(`${results}/security-counts.json`, JSON.stringify(counts));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
