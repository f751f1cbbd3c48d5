import {findProgram} from '../programs.js';
import type {BrowserKind} from './browser.js';
import {installMissing} from './install-missing.js';
import {startPuppeteerBrowser} from './puppeteer-browser.js';

const fixed = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  'C:\\Program Files (x86)\\Mozilla Firefox\\firefox.exe',
];

/** The extended support release first: it is the oldest Firefox that Mozilla keeps. */
export const firefox: BrowserKind = {
  name: 'Firefox',
  find: () =>
    installMissing({
      what: 'Firefox',
      packages: ['firefox-esr'],
      look: () => {
        const executablePath = findProgram(['firefox-esr', 'firefox'], fixed);
        if (!executablePath) return undefined;
        return ({popups}) =>
          startPuppeteerBrowser({
            browser: 'firefox',
            executablePath,
            extraPrefsFirefox: {'dom.disable_open_during_load': !popups},
          });
      },
    }),
};
