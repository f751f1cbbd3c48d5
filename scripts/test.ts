import {mkdir, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {findBrowser} from './find-browser.js';
import {runStep, type Step, type StepResult} from './test/step.js';

// Every check and every test, one after the other; the soak tests, which mostly wait, run beside them. The last line
// is `N passed, N failed`: each test and each check counts as one.

const results = 'test-results';
const path = (name: string): string => join(results, name);

const format: Step = {name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'], limit: 2};
const lint: Step = {name: 'lint', command: ['oxlint'], limit: 2};
const types: Step = {name: 'types', command: ['tsc'], limit: 2};
const build: Step = {name: 'build', command: ['npm', 'run', '--silent', 'build'], limit: 3};

const unit: Step = {
  name: 'unit',
  command: ['wtr'],
  env: {TEST_COUNTS: path('unit.json')},
  report: {format: 'counts', path: path('unit.json')},
  limit: 10,
};

const playwright = (project: string, limit: number): Step => ({
  name: project === 'main' ? 'e2e' : project,
  command: ['playwright', 'test', `--project=${project}`, '--reporter=line,json', `--output=${path(project)}`],
  env: {PLAYWRIGHT_JSON_OUTPUT_NAME: path(`${project}.json`)},
  report: {format: 'playwright', path: path(`${project}.json`)},
  limit,
});

const inFolder = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.test.ts')).map((file) => join(folder, file));

/** Tests of Node's own runner: one step for a folder. */
const inNode = async (name: string, folder: string, limit: number): Promise<Step> => ({
  name,
  command: [
    'tsx',
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/test/node-reporter.mjs',
    `--test-reporter-destination=${path(`${name}.json`)}`,
    ...(await inFolder(folder)),
  ],
  report: {format: 'counts', path: path(`${name}.json`)},
  limit,
});

const packaged = await inNode('package', 'test/package', 6);
const doubles = await inNode('doubles', 'test/doubles/platforms', 4);
const broker = await inNode('broker', 'test/broker', 6);

const tell = ({name, passed, failed, seconds, output, trouble}: StepResult): void => {
  if (output) console.log(`\n── ${name}\n${output.trimEnd()}`);
  if (trouble) console.log(`${name}: ${trouble}`);
  console.log(`── ${name}: ${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s`);
};

const inTurn = async (steps: readonly Step[]): Promise<StepResult[]> => {
  const done: StepResult[] = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    const result = await runStep(step);
    tell(result);
    done.push(result);
  }
  return done;
};

/** Looks for the browser, and installs one if need be, once for all the steps. */
const lookForBrowser = (): StepResult => {
  const since = performance.now();
  const passed = {name: 'browser', passed: 1, failed: 0, failures: [], output: '', trouble: undefined};
  try {
    process.env['CHROME_PATH'] = findBrowser();
    return {...passed, seconds: (performance.now() - since) / 1000};
  } catch (error) {
    const result = {...passed, passed: 0, failed: 1, seconds: 0, trouble: String(error)};
    tell(result);
    return result;
  }
};

const begin = performance.now();
await rm(results, {recursive: true, force: true});
await mkdir(results, {recursive: true});

const checked = [lookForBrowser(), ...(await inTurn([format, lint, types, build]))];
const soaking = runStep(playwright('soak', 12), true);
const tested = await inTurn([unit, doubles, broker, playwright('main', 20), playwright('platforms', 8), packaged]);
console.log('\nWaiting for the soak tests.');
const soaked = await soaking;
tell(soaked);
const all = [...checked, ...tested, soaked];

console.log('');
for (const {name, passed, failed, seconds} of all)
  console.log(
    `${name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  );
console.log(`${((performance.now() - begin) / 60_000).toFixed(1)} minutes\n`);

// Once more at the end, where they are found without reading through everything.
for (const {name, failures, trouble} of all)
  for (const failure of trouble === undefined ? failures : [...failures, trouble]) console.log(`${name}: ${failure}`);

const sum = (pick: (result: StepResult) => number): number => all.reduce((total, result) => total + pick(result), 0);
const failed = sum((result) => result.failed);
console.log(`${sum((result) => result.passed)} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
