import {readFile, writeFile} from 'node:fs/promises';
import {brokerSchema} from './editor/broker-schema.js';
import {configSchema} from './editor/config-schema.js';
import {readElements} from './editor/manifest.js';
import {vscodeData} from './editor/vscode-data.js';
import {webTypes, type PackageName} from './editor/web-types.js';

// What editors read, from what the code already says: the configuration's schema and the elements' manifest.

const write = (name: string, content: unknown): Promise<void> =>
  writeFile(`dist/${name}`, `${JSON.stringify(content, null, 2)}\n`);

const manifest: PackageName = JSON.parse(await readFile('package.json', 'utf8'));
const elements = await readElements('dist/custom-elements.json');
if (elements.length === 0) throw new Error('dist/custom-elements.json names no element.');

await write('secure-map.schema.json', await configSchema());
await write('secure-map-broker.schema.json', brokerSchema());
await write('vscode.html-custom-data.json', vscodeData(elements));
await write('web-types.json', webTypes(manifest, elements));
