import {spawnSync} from 'node:child_process';
import {readdir} from 'node:fs/promises';
import {fetched} from './runtimes/fetched.js';
import {node, runtimes, type Runtime} from './runtimes/runtime.js';

// The same tests of the server half on Node and on other runtimes: `npm run test:runtimes`, or `-- bun` for one of them.
// What cannot be had is named, and is neither passed nor failed.

/** They are about programs of Node or a browser, not about the handlers. */
const notForAll = /^(cli|deploy|sign-in-browser|two-instances)/;

const names = await readdir('test/broker');
const files = names
  .filter((name) => name.endsWith('.test.ts') && !notForAll.test(name))
  .map((name) => `test/broker/${name}`);

const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
const chosen = runtimes.filter(({name}) => wanted.length === 0 || wanted.includes(name.toLowerCase()));

interface Line {
  readonly name: string;
  readonly told: string;
  readonly isBad: boolean;
}

const versionOf = (program: string): string =>
  /\d+\.\d+\.\d+/.exec(spawnSync(program, ['--version'], {encoding: 'utf8'}).stdout)?.[0] ?? '';

const run = (runtime: Runtime, program: string): Line => {
  const since = performance.now();
  const {stdout, stderr, status, error} = spawnSync(program, runtime.command(files), {
    encoding: 'utf8',
    env: {...process.env, ...runtime.env},
    maxBuffer: 2 ** 28,
    timeout: 300_000,
  });
  const output = `${stdout}\n${stderr}`;
  const counts = runtime.count(output);
  const isBad = status !== 0 || counts === undefined || counts[1] > 0 || counts[0] === 0;
  if (isBad) console.log(output, error ?? '');
  const result = counts ? `${counts[0]} passed, ${counts[1]} failed` : 'gave no result';
  const took = `${((performance.now() - since) / 1000).toFixed(1)} s`;
  return {name: `${runtime.name} ${versionOf(program)}`, told: `${result}, ${took}`, isBad};
};

const lines: Line[] = [run(node, process.execPath)];
for (const runtime of chosen) {
  const found = fetched(runtime);
  if ('why' in found) lines.push({name: runtime.name, told: `missing: ${found.why}`, isBad: false});
  else lines.push(run(runtime, found.program));
}

console.log(`${files.length} files of test/broker`);
for (const {name, told} of lines) console.log(`${name.padEnd(14)} ${told}`);
if (lines.some(({isBad}) => isBad)) process.exitCode = 1;
