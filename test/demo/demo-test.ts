import {test as base} from '@playwright/test';
import {startDemo} from '../../demo/servers/demo.js';
import type {Demo} from '../../demo/servers/demo.js';

/** A demo of its own for every test, so that its counts are exact. */
export const test = base.extend<{demo: Demo}>({
  // Playwright reads from this pattern which other fixtures are wanted.
  // oxlint-disable-next-line no-empty-pattern
  demo: async ({}, use) => {
    const demo = await startDemo();
    await use(demo);
    await demo.stop();
  },
});

export {expect} from '@playwright/test';
