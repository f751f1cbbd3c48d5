import {defineConfig} from '@playwright/test';
import {browserFlags, findBrowser} from './scripts/find-browser.js';

const soak = /.*\.soak\.spec\.ts/;
const ours = ['e2e/**/*.spec.ts', 'demo/**/*.spec.ts'];

/**
 * `main` is everything that is over soon; `soak` watches a map over minutes and runs beside the rest. `security` shows
 * the requirements of SECURITY.md (`npm run test:security`), `security-soak` three tabs over ten minutes. `servers` is
 * the viewer against MapServer, MapProxy and nginx (`npm run test:servers`), `platforms` every map platform from the page to
 * its double, `keycloak` the sign-in and the broker at a real
 * Keycloak (`npm run test:keycloak`).
 */
export default defineConfig({
  testDir: 'test',
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
    {name: 'main', testMatch: ours, testIgnore: soak},
    {name: 'soak', testMatch: /(e2e|demo)\/.*\.soak\.spec\.ts/, timeout: 8 * 60_000},
    {name: 'security', testMatch: 'security/**/*.spec.ts', testIgnore: soak},
    {name: 'security-soak', testMatch: /security\/.*\.soak\.spec\.ts/, timeout: 15 * 60_000},
    {name: 'servers', testMatch: 'servers/**/*.spec.ts', timeout: 90_000},
    {name: 'platforms', testMatch: 'platforms/**/*.spec.ts'},
    {name: 'keycloak', testMatch: 'keycloak/**/*.spec.ts', timeout: 120_000},
  ],
});
