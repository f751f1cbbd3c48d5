import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, rename, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Java} from './java.js';
import {archiveOf, askMaven, MavenError} from './maven.js';

/** Where the document that describes iManager has Keycloak: under `/auth`, as it was by default until Keycloak 17. */
export const relativePath = '/auth';

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'secure-map', 'keycloak');

const run = (program: string, args: readonly string[], java?: Java): void => {
  const env = java ? {...process.env, JAVA_HOME: java.home} : process.env;
  const {status, stdout, stderr} = spawnSync(program, args, {env, encoding: 'utf8'});
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}.\n${stdout}${stderr}`);
};

const download = async (version: string, file: string): Promise<void> => {
  const wanted = (await (await askMaven(`${archiveOf(version)}.sha256`)).text()).trim();
  const archive = Buffer.from(await (await askMaven(archiveOf(version), 10 * 60_000)).arrayBuffer());
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== wanted) throw new MavenError(`${archiveOf(version)} has the SHA-256 ${found}, not ${wanted}.`);
  await writeFile(file, archive);
};

/** Releases that were fetched before, newest first. */
export const cached = async (): Promise<readonly string[]> =>
  (await readdir(cache).catch(() => []))
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .toSorted((a, b) => b.localeCompare(a, 'en', {numeric: true}));

/**
 * The folder of a release, fetched and unpacked once for all clones of this repository, and built for a database in
 * memory, so that each start takes seconds. Nothing may be written into it.
 */
export const distributionOf = async (version: string, java: Java): Promise<string> => {
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, {recursive: true});
  const work = await mkdtemp(join(cache, 'new-'));
  try {
    const archive = join(work, 'keycloak.tar.gz');
    console.log(`Fetching Keycloak ${version} from Maven Central into ${cache}.`);
    await download(version, archive);
    run('tar', ['-xzf', archive, '-C', work]);
    const unpacked = join(work, `keycloak-${version}`);
    console.log('Building it once.');
    const settings = ['--db=dev-mem', '--cache=local', `--http-relative-path=${relativePath}`];
    run(join(unpacked, 'bin', 'kc.sh'), ['build', ...settings], java);
    // Another clone may have been faster.
    if (!existsSync(folder)) await rename(unpacked, folder);
    return folder;
  } finally {
    await rm(work, {recursive: true, force: true});
  }
};
