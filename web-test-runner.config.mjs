import {esbuildPlugin} from '@web/dev-server-esbuild';
import {chromeLauncher} from '@web/test-runner-chrome';
import {tsImport} from 'tsx/esm/api';

const {findBrowser, browserFlags} = await tsImport('./scripts/find-browser.ts', import.meta.url);

export default {
  files: 'test/{unit,contract}/**/*.test.ts',
  nodeResolve: {exportConditions: ['production']},
  concurrency: 2,
  plugins: [esbuildPlugin({ts: true, tsconfig: 'tsconfig.json', target: 'es2022'})],
  browsers: [chromeLauncher({launchOptions: {executablePath: findBrowser(), args: [...browserFlags]}})],
  testFramework: {config: {timeout: 10_000, forbidOnly: true}},
};
