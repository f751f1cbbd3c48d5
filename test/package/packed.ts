import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative, sep} from 'node:path';
import {after} from 'node:test';

export interface Packed {
  readonly tarball: string;
  /** The package as somebody has it who installed it. */
  readonly root: string;
  /** A project that has it installed. */
  readonly consumer: string;
  /** Every file of the package, with `/`, sorted. */
  readonly files: readonly string[];
  readonly read: (file: string) => string;
}

const filesIn = (root: string): string[] =>
  readdirSync(root, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();

/** What `npm publish` would send, unpacked into a project of its own. Gone again after the tests of the file. */
export const packThis = (): Packed => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-map-package-'));
  after(() => rmSync(folder, {recursive: true, force: true}));
  const consumer = join(folder, 'consumer');
  const root = join(consumer, 'node_modules', 'secure-map');
  mkdirSync(root, {recursive: true});
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{filename}]: [{filename: string}] = JSON.parse(told);
  const tarball = join(folder, filename);
  execFileSync('tar', ['-xzf', tarball, '-C', root, '--strip-components=1']);
  const {dependencies}: {dependencies: Record<string, string>} = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys(dependencies)) {
    const link = join(consumer, 'node_modules', name);
    mkdirSync(dirname(link), {recursive: true});
    symlinkSync(join(process.cwd(), 'node_modules', name), link, 'junction');
  }
  return {tarball, root, consumer, files: filesIn(root), read: (file) => readFileSync(join(root, file), 'utf8')};
};
