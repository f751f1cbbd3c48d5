import type {Page} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {expectMap, expectState, messageOf, signInButton, stateOf, tagOf} from '../e2e/support/tag.js';
import {fillLogin, signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {html} from './support/recording-server.js';

test.use({bypassCSP: true});

const params = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** Starts a sign-in whose provider shows a page and waits; the answer is how the sign-in ends. */
const startWaiting = async (page: Page): Promise<{outcome: Promise<string>; popup: Page}> => {
  const opened = page.waitForEvent('popup');
  const outcome = outcomeOf(tagOf(page));
  const popup = await opened;
  await expect(popup.getByRole('heading', {name: 'Sign in'})).toBeVisible();
  return {outcome, popup};
};

test('#16 messages of another origin, of other windows and with another state are ignored without a word', async ({
  page,
  site,
  provider,
  vault,
  attacker,
}) => {
  provider.behave({replies: {'/auth': () => html('<h1>Sign in</h1>')}});
  attacker.answer(() => html('<h1>An advertisement</h1>'));
  await openMap(page, site, signedInAt(provider, vault.origin));
  await page.evaluate(async (address) => {
    const frame = document.createElement('iframe');
    frame.src = address;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, {once: true}));
  }, attacker.origin);
  const {outcome, popup} = await startWaiting(page);
  const query = provider.to('/auth')[0]?.query ?? new URLSearchParams();
  const state = query.get('state') ?? '';
  const stolen = {code: 'code-of-the-attacker', state, iss: provider.issuer};
  const message = {source: 'secure-map', v: 1, params: params(stolen)};

  const frame = page.frames().find((one) => one.url().startsWith(attacker.origin));
  await frame?.evaluate((data) => window.parent.postMessage(data, '*'), message);
  // The page of the provider is of another origin as well.
  await popup.evaluate((data) => (window.opener as Window | null)?.postMessage(data, '*'), message);
  await page.evaluate(
    async ([good, other]) => {
      const {origin} = location;
      window.postMessage({...good, params: other}, origin);
      for (const nonsense of [null, 1, 'x', {}, {source: 'secure-map'}, {...good, v: 2}, {...good, source: 'other'}]) {
        window.postMessage(nonsense, origin);
      }
      window.postMessage({...good, params: 5}, origin);
      // Everything sent so far has been delivered when this one comes back.
      const {port1, port2} = new MessageChannel();
      await new Promise((resolve) => {
        port1.addEventListener('message', resolve, {once: true});
        port1.start();
        addEventListener('message', ({data}) => data === 'last' && port2.postMessage(0));
        window.postMessage('last', origin);
      });
    },
    [message, params({...stolen, state: 'f'.repeat(32)})] as const,
  );
  expect(await stateOf(tagOf(page))).toBe('authenticating');
  expect(provider.to('/token')).toEqual([]);
  expect(await eventsOf(page, 'secure-map-error')).toEqual([]);

  await popup.goto(provider.answerTo(query)).catch(() => undefined);
  expect(await outcome).toBe('done');
  expect(provider.to('/token').map(({form}) => form.get('code'))).not.toContain('code-of-the-attacker');
});

test('#16 everything that is posted names its target', async ({page, context, demo}) => {
  const targets: unknown[] = [];
  await context.exposeBinding('posted', (_source, target: unknown) => void targets.push(target));
  await context.addInitScript(() => {
    const tell: unknown = Reflect.get(window, 'posted');
    const wrap = (where: Window): void => {
      const {postMessage} = where;
      where.postMessage = (...rest: unknown[]) => {
        const data: unknown = rest[0];
        if (typeof tell === 'function' && Reflect.get(Object(data), 'source') === 'secure-map') tell(rest[1]);
        Reflect.apply(postMessage, where, rest);
      };
    };
    // Called on the opener by the return page, which is of its origin.
    if (location.pathname === '/callback.html' && window.opener) wrap(window.opener);
  });
  await page.goto(demo.pageUrl);
  await signInByPopup(page, tagOf(page));
  expect(targets).toEqual([new URL(demo.pageUrl).origin]);
});

test('#17 the return page: one small script, a clean address when it speaks, a channel per try, and it closes', async ({
  page,
  context,
  demo,
}) => {
  const spoken: {channel: string; search: string; scripts: number}[] = [];
  await context.exposeBinding('spoken', (_source, word: (typeof spoken)[number]) => void spoken.push(word));
  await context.addInitScript(() => {
    if (location.pathname !== '/callback.html') return;
    const tell: unknown = Reflect.get(window, 'spoken');
    const {postMessage} = BroadcastChannel.prototype;
    BroadcastChannel.prototype.postMessage = function (data) {
      const {search} = location;
      if (typeof tell === 'function') tell({channel: this.name, search, scripts: document.scripts.length});
      postMessage.call(this, data);
    };
  });
  const loaded = new Set<string>();
  context.on('request', (request) => {
    if (request.frame().url().includes('/callback.html')) loaded.add(new URL(request.url()).pathname);
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  for (let round = 1; round <= 2; round += 1) {
    const opened = page.waitForEvent('popup');
    await signInButton(tag).click();
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    if (round === 1) await fillLogin(popup, 'anna');
    await closed;
    await expectState(tag, 'authenticated');
    await tag.evaluate((element: Tag) => element.logout());
  }
  expect(spoken.map(({search, scripts}) => [search, scripts])).toEqual([
    ['', 1],
    ['', 1],
  ]);
  expect(new Set(spoken.map(({channel}) => channel)).size).toBe(2);
  for (const {channel} of spoken) expect(channel).toMatch(/\w{32}/);
  expect([...loaded].filter((path) => path.endsWith('.js'))).toEqual(['/callback.js']);

  const [markup, script] = await Promise.all(
    ['callback.html', 'callback.js'].map(async (name) => (await fetch(demo.pageUrl + name)).text()),
  );
  expect(markup?.match(/<script/g)).toHaveLength(1);
  expect(markup).not.toMatch(/ on\w+=|javascript:/);
  // No part of the map, no library, no network.
  expect(script?.length).toBeLessThan(5000);
  expect(script).not.toMatch(/\bimport\b|fetch\(|XMLHttpRequest|eval|innerHTML/);
});

test('#18 the window opens inside the click itself, before anything is waited for', async ({page, demo}) => {
  await page.addInitScript(() => {
    const {open} = window;
    const opened: unknown[] = [];
    Object.assign(window, {
      opened,
      open: (...parameters: Parameters<typeof open>) => {
        opened.push(parameters[0]);
        return open.apply(window, parameters);
      },
    });
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  const popup = page.waitForEvent('popup');
  // By a script, so that nothing but the listeners of the click runs before this goes on.
  const opened = await signInButton(tag).evaluate((button: HTMLElement) => {
    button.click();
    return JSON.stringify(Reflect.get(window, 'opened'));
  });
  expect(opened).toBe('["about:blank"]');
  await fillLogin(await popup, 'anna');
  await expectState(tag, 'authenticated');
});

test('#18 a blocked window is said, with a button; the next press takes the whole page', async ({page, demo}) => {
  await page.addInitScript(() => (window.open = () => null));
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  expect(await outcomeOf(tag)).toBe('login-blocked popup');
  await expect(messageOf(tag)).toContainText('The sign-in window was blocked');
  const button = messageOf(tag).getByRole('button', {name: 'Sign in'});
  await expect(button).toBeVisible();
  await button.click();
  await fillLogin(page, 'anna');
  await expectState(tag, 'authenticated');
  expect(page.url()).toBe(demo.pageUrl);
  await expectMap(tag);
});

test('#18 a blocker that hands out a closed window is seen through', async ({page, site, provider, vault}) => {
  await page.addInitScript(() => Object.assign(window, {open: () => ({closed: true, close: () => undefined})}));
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('login-blocked popup');
  expect(provider.to('/auth')).toEqual([]);
});

/** Counts every frame that is made, also one that is gone again at once. */
const countFrames = (): void => {
  let frames = 0;
  const {createElement} = Document.prototype;
  Object.assign(Document.prototype, {
    createElement(this: Document, name: string, options?: ElementCreationOptions) {
      if (/^i?frame$/i.test(name)) frames += 1;
      return createElement.call(this, name, options);
    },
  });
  Object.assign(window, {framesMade: () => frames + document.querySelectorAll('iframe, frame, object, embed').length});
};

test('#20 sign-in, renewal, the end of a session and sign-out make no frame', async ({page, context, demo}) => {
  await page.addInitScript(countFrames);
  const framed: string[] = [];
  context.on('request', (request) => {
    if (request.resourceType() === 'document' && request.frame().parentFrame()) framed.push(request.url());
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await tag.evaluate((element: Tag) => element.refresh());
  demo.signIn.revokeAll();
  expect(await outcomeOf(tag, 'refresh')).toContain('session-over');
  await signInByPopup(page, tag);
  await tag.evaluate((element: Tag) => element.logout());
  await expectState(tag, 'signed-out');
  expect(
    await page.evaluate(() => {
      const count: unknown = Reflect.get(window, 'framesMade');
      return typeof count === 'function' ? Number(count()) : NaN;
    }),
  ).toBe(0);
  expect(framed).toEqual([]);
});

for (const way of ['redirect', 'popup'] as const) {
  test(`#20 a page in a frame of another site is not led to the provider inside it (${way})`, async ({
    page,
    context,
    site,
    provider,
    vault,
    attacker,
    frontDoor,
  }) => {
    const address = frontDoor.at(
      await site.page(`<secure-map ${signedInAt(provider, vault.origin)} login="${way}" login-required></secure-map>`),
    );
    attacker.answer(() => html(`<iframe src="${address}" width="600" height="400"></iframe>`));
    const framed: string[] = [];
    context.on('request', (request) => {
      if (request.frame().parentFrame() && request.isNavigationRequest()) framed.push(request.url());
    });
    await page.goto(attacker.origin);
    const tag = page.frameLocator('iframe').locator('secure-map');
    await tag.evaluate(async (element: Tag) => void (await element.ready));
    expect(await outcomeOf(tag)).toBe(way === 'redirect' ? 'login-blocked framed' : 'done');
    expect(framed).toEqual([address]);
  });
}
