import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {minifySync} from 'vite';
import {readBundle} from '../../scripts/size/bundle.js';
import {firstLoad, firstLoadLimit, sizeReport} from '../../scripts/size/report.js';
import {absent} from './absent.js';
import {packThis} from './packed.js';

const bundle = readBundle(join(packThis().root, 'dist', 'secure-map.js'));
const all = [...bundle.first, ...bundle.lazy];
console.log(sizeReport(bundle));

test('the first load fits', () => {
  assert.ok(firstLoad(bundle) <= firstLoadLimit, sizeReport(bundle));
});

// Strings that survive minification and stand for one library each.
const signIn: Readonly<Record<string, string>> = {
  'oidc-client-ts': 'No end session endpoint',
  'jose (jwtVerify)': 'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'jose (key sets)': 'ERR_JWKS_NO_MATCHING_KEY',
};

for (const [library, mark] of Object.entries(signIn)) {
  test(`${library} comes only with a sign-in`, () => {
    const holders = bundle.first.filter(({code}) => code.includes(mark)).map(({file}) => file);
    assert.deepEqual(holders, []);
    assert.ok(
      bundle.lazy.some(({code}) => code.includes(mark)),
      'its mark is in no chunk at all: choose another one',
    );
  });
}

test('the code is really minified', () => {
  for (const {file, code} of all) {
    const again = minifySync(file, code, {module: true}).code.length;
    assert.ok(again > 0.97 * code.length, `${file}: ${code.length} characters, could be ${again}`);
  }
});

test('no decorator is left for the browser', () => absent(/[\s;}]@\w+\([^)]*\)\s*(static |accessor |get |set )/, all));

test('chunks are named relative to the file that loads them', () => absent(/import\(["'`]\//, all));

test('nothing is preloaded', () => absent(/modulepreload/, all));

test('no script is inlined', () => absent(/data:(text|application|video)\/[\w.+-]+;base64/, all));
