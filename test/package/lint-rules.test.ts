import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {after, test} from 'node:test';

// A rule that never fires guards nothing. Each case is a file that breaks one rule, linted with the real configuration.

interface Case {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const restricted = 'eslint(no-restricted-imports)';

const imports = (folder: string, specifier: string): Case => ({
  title: `${folder}/ must not import ${specifier}`,
  file: `src/${folder}/to-${specifier.replaceAll(/\W+/g, '-')}.ts`,
  code: `import {x} from '${specifier}';\nexport const y = x;\n`,
  rule: restricted,
});

const upward: Readonly<Record<string, readonly string[]>> = {
  credentials: ['sources', 'request', 'layers', 'config', 'platforms', 'element', 'broker'],
  sources: ['request', 'layers', 'config', 'platforms', 'element', 'broker'],
  request: ['sources', 'layers', 'config', 'platforms', 'element', 'broker'],
  layers: ['sources', 'config', 'platforms', 'element', 'broker'],
  config: ['sources', 'platforms', 'element', 'broker'],
  platforms: ['sources', 'element', 'broker'],
  element: ['sources', 'layers', 'config', 'platforms', 'broker'],
  broker: ['sources', 'request', 'layers', 'config', 'platforms', 'element'],
};

const broken: readonly Case[] = [
  ...Object.entries(upward).flatMap(([folder, denied]) => [
    ...denied.map((other) => imports(folder, `../${other}/x.js`)),
    imports(folder, '../define.js'),
  ]),
  ...['credentials', 'sources', 'request', 'broker'].flatMap((folder) =>
    ['ol', 'ol/Map.js', 'lit', 'lit/decorators.js'].map((name) => imports(folder, name)),
  ),
  {
    title: 'a deeper folder is no way round',
    file: 'src/layers/deep/up.ts',
    code: `export {x} from '../../element/x.js';\n`,
    rule: restricted,
  },
  {
    title: 'import type is no way round where only lower folders may be known',
    file: 'src/request/type.ts',
    code: `import type {X} from '../layers/x.js';\nexport type Y = X;\n`,
    rule: restricted,
  },
  {
    title: 'a dynamic import is no way round',
    file: 'src/element/dynamic.ts',
    code: `export const load = (): Promise<unknown> => import('../sources/oidc.js');\n`,
    rule: restricted,
  },
  {
    title: 'the composition root must not reach the server half',
    file: 'src/define.ts',
    code: `export {x} from './broker/x.js';\n`,
    rule: restricted,
  },
  ...['document.title', 'window.name', 'localStorage', 'sessionStorage', 'fetch', 'globalThis.fetch'].map((use) => ({
    title: `credentials/ must not use ${use}`,
    file: `src/credentials/use-${use.replace('.', '-')}.ts`,
    code: `export const y: unknown = ${use};\n`,
    rule: 'eslint(no-restricted-globals)',
  })),
  ...['sources', 'layers', 'config', 'platforms'].map((folder) => ({
    title: `${folder}/ must not use the page's fetch`,
    file: `src/${folder}/fetch.ts`,
    code: `export const y = (): Promise<Response> => fetch('/');\n`,
    rule: 'eslint(no-restricted-globals)',
  })),
  {
    title: 'an import cycle',
    file: 'src/layers/cycle-a.ts',
    code: `import {b} from './cycle-b.js';\nexport const a = (): unknown => b;\n`,
    rule: 'import(no-cycle)',
  },
  {
    title: 'the other half of the cycle',
    file: 'src/layers/cycle-b.ts',
    code: `import {a} from './cycle-a.js';\nexport const b = (): unknown => a;\n`,
    rule: 'import(no-cycle)',
  },
  {
    title: 'a floating promise',
    file: 'src/request/floating.ts',
    code: `const work = async (): Promise<void> => {};\nexport const y = (): void => {\n  work();\n};\n`,
    rule: 'typescript(no-floating-promises)',
  },
  {
    title: 'a promise where nobody waits for it',
    file: 'src/request/misused.ts',
    code: `const work = async (): Promise<void> => {};\nexport const y = setTimeout(work, 1);\n`,
    rule: 'typescript(no-misused-promises)',
  },
  {
    title: 'any',
    file: 'src/request/any.ts',
    code: `export const y = (x: any): unknown => x;\n`,
    rule: 'typescript(no-explicit-any)',
  },
  {
    title: 'the console',
    file: 'src/element/console.ts',
    code: `console.log('x');\n`,
    rule: 'eslint(no-console)',
  },
  {
    title: 'a file over 200 lines',
    file: 'src/element/long.ts',
    code: Array.from({length: 201}, (_, index) => `export const x${index} = ${index};\n`).join(''),
    rule: 'eslint(max-lines)',
  },
  ...['it.only', 'test.only', 'describe.only', 'test.describe.only', 'it.skip', 'test.fixme'].map((call) => ({
    title: `${call} in a test`,
    file: `test/unit/${call.replaceAll('.', '-')}.test.ts`,
    code: `${call}('x', () => {});\n`,
    rule: 'eslint(no-restricted-properties)',
  })),
  {
    title: 'switching a rule off where it would not fire',
    file: 'src/request/needless.ts',
    code: `// oxlint-disable-next-line no-console\nexport const y = 1;\n`,
    rule: '',
  },
];

const allowed: readonly Omit<Case, 'rule'>[] = [
  {
    title: 'each folder may import the ones below it',
    file: 'src/platforms/down.ts',
    code: ['credentials', 'request', 'layers', 'config']
      .map((folder, index) => `export {x as x${index}} from '../${folder}/x.js';\n`)
      .join(''),
  },
  {
    title: 'layers/ may import ol',
    file: 'src/layers/ol.ts',
    code: `import Layer from 'ol/layer/Base.js';\nexport const y = Layer;\n`,
  },
  {
    title: 'element/ may import credentials/ and request/, and the types of the rest',
    file: 'src/element/down.ts',
    code:
      `export {x} from '../credentials/x.js';\nexport {x as z} from '../request/x.js';\n`
      + `import type {X} from '../layers/x.js';\nexport type Y = X;\n`,
  },
  {
    title: 'the composition root may import every registry',
    file: 'src/secure-map.ts',
    code: ['sources', 'layers', 'platforms', 'element']
      .map((folder, index) => `export {x as x${index}} from './${folder}/x.js';\n`)
      .join(''),
  },
];

interface Diagnostic {
  readonly filename: string;
  readonly code?: string;
}

const lint = (files: readonly {readonly file: string; readonly code: string}[]): readonly Diagnostic[] => {
  const folder = mkdtempSync(join(tmpdir(), 'secure-map-lint-'));
  after(() => rmSync(folder, {recursive: true, force: true}));
  for (const name of ['.oxlintrc.json', 'tsconfig.json']) cpSync(name, join(folder, name));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const {file, code} of files) {
    mkdirSync(dirname(join(folder, file)), {recursive: true});
    writeFileSync(join(folder, file), code);
  }
  const program = join(process.cwd(), 'node_modules', 'oxlint', 'bin', 'oxlint');
  const {stdout} = spawnSync(process.execPath, [program, '--format=json'], {cwd: folder, encoding: 'utf8'});
  const report: {diagnostics: Diagnostic[]} = JSON.parse(stdout);
  return report.diagnostics;
};

const found = lint([...broken, ...allowed]);
const rulesAt = (file: string): readonly string[] =>
  found.filter(({filename}) => filename.replaceAll('\\', '/') === file).map(({code}) => code ?? '');

for (const {title, file, rule} of broken)
  test(`lint says no: ${title}`, () => {
    const rules = rulesAt(file);
    assert.ok(rules.includes(rule), `expected ${rule} at ${file}, found ${rules.join(', ') || 'nothing'}`);
  });

for (const {title, file} of allowed) test(`lint says yes: ${title}`, () => assert.deepEqual(rulesAt(file), []));
