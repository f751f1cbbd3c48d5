import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Start} from './browsers/browser.js';
import type {Check} from './browsers/checks.js';
import {isKindName, kinds, type KindName} from './browsers/kinds.js';
import {smoke, smokeNames} from './browsers/smoke.js';
import {table} from './browsers/table.js';
import {runStep, type Step} from './test/step.js';

// The unit tests and a smoke test in every browser, one after the other: `npm run test:browsers`, or some of them with
// `npm run test:browsers -- firefox webkit`. What this machine does not have is named, and is neither passed nor failed.

const results = 'test-results';

interface Row {
  readonly cells: readonly string[];
  readonly passed: number;
  readonly failed: number;
  /** Why it was not tested. */
  readonly note?: string;
}

const unit = (name: KindName): Step => {
  const path = join(results, `unit-${name}.json`);
  return {
    name: `unit, ${kinds[name].name}`,
    command: ['wtr', '--config', 'scripts/browsers/wtr.config.mjs'],
    env: {TEST_BROWSER: name, TEST_COUNTS: path},
    report: {format: 'counts', path},
    limit: 15,
  };
};

const versionOf = async (start: Start): Promise<string> => {
  const browser = await start({popups: false});
  await browser.close();
  return browser.version;
};

const cell = ({passed, told}: Check): string => (passed ? told : 'FAILED');

const testIn = async (name: KindName, dist: string): Promise<Row> => {
  const kind = kinds[name];
  console.log(`\n── ${kind.name}`);
  const found = kind.find();
  if (found.kind !== 'here') {
    const word = found.kind === 'absent' ? 'skipped' : 'FAILED';
    const note = `${kind.name} ${word}: ${found.why}`;
    console.log(note);
    return {cells: [kind.name, word], passed: 0, failed: found.kind === 'absent' ? 0 : 1, note};
  }
  try {
    const version = await versionOf(found.start);
    console.log(`${kind.name} ${version}`);
    const units = await runStep(unit(name));
    if (units.trouble) console.log(`${units.name}: ${units.trouble}`);
    const checks = await smoke(found.start, dist);
    for (const check of checks) console.log(`${check.passed ? 'passed' : 'FAILED'}  ${check.name}: ${check.told}`);
    return {
      cells: [`${kind.name} ${version}`, `${units.passed} / ${units.failed}`, ...checks.map(cell)],
      passed: units.passed + checks.filter(({passed}) => passed).length,
      failed: units.failed + checks.filter(({passed}) => !passed).length,
    };
  } catch (error) {
    const note = `${kind.name} FAILED: ${error instanceof Error ? error.message : String(error)}`;
    console.log(note);
    return {cells: [kind.name, 'FAILED'], passed: 0, failed: 1, note};
  }
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !isKindName(name));
const known = Object.keys(kinds).filter(isKindName);
if (unknown.length > 0) {
  console.error(`No such browser: ${unknown.join(', ')}. There are ${known.join(', ')}.`);
  process.exit(2);
}
const chosen = asked.length > 0 ? known.filter((name) => asked.includes(name)) : known;

await mkdir(results, {recursive: true});
const dist = await mkdtemp(join(tmpdir(), 'secure-map-'));
try {
  // A build of its own: `dist` may be made anew meanwhile.
  const build = await runStep({
    name: 'build',
    command: ['vite', 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'],
    limit: 5,
  });
  const rows: Row[] = [];
  if (build.failed === 0) for (const name of chosen) rows.push(await testIn(name, dist));

  const head = ['browser', 'unit passed / failed', ...smokeNames];
  const body = rows.map(({cells}) => cells);
  console.log(`\n${table(head, body)}\n`);
  for (const {note} of rows) if (note) console.log(note);
  const sum = (pick: (row: Row) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  const passed = sum((row) => row.passed);
  const failed = sum((row) => row.failed) + build.failed;
  console.log(`${passed} passed, ${failed} failed`);
  // Where all was skipped nothing was shown.
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} finally {
  await rm(dist, {recursive: true, force: true});
}
