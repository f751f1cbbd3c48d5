import {defineConfig} from '@playwright/test';
import {browserFlags, findBrowser} from './scripts/find-browser.js';

const soak = /.*\.soak\.spec\.ts/;

/** `main` is everything that is over soon; `soak` watches a map over minutes and runs beside the rest. */
export default defineConfig({
  testDir: 'test',
  testMatch: ['e2e/**/*.spec.ts', 'demo/**/*.spec.ts'],
  forbidOnly: true,
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  reporter: [['line']],
  use: {
    trace: 'off',
    launchOptions: {executablePath: findBrowser(), args: [...browserFlags]},
  },
  projects: [
    {name: 'main', testIgnore: soak},
    {name: 'soak', testMatch: soak, timeout: 8 * 60_000},
  ],
});
