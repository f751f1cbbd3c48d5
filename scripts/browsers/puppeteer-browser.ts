import {launch, type LaunchOptions, type Page} from 'puppeteer-core';
import type {RunningBrowser, Tab} from './browser.js';

const viewport = {width: 1000, height: 800};
const minutes = 60_000;

const tabOf = (page: Page): Tab => ({
  open: async (url) => void (await page.goto(url)),
  url: () => Promise.resolve(page.url()),
  evaluate: (expression) => page.evaluate(expression),
  press: (x, y) => page.mouse.click(x, y),
  type: (text) => page.keyboard.type(text),
  close: () => page.close(),
});

/** Chromium by its own protocol, Firefox by WebDriver BiDi: neither needs a driver of its own. */
export const startPuppeteerBrowser = async (options: LaunchOptions): Promise<RunningBrowser> => {
  const browser = await launch({
    headless: true,
    defaultViewport: viewport,
    timeout: 2 * minutes,
    protocolTimeout: 3 * minutes,
    ...options,
  });
  // Firefox gives the default to windows that open later only.
  for (const page of await browser.pages()) await page.setViewport(viewport);
  const version = (await browser.version()).replace(/^[^/]*\//u, '');
  return {
    version,
    tabs: async () => (await browser.pages()).map(tabOf),
    close: () => browser.close(),
  };
};
