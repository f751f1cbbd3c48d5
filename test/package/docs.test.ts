import {strict as assert} from 'node:assert';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {referencePage, referencePath} from '../../scripts/editor/reference-page.js';

test('the reference says what the code says (`npm run docs` writes it)', async () => {
  assert.equal(await readFile(referencePath, 'utf8'), await referencePage());
});
