import assert from 'node:assert/strict';
import {posix} from 'node:path';
import {test} from 'node:test';
import {absent} from './absent.js';
import {packThis} from './packed.js';

const {files, read} = packThis();
const entries = ['index', 'define', 'secure-map', 'password'].map((name) => `dist/modules/${name}.js`);
const serverOnly = /^(hono|@hono\/|@node-oauth\/|openid-client)/;

/** What a module names in its imports, the dynamic ones too. */
const importsOf = (file: string): readonly string[] =>
  [...read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name);

/** The modules that a file loads sooner or later, and the packages they name. */
const reached = (from: readonly string[]): {readonly modules: ReadonlySet<string>; readonly packages: Set<string>} => {
  const modules = new Set(from);
  const packages = new Set<string>();
  for (const file of modules)
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) modules.add(posix.join(posix.dirname(file), name));
      else packages.add(name);
    }
  return {modules, packages};
};

test('nothing a browser loads reaches the server half', () => {
  const {modules, packages} = reached(entries);
  assert.ok(modules.size > 100, 'so few modules: are imports still found?');
  assert.deepEqual(
    [...modules].filter((file) => file.includes('/broker/')),
    [],
  );
  assert.deepEqual(
    [...packages].filter((name) => serverOnly.test(name)),
    [],
  );
});

test('the server half reaches nothing of the map', () => {
  const {modules, packages} = reached(['dist/modules/broker/index.js']);
  assert.deepEqual(
    [...modules].filter((file) => !/^dist\/modules\/(broker|credentials)\//.test(file)),
    [],
  );
  assert.deepEqual(
    [...packages].filter((name) => /^(node:|ol|lit|bun|deno)(\/|$)/.test(name)),
    [],
  );
});

test('no bundle has a word of the server half', () => {
  const words = ['login_check', 'token/access', 'generatorToken', 'security/tokens', 'dangerous-credential'];
  const serverHalf = files.filter((file) => /^dist\/modules\/broker\/.*\.js$/.test(file)).map(read);
  for (const word of words)
    assert.ok(
      serverHalf.some((code) => code.includes(word)),
      `${word} is nowhere at all`,
    );
  const bundles = files.filter((file) => /^dist\/(?!modules\/).*\.js$/.test(file));
  absent(
    new RegExp(words.join('|')),
    bundles.map((file) => ({file, code: read(file)})),
  );
});
