import type {Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {heldBy, keepBooks} from './support/books.js';
import {expectIdle, expectMap, openLayers, pan, signInButton, tagOf} from './support/tag.js';
import {openPopup, signInByPopup} from './support/visitor.js';

/** Takes the map out of the page and forgets it. */
const removeMap = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.querySelector('secure-map')?.remove();
  });

const map = `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
  scope="openid profile"></secure-map>`;

test.beforeEach(async ({page}) => {
  await page.addInitScript(keepBooks);
});

test('the books are right', async ({page, site}) => {
  await page.goto(await site.page('<p>Nothing</p>'));
  const before = await heldBy(page);
  const [during, after] = await page.evaluate(async () => {
    const held: unknown = Reflect.get(window, 'held');
    const look = (): unknown => (typeof held === 'function' ? held() : undefined);
    const stop = new AbortController();
    const listener = (): void => undefined;
    addEventListener('online', listener);
    addEventListener('online', listener);
    document.addEventListener('resume', listener, {signal: stop.signal});
    const timer = setTimeout(listener, 9000);
    const interval = setInterval(listener, 9000);
    const canvas = new OffscreenCanvas(1, 1);
    canvas.getContext('2d');
    const bitmap = await createImageBitmap(await canvas.convertToBlob());
    const channel = new BroadcastChannel('a');
    const observer = new ResizeObserver(listener);
    observer.observe(document.body);
    const open = look();
    removeEventListener('online', listener);
    stop.abort();
    clearTimeout(timer);
    clearInterval(interval);
    bitmap.close();
    channel.close();
    observer.disconnect();
    return [open, look()] as const;
  });
  expect(during).toEqual({
    ...before,
    timers: ['9000 ms'],
    intervals: 1,
    listeners: [...before.listeners, 'document resume × 1', 'window online × 1'].toSorted(),
    bitmaps: 1,
    channels: 1,
    observers: 1,
  });
  expect(after).toEqual(before);
});

test('a removed map leaves nothing behind', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page('<p id="place">Place</p>'));
  await page.evaluate(() => customElements.whenDefined('secure-map').then(() => undefined));
  // The first look at an element brings listeners of the test's own.
  await page.locator('#place').evaluate(() => undefined);
  const before = await heldBy(page);
  expect(before).toMatchObject({timers: [], intervals: 0, frames: 0, bitmaps: 0, channels: 0, observers: 0});

  await page.evaluate(
    ({mapUrl, issuer}) => {
      const element = document.createElement('secure-map');
      const attributes = {config: `${mapUrl}/config/world.json`, authority: issuer, 'client-id': 'map-viewer'};
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.querySelector('#place')?.append(element);
    },
    {mapUrl: demo.mapUrl, issuer: demo.issuer},
  );
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await openLayers(tag);
  await tag.getByLabel('Countries').check();
  await pan(tag, 0.5);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.expireTokens();
  await pan(tag, 0.5);
  await expectMap(tag);
  const during = await heldBy(page);
  expect(during.bitmaps).toBeGreaterThan(10);
  expect(during.listeners.length).toBeGreaterThan(before.listeners.length);
  expect(during.timers.length).toBeGreaterThan(0);

  await removeMap(page);
  // The visitor is still signed in, and the session must hear of a sign-out in another tab.
  const after = {...before, channels: 1};
  await expect.poll(() => heldBy(page)).toEqual(after);
  const {requests} = demo.map.counts;
  const {tokenRequests} = demo.signIn.counts;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  expect(await heldBy(page)).toEqual(after);
  expect(demo.map.counts.requests).toBe(requests);
  expect(demo.signIn.counts.tokenRequests).toBe(tokenRequests);
});

test('what is under way is taken off the wire', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page(map));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.resetCounts();
  let hanging = 0;
  demo.map.setFault(({preflight}) => {
    if (preflight) return undefined;
    hanging += 1;
    return {hang: true};
  });
  await pan(tag, 2);
  // Browsers open six connections to a server.
  await expect.poll(() => hanging).toBe(6);
  await removeMap(page);
  // A few more may slip out while the browser takes them back one by one; each of them is taken back.
  await expect.poll(() => demo.map.counts.aborted - hanging).toBeGreaterThanOrEqual(0);
  await expect.poll(() => heldBy(page)).toMatchObject({timers: [], bitmaps: 0});
  expect(hanging).toBeLessThanOrEqual(16);
});

test('tiles that are not wanted any more are taken off the wire', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page(map));
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  let hanging = 0;
  demo.map.setFault(({preflight, kind}) => {
    if (preflight || (kind !== 'xyz' && kind !== 'wms')) return undefined;
    hanging += 1;
    return {hang: true};
  });
  await pan(tag, 2);
  await expect.poll(() => hanging).toBe(6);
  demo.map.setFault(null);
  const {aborted} = demo.map.counts;
  await pan(tag, -2);
  await expect.poll(() => demo.map.counts.aborted - aborted).toBeGreaterThanOrEqual(6);
  await expectMap(tag);
  await expectIdle(tag);
});

test('a map that is removed before it is there leaves nothing of itself', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page('<p id="place">Place</p>'));
  await page.evaluate(() => customElements.whenDefined('secure-map').then(() => undefined));
  // The first look at an element brings listeners of the test's own.
  await page.locator('#place').evaluate(() => undefined);
  const before = await heldBy(page);
  demo.map.setFault(({kind, preflight}) => (kind === 'config' && !preflight ? {hang: true} : undefined));
  await page.evaluate((url) => {
    const element = document.createElement('secure-map');
    element.setAttribute('config', `${url}/config/world.json`);
    element.setAttribute('token-url', '/site/token');
    document.querySelector('#place')?.append(element);
  }, demo.mapUrl);
  await expect.poll(() => demo.map.counts.byPath.config).toBe(1);
  await removeMap(page);
  await expect.poll(() => demo.map.counts.aborted).toBe(1);
  // The session is there already, and must hear of a sign-out in another tab.
  await expect.poll(() => heldBy(page)).toEqual({...before, channels: 1});
});

test('a map that is removed during the sign-in closes its window and its channels', async ({page, site}) => {
  await page.goto(await site.page('<p id="place">Place</p>'));
  await page.evaluate(() => customElements.whenDefined('secure-map').then(() => undefined));
  // The first look at an element brings listeners of the test's own.
  await page.locator('#place').evaluate(() => undefined);
  const before = await heldBy(page);
  await page.evaluate(
    ({mapUrl, issuer}) => {
      const element = document.createElement('secure-map');
      const attributes = {config: `${mapUrl}/config/world.json`, authority: issuer, 'client-id': 'map-viewer'};
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.querySelector('#place')?.append(element);
    },
    {mapUrl: site.demo.mapUrl, issuer: site.demo.issuer},
  );
  const popup = await openPopup(page, signInButton(tagOf(page)));
  const closed = popup.waitForEvent('close');
  await expect(popup.getByLabel('User name')).toBeVisible();
  expect((await heldBy(page)).channels).toBeGreaterThan(0);
  await removeMap(page);
  await closed;
  await expect.poll(() => heldBy(page)).toEqual(before);
});

test('maps that come and go do not make the page grow', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page('<p id="place">Place</p>'));
  await page.evaluate(() => customElements.whenDefined('secure-map').then(() => undefined));
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  const used = async (): Promise<{heap: number; nodes: number; listeners: number}> => {
    await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.collectGarbage');
    const {usedSize} = await session.send('Runtime.getHeapUsage');
    const {nodes, jsEventListeners} = await session.send('Memory.getDOMCounters');
    return {heap: usedSize, nodes, listeners: jsEventListeners};
  };
  const comeAndGo = (times: number): Promise<void> =>
    page.evaluate(
      async ({url, count}) => {
        for (let round = 0; round < count; round += 1) {
          const element = document.createElement('secure-map');
          element.setAttribute(
            'layers',
            JSON.stringify([
              {type: 'xyz', url: `${url}/tiles/{z}/{x}/{y}.png`},
              {type: 'geojson', url: `${url}/features/cities.geojson`},
            ]),
          );
          element.setAttribute('allowed-origins', url);
          element.setAttribute('token-url', '/site/token');
          document.querySelector('#place')?.append(element);
          await new Promise((resolve) => element.addEventListener('layer-load-end', resolve, {once: true}));
          element.remove();
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        // Not part of what is measured.
        window.recordedEvents.length = 0;
      },
      {url: demo.mapUrl, count: times},
    );

  await comeAndGo(10);
  const early = await used();
  await comeAndGo(40);
  const late = await used();
  const growth = (late.heap - early.heap) / 1024;
  console.log(
    `after 10 maps ${Math.round(early.heap / 1024)} kB, ${early.nodes} nodes, ${early.listeners} listeners; `
      + `after 50 ${Math.round(late.heap / 1024)} kB, ${late.nodes} nodes, ${late.listeners} listeners`,
  );
  // One map that stayed would weigh some 300 kB; forty of them twelve megabytes.
  expect(growth).toBeLessThan(800);
  expect(late.nodes - early.nodes).toBeLessThan(40);
  expect(late.listeners - early.listeners).toBeLessThan(20);
  expect((await heldBy(page)).bitmaps).toBe(0);
});
