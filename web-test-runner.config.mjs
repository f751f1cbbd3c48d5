import {esbuildPlugin} from '@web/dev-server-esbuild';
import {defaultReporter} from '@web/test-runner';
import {chromeLauncher} from '@web/test-runner-chrome';
import {tsImport} from 'tsx/esm/api';
import {commonJs} from './scripts/test/common-js.mjs';
import {countsReporter} from './scripts/test/wtr-reporter.mjs';

const {findBrowser, browserFlags} = await tsImport('./scripts/find-browser.ts', import.meta.url);

const counts = process.env.TEST_COUNTS;

/**
 * What `geotiff` has for Node and for workers, of which the bundle takes nothing either: the field `browser` of its
 * package leaves out the former, and nobody asks for the latter.
 */
const noNodeFiles = {
  name: 'no-node-files',
  serve: ({path}) =>
    /\/geotiff\/dist-module\/(source\/file|source\/client\/http|pool)\.js$/.test(path)
      ? {body: 'export const makeFileSource = 0, HttpClient = 0; export default class {}', type: 'js'}
      : undefined,
};

export default {
  files: 'test/{unit,contract}/**/*.test.ts',
  nodeResolve: {exportConditions: ['production']},
  concurrency: 2,
  plugins: [
    noNodeFiles,
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
  // The contract of all layer kinds is in one file, and a busy machine needs its time for it.
  testsFinishTimeout: 300_000,
};
