import {spawn} from 'node:child_process';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds `dist` when a source is newer than it. Silent unless the build fails. */
export async function buildIfStale(): Promise<void> {
  const built = await changedAt(join(ROOT, 'dist/secure-map.js'));
  const sources = await Promise.all(['src', 'public', 'vite.config.ts', 'package.json'].map(newestIn));
  if (built > Math.max(...sources)) return;

  console.log('Building dist …');
  const {code, output} = await run('npx', ['vite', 'build']);
  if (code === 0) return;
  console.error(output);
  console.error('The build failed, so the demo was not started.');
  process.exit(1);
}

async function newestIn(name: string): Promise<number> {
  const path = join(ROOT, name);
  const entries = await readdir(path, {recursive: true}).catch(() => []);
  return Math.max(...(await Promise.all([path, ...entries.map((entry) => join(path, entry))].map(changedAt))));
}

/** 0 when there is no such file. */
async function changedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

function run(command: string, parameters: readonly string[]): Promise<{code: number | null; output: string}> {
  return new Promise((resolve, reject) => {
    // Windows has npx as a script, which only a shell starts.
    const child = spawn(command, parameters, {cwd: ROOT, shell: process.platform === 'win32'});
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({code, output}));
  });
}
