import type {BrowserContext, Locator, Page} from '@playwright/test';
import {eventsOf} from '../e2e/support/recorder.js';
import {
  accountOf,
  expectIdle,
  expectMap,
  expectNoMap,
  expectState,
  pan,
  signInButton,
  signOutButton,
  stateOf,
  tagOf,
} from '../e2e/support/tag.js';
import {fillLogin, openPopup, signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {createGate} from './support/recording-server.js';
import {openTabs, sharedMap, type Tab} from './support/tabs.js';

/** Notes when a tab was signed out, and when nothing of the map was to be seen there any more. */
const watchSignOut = ({tag}: Tab): Promise<void> =>
  tag.evaluate((element: Tag) => {
    const isEmpty = (): boolean =>
      [...(element.map.getViewport()?.querySelectorAll('canvas') ?? [])].every((canvas) => {
        if (canvas.width === 0 || canvas.height === 0) return true;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return !data || !new Uint32Array(data.buffer).some((pixel) => pixel !== 0);
      });
    const noted: Noted = {};
    // Neither by frames nor by timers, which a tab behind another has a few of.
    const {port1, port2} = new MessageChannel();
    Object.assign(window, {noted});
    element.addEventListener('auth-state-change', ({state}) => {
      if (state !== 'signed-out') return;
      noted.signedOut = Date.now();
      port1.onmessage = (): void => {
        if (isEmpty()) noted.empty = Date.now();
        else port2.postMessage('again');
      };
      port2.postMessage('look');
    });
  });

/** When it happened. */
interface Noted {
  signedOut?: number;
  empty?: number;
}

const notedIn = ({page}: Tab): Promise<Noted> => page.evaluate(() => Reflect.get(window, 'noted') as Noted);

/** What the origin keeps, by name. */
const keptBy = (page: Page): Promise<unknown> =>
  page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    caches: await caches.keys(),
    // The place for keys stays; what counts is whether anything is in it.
    databases: await Promise.all(
      (await indexedDB.databases()).map(
        ({name = ''}) =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open(name);
            opening.onerror = () => reject(new Error(name));
            opening.onsuccess = () => {
              const database = opening.result;
              const stores = [...database.objectStoreNames];
              if (stores.length === 0) return resolve(0);
              const transaction = database.transaction(stores);
              const counts = stores.map((store) => transaction.objectStore(store).count());
              transaction.oncomplete = () => {
                database.close();
                resolve(counts.reduce((sum, {result}) => sum + result, 0));
              };
            };
          }),
      ),
    ).then((counts) => counts.reduce((sum, count) => sum + count, 0)),
    windowName: window.name,
  }));

const nothing = {local: [], session: [], caches: [], databases: 0, windowName: ''};

const signOutEverywhere = async (tabs: readonly Tab[], what: string): Promise<void> => {
  for (const tab of tabs) await watchSignOut(tab);
  const [first] = tabs;
  if (!first) throw new Error('no tabs');
  await first.page.bringToFront();
  const leftAt = await first.tag.evaluate((element: Tag) => {
    const now = Date.now();
    void element.logout();
    return now;
  });
  for (const tab of tabs) await expect.poll(async () => (await notedIn(tab)).empty).toBeDefined();
  const noted = await Promise.all(tabs.map(notedIn));
  const shown = noted.map(({signedOut = NaN, empty = NaN}) => {
    expect(signedOut - leftAt).toBeLessThan(1000);
    expect(empty - leftAt).toBeLessThan(1000);
    return `signed out after ${signedOut - leftAt} ms, no pixel left after ${empty - leftAt} ms`;
  });
  console.log(`#39: sign-out with ${what}, in 3 tabs: ${shown.join('; ')}`);
  for (const {page, tag} of tabs) {
    expect(await stateOf(tag)).toBe('signed-out');
    await expectNoMap(tag);
    expect(await tag.evaluate((element: Tag) => element.user)).toBeUndefined();
    await expect(signInButton(tag)).toBeVisible();
    expect(await keptBy(page)).toEqual(nothing);
  }
};

test('#39 with a revocation endpoint that answers 500: signed out in every tab at once, nothing kept, no pixel left', async ({
  context,
  demo,
  site,
}) => {
  const tabs = await openTabs(context, site);
  demo.signIn.setFault(({path}) => (path === '/token/revocation' ? {status: 500} : undefined));
  await signOutEverywhere(tabs, 'revocation answering 500');
  await expect.poll(() => demo.signIn.counts.revocations).toBeGreaterThan(0);
  await demandsNothing(tabs, demo);
});

test('#39 with the network cut: signed out in every tab at once, nothing kept, no pixel left', async ({
  context,
  demo,
  site,
}) => {
  const tabs = await openTabs(context, site);
  await context.setOffline(true);
  await signOutEverywhere(tabs, 'the network cut');
  await context.setOffline(false);
  await demandsNothing(tabs, demo);
});

/** The tabs ask for nothing more, whatever the visitor does. */
const demandsNothing = async (
  tabs: readonly Tab[],
  demo: {readonly map: {readonly counts: {readonly requests: number; readonly ok: number}}},
): Promise<void> => {
  const {ok} = demo.map.counts;
  for (const {tag} of tabs) await pan(tag, 1);
  for (const {tag} of tabs) await expectIdle(tag);
  expect(demo.map.counts.ok).toBe(ok);
  for (const {tag} of tabs) await expectNoMap(tag);
};

test('#39 what is under way is aborted, and what comes in late is not drawn', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.setFault(({preflight}) => (preflight ? undefined : {hang: true}));
  demo.map.resetCounts();
  await pan(tag, 1);
  await expect.poll(() => demo.map.counts.requests).toBeGreaterThan(3);
  await signOutButton(tag).click();
  await expect.poll(() => demo.map.counts.aborted).toBe(demo.map.counts.requests);
  demo.map.setFault(null);
  await expectNoMap(tag);
});

test('#39 the refresh token is revoked first, then the provider is gone to', async ({page, site, demo}) => {
  const seen: string[] = [];
  const stop = demo.log.subscribe(({server, path, method}) => {
    if (server === 'sign-in' && method !== 'OPTIONS') seen.push(path);
  });
  page.context().on('request', (request) => {
    if (request.url().endsWith('/token/revocation')) revoked.push(new URLSearchParams(request.postData() ?? ''));
  });
  const revoked: URLSearchParams[] = [];
  await page.goto(
    await site.page(
      sharedMap.replace('></secure-map>', ' post-logout-redirect-uri="{{page}}/callback.html"></secure-map>'),
    ),
  );
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  const popup = await openPopup(page, signOutButton(tag));
  const closed = popup.waitForEvent('close');
  await expectNoMap(tag);
  expect(await stateOf(tag)).toBe('signed-out');
  await popup.getByRole('button', {name: 'Sign out'}).click();
  await closed;
  stop();
  expect(revoked.map((form) => form.get('token_type_hint'))).toEqual(['refresh_token']);
  await expect.poll(() => demo.signIn.counts.logouts).toBe(1);
  expect(seen.filter((path) => /revocation|session\/end/.test(path))[0]).toBe('/token/revocation');
  expect(demo.signIn.counts.grantsRevoked).toBeGreaterThan(0);
});

test.describe('', () => {
  // The hostile provider is in no policy of the site.
  test.use({bypassCSP: true});

  test('#39 a renewal that comes in after the sign-out brings nothing back', async ({page, site, provider, vault}) => {
    const tag = await openMap(page, site, signedInAt(provider, vault.origin, 'token-storage="local"'));
    expect(await outcomeOf(tag)).toBe('done');
    const gate = createGate();
    provider.behave({replies: {'/token': () => gate.opened}});
    const renewal = outcomeOf(tag, 'refresh');
    await provider.until(({form}) => form.get('grant_type') === 'refresh_token');
    await tag.evaluate((element: Tag) => element.logout());
    gate.open();
    expect(await renewal).not.toBe('done');
    expect(await stateOf(tag)).toBe('signed-out');
    expect(await keptBy(page)).toEqual(nothing);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
  });
});

/** Every pixel of the map, as one number. */
const picture = (tag: Locator): Promise<number> =>
  tag.evaluate((element: Tag) => {
    const {width, height} = element.getBoundingClientRect();
    const whole = new OffscreenCanvas(Math.round(width), Math.round(height));
    const context = whole.getContext('2d', {willReadFrequently: true});
    for (const canvas of element.map.getViewport()?.querySelectorAll('canvas') ?? []) {
      if (canvas.width > 0 && canvas.height > 0) context?.drawImage(canvas, 0, 0, whole.width, whole.height);
    }
    let sum = 0;
    for (const value of context?.getImageData(0, 0, whole.width, whole.height).data ?? []) {
      sum = (Math.imul(sum, 31) + value) | 0;
    }
    return sum;
  });

/** What is made into an address of its own has to be given back. */
const countBlobUrls = (): void => {
  let open = 0;
  const {createObjectURL, revokeObjectURL} = URL;
  URL.createObjectURL = (object) => {
    open += 1;
    return createObjectURL.call(URL, object);
  };
  URL.revokeObjectURL = (address) => {
    open -= 1;
    revokeObjectURL.call(URL, address);
  };
  Object.assign(window, {openBlobUrls: () => open});
};

/** How a map looks to Ben, who may not see the boundaries, and what his browser keeps of him. */
const visitOfBen = async (
  context: BrowserContext,
  address: string,
): Promise<{readonly picture: number; readonly kept: readonly [string, string][]}> => {
  const other = await context.browser()?.newContext();
  if (!other) throw new Error('no browser');
  const page = await other.newPage();
  await page.goto(address);
  const tag = tagOf(page);
  await signInByPopup(page, tag, 'ben');
  await expectMap(tag);
  await expectIdle(tag);
  const visit = {picture: await picture(tag), kept: await page.evaluate(() => Object.entries<string>(localStorage))};
  await other.close();
  return visit;
};

test('#41 the next visitor sees their own map and nothing of the one before, here and in other tabs', async ({
  context,
  site,
  demo,
}) => {
  await context.addInitScript(countBlobUrls);
  const markup = sharedMap.replace(
    '></secure-map>',
    ' post-logout-redirect-uri="{{page}}/callback.html" controls="account"></secure-map>',
  );
  const expected = (await visitOfBen(context, await site.page(markup))).picture;

  const tabs = await openTabs(context, site, markup);
  const [first, second, third] = tabs;
  if (!first || !second || !third) throw new Error('no tabs');
  for (const {tag} of tabs) await expectIdle(tag);
  expect(await picture(second.tag)).not.toBe(expected);

  const popup = await openPopup(first.page, signOutButton(first.tag));
  const closed = popup.waitForEvent('close');
  for (const {tag} of tabs) await expectNoMap(tag);
  for (const {tag} of tabs) await expect(accountOf(tag)).not.toContainText('Anna');
  await popup.getByRole('button', {name: 'Sign out'}).click();
  await closed;
  const again = await openPopup(first.page, signInButton(first.tag));
  await fillLogin(again, 'ben');
  for (const {tag} of tabs) {
    await expectState(tag, 'authenticated');
    await expect(accountOf(tag)).toContainText('Ben Okafor');
    await expectMap(tag);
    await expectIdle(tag);
    await expect.poll(() => picture(tag)).toBe(expected);
  }
  for (const {page} of tabs) {
    const open = await page.evaluate(() => {
      const count: unknown = Reflect.get(window, 'openBlobUrls');
      return typeof count === 'function' ? Number(count()) : NaN;
    });
    expect(open).toBe(0);
  }
  expect(demo.signIn.counts.logouts).toBe(1);
});

test('#41 another visitor takes the place of the first without a sign-out: nothing of the first stays', async ({
  context,
  site,
}) => {
  const markup = sharedMap.replace('></secure-map>', ' controls="account"></secure-map>');
  const tabs = await openTabs(context, site, markup);
  const [first, second] = tabs;
  if (!first || !second) throw new Error('no tabs');
  for (const {tag} of tabs) await expectIdle(tag);
  const ben = await visitOfBen(context, first.page.url());
  expect(await picture(second.tag)).not.toBe(ben.picture);
  // The session of Ben, as a tab that says nothing would leave it.
  await first.page.evaluate(
    ([[name, record] = ['', '']]) => {
      const next: {version: number} = JSON.parse(record);
      const last: {version: number} = JSON.parse(localStorage.getItem(name) ?? '{}');
      localStorage.setItem(name, JSON.stringify({...next, version: last.version + 1}));
    },
    [...ben.kept],
  );
  await second.page.bringToFront();
  await second.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(accountOf(second.tag)).toContainText('Ben Okafor');
  await expect.poll(() => picture(second.tag)).toBe(ben.picture);
  const errors = await eventsOf(second.page, 'layer-error');
  expect(errors.map(({layerId, kind}) => `${String(layerId)} ${String(kind)}`)).toContain('boundaries forbidden');
});
