import {strict as assert} from 'node:assert';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {names} from '../../src/layers/projections/table.js';
import {layerTypes} from '../../src/layers/registry.js';
import {referencePage, referencePath} from '../../scripts/editor/reference-page.js';

test('the reference says what the code says (`npm run docs` writes it)', async () => {
  assert.equal(await readFile(referencePath, 'utf8'), await referencePage());
});

const configGuide = await readFile('docs/config.md', 'utf8');

test('the guide to the configuration has a row for every layer type', () => {
  for (const type of layerTypes) assert.match(configGuide, new RegExp(`^\\| \`${type}\` `, 'm'), `${type} is missing`);
});

test('the guide to the configuration names every projection that is built in', () => {
  const numbers = names.flatMap((name) => name.replace('EPSG:', '').split('–'));
  // Four of a row are written as a range.
  const inRange = new Set(['31467', '31468']);
  for (const number of numbers)
    if (!inRange.has(number)) assert.ok(configGuide.includes(number), `EPSG:${number} is missing`);
});
