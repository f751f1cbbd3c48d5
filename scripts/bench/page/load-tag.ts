import type {} from '../../../src/secure-map.js';
import {firstComplete} from './first-complete.js';

await customElements.whenDefined('secure-map');
const tag = document.querySelector('secure-map');
if (tag) firstComplete(tag.map);
