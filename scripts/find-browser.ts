import {execFileSync} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import {chromium} from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const fixed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const installed = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .concat(fixed)
    .find(runs);

const playwrights = (): string | undefined => {
  const path = chromium.executablePath();
  return path && runs(path) ? path : undefined;
};

const debians = (): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !runs('/usr/bin/apt-get')) return undefined;
  console.log('No Chromium found: installing the chromium package.');
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'] as const,
    env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
  };
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  } catch {
    return undefined;
  }
  return installed();
};

/** The browser for the tests: `CHROME_PATH`, an installed one, Playwright's, or Debian's package when root. */
export const findBrowser = (): string => {
  const named = process.env['CHROME_PATH'];
  if (named && !runs(named)) throw new Error(`CHROME_PATH names ${named}, which is not a program that can be run.`);
  const found = named ?? installed() ?? playwrights() ?? debians();
  if (found) return found;
  throw new Error(
    'No Chromium or Chrome found. Install one, set CHROME_PATH to it, or run `npx playwright install chromium`.',
  );
};

/** No sandbox for root, which Chromium refuses to start otherwise; no calls home, which offline machines refuse. */
export const browserFlags: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
