import {browserFlags, findBrowser} from '../find-browser.js';
import type {BrowserKind} from './browser.js';
import {startPuppeteerBrowser} from './puppeteer-browser.js';

export const chromium: BrowserKind = {
  name: 'Chromium',
  find: () => {
    try {
      const executablePath = findBrowser();
      return {
        kind: 'here',
        start: ({popups}) =>
          startPuppeteerBrowser({
            executablePath,
            args: [...browserFlags],
            ignoreDefaultArgs: popups ? [] : ['--disable-popup-blocking'],
          }),
      };
    } catch (error) {
      return {kind: 'broken', why: error instanceof Error ? error.message : String(error)};
    }
  },
};
