import {createServer} from 'node:net';
import {findProgram} from '../programs.js';
import type {BrowserKind, RunningBrowser, StartOptions} from './browser.js';
import {startHelper} from './helper-process.js';
import {installMissing} from './install-missing.js';
import {openScreen} from './screen.js';
import {until} from './until.js';
import {isReady, openSession} from './web-driver.js';
import {webDriverBrowser} from './web-driver-browser.js';

/** The driver takes no port 0. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** WebKitGTK's own small browser, by the driver that comes with it. It draws on a screen only. */
const start = async (program: string, xvfb: string, {popups}: StartOptions): Promise<RunningBrowser> => {
  const screen = await openScreen(xvfb);
  const port = await freePort();
  const driver = startHelper(program, [`--port=${port}`], 'ignore', {
    ...process.env,
    DISPLAY: screen.display,
    GDK_BACKEND: 'x11',
  });
  const stop = (): void => {
    driver.stop();
    screen.close();
  };
  driver.child.on('error', stop);
  try {
    const args = ['--automation', `--javascript-can-open-windows-automatically=${popups}`];
    const address = `http://127.0.0.1:${port}`;
    await until('WebKitWebDriver answers', () => isReady(address), 30);
    return await webDriverBrowser(await openSession(address, {'webkitgtk:browserOptions': {args}}), async () => stop());
  } catch (error) {
    stop();
    throw error;
  }
};

export const webkit: BrowserKind = {
  name: 'WebKitGTK',
  find: () =>
    installMissing({
      what: 'WebKitWebDriver or Xvfb',
      packages: ['webkit2gtk-driver', 'xvfb'],
      look: () => {
        const program = findProgram(['WebKitWebDriver']);
        const xvfb = findProgram(['Xvfb']);
        return program && xvfb ? (options) => start(program, xvfb, options) : undefined;
      },
    }),
};
