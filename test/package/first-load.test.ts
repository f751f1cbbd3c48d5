import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {minifySync} from 'vite';
import {loadedFor, readBundle, type Chunk} from '../../scripts/size/bundle.js';
import {firstLoad, firstLoadLimit, sizeReport, vectorLoad, vectorLoadLimit} from '../../scripts/size/report.js';
import {absent} from './absent.js';
import {packThis} from './packed.js';

const {root} = packThis();
const bundle = readBundle(join(root, 'dist', 'secure-map.js'));
const all = [...bundle.first, ...bundle.lazy];
console.log(sizeReport(bundle));

test('the first load fits', () => {
  assert.ok(firstLoad(bundle) <= firstLoadLimit, sizeReport(bundle));
});

test('the first load with a vector layer fits', () => {
  assert.ok(vectorLoad(bundle) <= vectorLoadLimit, sizeReport(bundle));
});

const within = (chunks: readonly Chunk[], pattern: RegExp): readonly string[] =>
  chunks.flatMap(({modules}) => modules).filter((module) => pattern.test(module));

const onDemand: Readonly<Record<string, RegExp>> = {
  'oidc-client-ts': /\/node_modules\/oidc-client-ts\//,
  'the check of an id_token (jose)': /\/node_modules\/jose\/.*\/(jwt\/verify|jwks\/(local|remote))\.js$/,
  'proofs of possession (jose)': /\/node_modules\/jose\/.*\/jwt\/sign\.js$/,
  'map platforms': /\/src\/platforms\/(?!attachments\.ts)/,
  'frames of platforms': /\/src\/(element\/frame-controller|sources\/embed)\.ts$/,
  'tiles of their own': /\/src\/layers\/raster\/own-tiles\.ts$/,
  'vector layers': /\/node_modules\/ol\/layer\/BaseVector\.js$/,
};

for (const [what, pattern] of Object.entries(onDemand))
  test(`on demand only: ${what}`, () => {
    assert.deepEqual(within(bundle.first, pattern), []);
    assert.notDeepEqual(within(bundle.lazy, pattern), [], 'it is in no chunk at all: is the pattern still right?');
  });

for (const [what, pattern] of Object.entries({
  'the compiler of flat styles': /\/ol\/render\/canvas\/style\.js$/,
  text: /\/ol\/render\/canvas\/TextBuilder\.js$/,
  icons: /\/ol\/style\/Icon(Image)?\.js$/,
  'the pixels that getFeatures() asks': /\/ol\/render\/canvas\/hitdetect\.js$/,
  'other formats of features': /\/ol\/format\//,
}))
  test(`not with every vector layer: ${what}`, () => {
    assert.deepEqual(within(loadedFor(bundle, /\/src\/layers\/geojson\.ts$/), pattern), []);
    assert.notDeepEqual(within(bundle.lazy, pattern), [], 'it is in no chunk at all: is the pattern still right?');
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

test('no script is inlined', () =>
  // WebAssembly of two decoders of GeoTIFF is, and loads only with a file that is packed that way.
  absent(/data:(?!application\/wasm)(text|application|video)\/[\w.+-]+;base64/, all));
