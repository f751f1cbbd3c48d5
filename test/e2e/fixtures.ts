import {test as base} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import {recordEvents} from './support/recorder.js';
import {startSite} from './support/site.js';
import type {Site} from './support/site.js';

interface TestFixtures {
  /** The servers, as new. */
  readonly site: Site;
  readonly demo: Demo;
  /** What no test may leave behind: errors that nobody caught, in any window. */
  readonly uncaught: readonly Error[];
}

interface WorkerFixtures {
  readonly workerSite: Site;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  workerSite: [
    // Playwright reads from this pattern which other fixtures are wanted.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const site = await startSite();
      await use(site);
      await site.stop();
    },
    {scope: 'worker'},
  ],
  site: async ({workerSite}, use) => {
    workerSite.reset();
    await use(workerSite);
  },
  demo: async ({site}, use) => use(site.demo),
  uncaught: [
    async ({context}, use) => {
      const errors: Error[] = [];
      context.on('weberror', (webError) => errors.push(webError.error()));
      await context.addInitScript(recordEvents);
      await use(errors);
      base.expect(errors).toEqual([]);
    },
    {auto: true},
  ],
});

export {expect} from './support/expect.js';
