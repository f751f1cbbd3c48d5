import {tsImport} from 'tsx/esm/api';
import base from '../../web-test-runner.config.mjs';

const {kinds} = await tsImport('./kinds.ts', import.meta.url);
const {unitLauncher} = await tsImport('./unit-launcher.ts', import.meta.url);

const kind = kinds[process.env.TEST_BROWSER];
const found = kind.find();
if (found.kind !== 'here') throw new Error(found.why);

export default {
  ...base,
  concurrency: 1,
  browsers: [unitLauncher(kind.name, found.start)],
  // WebKitGTK draws without a graphics card, on whatever machine there is.
  testFramework: {config: {...base.testFramework.config, timeout: 30_000}},
};
