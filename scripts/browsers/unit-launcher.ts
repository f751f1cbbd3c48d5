import type {BrowserLauncher} from '@web/test-runner';
import type {RunningBrowser, Start, Tab} from './browser.js';

/** Runs the unit tests in one tab, one file after the other: a tab behind another one draws nothing. */
export const unitLauncher = (name: string, start: Start): BrowserLauncher => {
  let running: Promise<RunningBrowser> | undefined;
  let active: {readonly sessionId: string; readonly tab: Tab} | undefined;
  const firstTab = async (): Promise<Tab> => {
    running ??= start({popups: true});
    const [tab] = await (await running).tabs();
    if (!tab) throw new Error(`${name} has no tab`);
    return tab;
  };
  return {
    name,
    type: 'secure-map-browsers',
    concurrency: 1,
    async startSession(sessionId, url) {
      const tab = await firstTab();
      active = {sessionId, tab};
      await tab.open(url);
    },
    isActive: (sessionId) => active?.sessionId === sessionId,
    getBrowserUrl: (sessionId) => (active?.sessionId === sessionId ? active.tab.url() : undefined),
    async stopSession() {
      const tab = active?.tab;
      active = undefined;
      // Whatever still runs in the page ends with it.
      await tab?.open('about:blank');
      return {};
    },
    startDebugSession: () => Promise.reject(new Error('There is no debugging here.')),
    async stop() {
      await (await running)?.close();
    },
  };
};
