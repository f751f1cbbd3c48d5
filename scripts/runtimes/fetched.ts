import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Runtime} from './runtime.js';

/** Kept from run to run: a runtime has some 40 MB. */
const cache = join(process.cwd(), 'node_modules', '.cache', 'runtimes');

/** The program of a runtime, fetched when it is not here yet; or why it cannot be had. */
export const fetched = ({package: wanted, program}: Runtime): {readonly program: string} | {readonly why: string} => {
  if (program === undefined) return {why: `npm has no program of it for ${process.platform} ${process.arch}`};
  const folder = join(cache, wanted.replace('@', '-'));
  const path = join(folder, 'node_modules', program);
  try {
    if (!existsSync(path)) {
      mkdirSync(folder, {recursive: true});
      // No script of a package runs: the program is in one that needs none.
      const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      execFileSync('npm', ['install', '--prefix', folder, ...options, wanted], {stdio: ['ignore', 'ignore', 'pipe']});
    }
    chmodSync(path, 0o755);
    return {program: path};
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
    return {why: `\`npm install ${wanted}\` did not bring it (${line})`};
  }
};
