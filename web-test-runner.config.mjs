import {esbuildPlugin} from '@web/dev-server-esbuild';
import {defaultReporter} from '@web/test-runner';
import {chromeLauncher} from '@web/test-runner-chrome';
import {tsImport} from 'tsx/esm/api';
import {commonJs} from './scripts/test/common-js.mjs';
import {countsReporter} from './scripts/test/wtr-reporter.mjs';

const {findBrowser, browserFlags} = await tsImport('./scripts/find-browser.ts', import.meta.url);

const counts = process.env.TEST_COUNTS;

export default {
  files: 'test/{unit,contract}/**/*.test.ts',
  nodeResolve: {exportConditions: ['production']},
  concurrency: 2,
  plugins: [
    commonJs({'saxes/saxes.js': 'SaxesParser'}),
    esbuildPlugin({ts: true, tsconfig: 'tsconfig.json', target: 'es2022'}),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {executablePath: findBrowser(), args: [...browserFlags]},
      // A window each: Chromium gives no animation frames to a tab that is not in front, and a map waits for them.
      createPage: async ({browser}) => (await browser.createBrowserContext()).newPage(),
    }),
  ],
  reporters: [defaultReporter(), ...(counts ? [countsReporter(counts)] : [])],
  testFramework: {config: {timeout: 10_000, forbidOnly: true}},
};
