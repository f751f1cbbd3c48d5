import type {RunningBrowser, Tab} from './browser.js';
import type {WebDriverSession} from './web-driver.js';

const window = {x: 0, y: 0, width: 1000, height: 900};

const keyPresses = (text: string): object[] =>
  text.split('').flatMap((value) => [
    {type: 'keyDown', value},
    {type: 'keyUp', value},
  ]);

/** What a WebDriver session shows as tabs. Every command goes to one window, so that no two may be mixed. */
export const webDriverBrowser = async (
  session: WebDriverSession,
  close: () => Promise<void>,
): Promise<RunningBrowser> => {
  const {command} = session;
  let last: Promise<unknown> = Promise.resolve();
  const inWindow = <T>(handle: string, act: () => Promise<T>): Promise<T> => {
    const next = last
      .catch(() => undefined)
      .then(async () => {
        await command('POST', '/window', {handle});
        return act();
      });
    last = next;
    return next;
  };

  const tabOf = (handle: string): Tab => ({
    open: (url) => inWindow(handle, async () => void (await command('POST', '/url', {url}))),
    url: () => inWindow(handle, async () => String(await command('GET', '/url'))),
    evaluate: (expression) =>
      inWindow(handle, () => command('POST', '/execute/sync', {script: `return (${expression});`, args: []})),
    press: (x, y) =>
      inWindow(handle, async () => {
        const actions = [
          {type: 'pointerMove', duration: 0, origin: 'viewport', x: Math.round(x), y: Math.round(y)},
          {type: 'pointerDown', button: 0},
          {type: 'pointerUp', button: 0},
        ];
        await command('POST', '/actions', {
          actions: [{type: 'pointer', id: 'mouse', parameters: {pointerType: 'mouse'}, actions}],
        });
      }),
    type: (text) =>
      inWindow(handle, async () => {
        await command('POST', '/actions', {actions: [{type: 'key', id: 'keyboard', actions: keyPresses(text)}]});
      }),
    close: () => inWindow(handle, async () => void (await command('DELETE', '/window'))),
  });

  const handles = async (): Promise<string[]> => {
    const all = await command('GET', '/window/handles');
    return Array.isArray(all) ? all.map(String) : [];
  };

  const [first = ''] = await handles();
  await inWindow(first, () => command('POST', '/window/rect', window));
  const known = [first];
  return {
    version: session.browserVersion,
    async tabs() {
      const open = await handles();
      // The standard promises no order.
      known.push(...open.filter((handle) => !known.includes(handle)));
      return known.filter((handle) => open.includes(handle)).map(tabOf);
    },
    async close() {
      await last.catch(() => undefined);
      await command('DELETE', '').catch(() => undefined);
      await close();
    },
  };
};
