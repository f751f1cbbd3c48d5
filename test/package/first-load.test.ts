import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {minifySync} from 'vite';
import {readBundle, type Chunk} from '../../scripts/size/bundle.js';
import {firstLoad, firstLoadLimit, sizeReport} from '../../scripts/size/report.js';
import {absent} from './absent.js';
import {packThis} from './packed.js';

const {root, read} = packThis();
const bundle = readBundle(join(root, 'dist', 'secure-map.js'));
const all = [...bundle.first, ...bundle.lazy];
console.log(sizeReport(bundle));

test('the first load fits', () => {
  assert.ok(firstLoad(bundle) <= firstLoadLimit, sizeReport(bundle));
});

/** The modules that a chunk is made of, by its source map. */
const modulesOf = ({file}: Chunk): readonly string[] => {
  const {sources}: {sources: readonly string[]} = JSON.parse(read(`dist/${file.replaceAll('\\', '/')}.map`));
  return sources;
};

const onDemand: Readonly<Record<string, RegExp>> = {
  'oidc-client-ts': /\/node_modules\/oidc-client-ts\//,
  'the check of an id_token (jose)': /\/node_modules\/jose\/.*\/(jwt\/verify|jwks\/(local|remote))\.js$/,
  'proofs of possession (jose)': /\/node_modules\/jose\/.*\/jwt\/sign\.js$/,
  'vector layers': /\/node_modules\/ol\/layer\/BaseVector\.js$/,
};

for (const [what, pattern] of Object.entries(onDemand))
  test(`on demand only: ${what}`, () => {
    const within = (chunks: readonly Chunk[]): readonly string[] =>
      chunks.flatMap(modulesOf).filter((module) => pattern.test(module));
    assert.deepEqual(within(bundle.first), []);
    assert.notDeepEqual(within(bundle.lazy), [], 'it is in no chunk at all: is the pattern still right?');
  });

test('the code is really minified', () => {
  for (const {file, code: whole} of all) {
    const code = whole.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
    const again = minifySync(file, code, {module: true}).code;
    // Some characters for the name of what a chunk exports, which is much of a chunk of two lines.
    assert.ok(again.length > 0.97 * code.length - 32, `${file}: ${code.length} characters, could be ${again.length}`);
  }
});

test('no decorator is left for the browser', () => absent(/[\s;}]@\w+\([^)]*\)\s*(static |accessor |get |set )/, all));

test('chunks are named relative to the file that loads them', () => absent(/import\(["'`]\//, all));

test('nothing is preloaded', () => absent(/modulepreload/, all));

test('no script is inlined', () => absent(/data:(text|application|video)\/[\w.+-]+;base64/, all));
