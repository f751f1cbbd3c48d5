import {chromium} from '@playwright/test';
import {canInstall, findProgram, installPackages, runs} from './programs.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

const installed = (): string | undefined => findProgram(names, fixed);

const playwrights = (): string | undefined => {
  const path = chromium.executablePath();
  return path && runs(path) ? path : undefined;
};

const debians = (): string | undefined => {
  if (!canInstall) return undefined;
  console.error('No Chrome or Chromium found: installing the chromium package.');
  return installPackages(['chromium']) ? installed() : undefined;
};

/** The browser for the tests: `CHROME_PATH`, an installed one, Playwright's, or Debian's package when root. */
export const findBrowser = (): string => {
  const named = process.env['CHROME_PATH'];
  if (named && !runs(named)) throw new Error(`CHROME_PATH names ${named}, which is not a program that can be run.`);
  const found = named || (installed() ?? playwrights() ?? debians());
  if (found) return found;
  const tried = canInstall ? ', and the Debian package `chromium` could not be installed' : '';
  throw new Error(
    `No Chrome or Chromium: CHROME_PATH is not set, none is on the PATH, Playwright has none${tried}. `
      + 'Install one, set CHROME_PATH to it, or run `npx playwright install chromium`.',
  );
};

/** No sandbox for root, which Chromium refuses to start otherwise; no calls home, which offline machines refuse. */
export const browserFlags: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  // Containers often have a /dev/shm too small for a page of tiles.
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
