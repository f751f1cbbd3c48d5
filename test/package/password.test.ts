import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {readBundle, type Chunk} from '../../scripts/size/bundle.js';
import {packThis} from './packed.js';

const {root, read} = packThis();
const LOGIN_FORM = /\/src\/sources\/login-form(\/|\.ts$)/;

const modulesOf = ({modules}: Chunk): readonly string[] => modules.filter((module) => LOGIN_FORM.test(module));

const bundleOf = (entry: string): readonly Chunk[] => {
  const {first, lazy} = readBundle(join(root, 'dist', entry));
  return [...first, ...lazy];
};

test('the module of the tag leads to no login form, not even on demand', () => {
  assert.deepEqual(bundleOf('secure-map.js').flatMap(modulesOf), []);
});

test('the module of the login form has it, and shares the rest with the tag', () => {
  const chunks = bundleOf('password.js');
  const entry = chunks.filter(({file}) => file === 'password.js');
  const shared = chunks.filter(({file}) => file !== 'password.js');
  assert.ok(entry.flatMap(modulesOf).length > 0);
  assert.deepEqual(shared.flatMap(modulesOf), []);
  const files = new Set(bundleOf('secure-map.js').map(({file}) => file));
  assert.deepEqual(
    shared.filter(({file}) => !files.has(file)).map(({file}) => file),
    [],
  );
});

test('no module of the package but its own imports it', () => {
  for (const module of ['index', 'define', 'secure-map', 'sources/registry']) {
    assert.doesNotMatch(read(`dist/modules/${module}.js`), /login-form|password/);
  }
});
