import {writeFile} from 'node:fs/promises';
import {referencePage, referencePath} from './editor/reference-page.js';

await writeFile(referencePath, await referencePage());
