import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {publint} from 'publint';
import {formatMessage} from 'publint/utils';
import {packThis} from './packed.js';

const {tarball, root, consumer, files, read} = packThis();

interface Manifest {
  readonly exports: Readonly<Record<string, string | {readonly types: string; readonly default: string}>>;
  readonly sideEffects: readonly string[];
  readonly customElements: string;
  readonly 'web-types': string;
  readonly scripts?: Readonly<Record<string, string>>;
}

const manifest: Manifest = JSON.parse(read('package.json'));
const subpaths = Object.keys(manifest.exports);

/** Where Node finds `secure-map…` from a project that has it installed. */
const resolve = (specifier: string): string =>
  execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', `console.log(import.meta.resolve(${JSON.stringify(specifier)}))`],
    {cwd: consumer, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']},
  ).trim();

test('publint has nothing to say', async () => {
  const {messages, pkg} = await publint({pkgDir: root, strict: true, pack: false});
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
  );
});

test('the types are what the modules are', () => {
  const program = join(process.cwd(), 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  // Pages are no modules, and the script of one has nobody who imports it.
  const others = subpaths.filter((subpath) => /\.(html|css)$|(callback|bridge)\.js$/.test(subpath));
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [program, tarball, '--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', ...others],
    {encoding: 'utf8'},
  );
  assert.equal(status, 0, `${stdout}${stderr}`);
});

for (const subpath of subpaths)
  test(`export ${subpath} resolves`, () => {
    const file = fileURLToPath(resolve(join('secure-map', subpath).replaceAll('\\', '/')));
    assert.ok(existsSync(file), file);
    const entry = manifest.exports[subpath];
    if (typeof entry === 'object') assert.ok(existsSync(join(root, entry.types)), entry.types);
  });

test('what is not exported cannot be imported', () => {
  assert.throws(() => resolve('secure-map/dist/modules/index.js'));
});

test('it can be imported where there is no browser', () => {
  const code = `const all = await import('secure-map'); console.log(Object.keys(all).join())`;
  const told = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: consumer,
    encoding: 'utf8',
  });
  assert.match(told, /\bSecureMapError\b/);
});

test('the files that package.json names are there', () => {
  for (const path of [...manifest.sideEffects, manifest.customElements, manifest['web-types']])
    assert.ok(existsSync(join(root, path)), path);
});

test('nothing runs when the package is installed', () => {
  const scripts = Object.keys(manifest.scripts ?? {});
  assert.deepEqual(
    scripts.filter((name) => /^(pre|post)?(install|prepare)$/.test(name)),
    [],
  );
});

test('the package holds what people need and nothing else', () => {
  const wanted = [
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
    /^dist\/((secure-map|password)\.js|chunks\/[\w.-]+\.js)(\.map)?$/,
    /^dist\/(callback\.(html|css|js)|bridge\.(html|js)|licenses\.md)$/,
    /^dist\/(secure-map\.schema|secure-map-broker\.schema|custom-elements|vscode\.html-custom-data|web-types)\.json$/,
    /^dist\/modules\/[\w/.-]+(\.d\.ts|\.js)$/,
  ];
  assert.deepEqual(
    files.filter((file) => !wanted.some((pattern) => pattern.test(file))),
    [],
  );
  for (const file of [
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
    'dist/secure-map.js',
    'dist/callback.html',
    'dist/bridge.html',
  ])
    assert.ok(files.includes(file), `${file} is missing`);
});
