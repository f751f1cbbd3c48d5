import assert from 'node:assert/strict';
import {test} from 'node:test';
import {join} from 'node:path';
import {readElements} from '../../scripts/editor/manifest.js';
import {layerKinds} from '../../src/layers/registry.js';
import {packThis} from './packed.js';

const {root, files, read} = packThis();
const elements = await readElements(join(root, 'dist', 'custom-elements.json'));
const attributes = elements.flatMap((element) => (element.attributes ?? []).map(({name}) => name));

/** Every value of a property of this name, however deep. */
const valuesOf = (name: string, value: unknown): unknown[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [...(key === name ? [inner] : []), ...valuesOf(name, inner)])
    : [];

test('the manifest knows the tag, its attributes and the names of its events', () => {
  assert.ok(elements.some(({tagName}) => tagName === 'secure-map'));
  for (const name of ['config', 'token', 'client-id', 'allowed-origins']) assert.ok(attributes.includes(name), name);
  for (const {events = []} of elements) for (const {name} of events) assert.match(name, /^[a-z-]+$/);
});

test('the manifest speaks of files that are in the package', () => {
  const {modules}: {modules: readonly {readonly path: string}[]} = JSON.parse(read('dist/custom-elements.json'));
  assert.deepEqual(
    modules.map(({path}) => path).filter((path) => !files.includes(path)),
    [],
  );
});

test('VS Code and JetBrains are told the same attributes', () => {
  for (const file of ['dist/vscode.html-custom-data.json', 'dist/web-types.json']) {
    const lists = valuesOf('attributes', JSON.parse(read(file))).flat();
    assert.deepEqual(
      lists.map((entry) => Object(entry).name),
      attributes,
      file,
    );
  }
});

const schema: unknown = JSON.parse(read('dist/secure-map.schema.json'));

/** What a pointer into the schema leads to. */
const resolve = (ref: unknown): unknown =>
  String(ref)
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, name) => Object(at)[name], schema);

test('the JSON Schema knows every layer type', () => {
  const types = valuesOf('type', schema).flatMap((value) => valuesOf('const', value));
  for (const type of Object.keys(layerKinds)) assert.ok(types.includes(type), `${type} is missing`);
});

test('the JSON Schema is of layers in groups in groups', () => {
  const layers = Object(resolve('#/properties/layers'));
  assert.equal(layers.type, 'array');
  assert.deepEqual(Object(resolve('#/$defs/group')).properties.layers, layers);
  assert.deepEqual(
    valuesOf('$ref', resolve(layers.items.$ref)).map((ref) => String(ref).replace('#/$defs/', '')),
    Object.keys(layerKinds),
  );
});

test('nothing in the JSON Schema points nowhere', () => {
  const refs = valuesOf('$ref', schema);
  assert.ok(refs.length > 0);
  assert.deepEqual(
    refs.filter((ref) => typeof resolve(ref) !== 'object'),
    [],
  );
});
