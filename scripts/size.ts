import {readBundle} from './size/bundle.js';
import {firstLoad, firstLoadLimit, sizeReport} from './size/report.js';

const bundle = readBundle('dist/secure-map.js');
console.log(sizeReport(bundle));
if (firstLoad(bundle) > firstLoadLimit) process.exitCode = 1;
