import {readBundle} from './size/bundle.js';
import {firstLoad, firstLoadLimit, sizeReport, vectorLoad, vectorLoadLimit} from './size/report.js';

const bundle = readBundle('dist/secure-map.js');
console.log(sizeReport(bundle));
if (!(firstLoad(bundle) <= firstLoadLimit && vectorLoad(bundle) <= vectorLoadLimit)) process.exitCode = 1;
