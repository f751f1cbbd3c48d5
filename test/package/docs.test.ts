import {strict as assert} from 'node:assert';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import {names} from '../../src/layers/projections/table.js';
import {platformNames} from '../../src/platforms/registry.js';
import {layerTypes} from '../../src/layers/registry.js';
import {referencePage, referencePath} from '../../scripts/editor/reference-page.js';

test('the reference says what the code says (`npm run docs` writes it)', async () => {
  assert.equal(await readFile(referencePath, 'utf8'), await referencePage());
});

const configGuide = await readFile('docs/config.md', 'utf8');

test('the guide to the configuration has a row for every layer type', () => {
  for (const type of layerTypes) assert.match(configGuide, new RegExp(`^\\| \`${type}\` `, 'm'), `${type} is missing`);
});

test('every platform has a guide, and a row in their overview', async () => {
  const overview = await readFile('docs/platforms/README.md', 'utf8');
  for (const name of platformNames) {
    assert.match(overview, new RegExp(`^\\| \\[\`${name}\`\\]\\(${name}\\.md\\) `, 'm'), `${name} is missing`);
    const guide = await readFile(`docs/platforms/${name}.md`, 'utf8');
    assert.ok(guide.includes(`platform="${name}"`), `${name}.md shows no tag`);
    for (const chapter of ['The tag', 'What you need', 'The broker', 'What expires when', 'What is assumed'])
      assert.match(guide, new RegExp(`^## ${chapter}$`, 'm'), `${name}.md has no chapter "${chapter}"`);
  }
});

test('the guide to the configuration names every projection that is built in', () => {
  const numbers = names.flatMap((name) => name.replace('EPSG:', '').split('–'));
  // Four of a row are written as a range.
  const inRange = new Set(['31467', '31468']);
  for (const number of numbers)
    if (!inRange.has(number)) assert.ok(configGuide.includes(number), `EPSG:${number} is missing`);
});
