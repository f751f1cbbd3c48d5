import type {SecureMap} from '../../src/secure-map.js';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {
  drawnOn,
  expectIdle,
  expectMap,
  expectState,
  openLayers,
  pan,
  signInButton,
  stateOf,
  tagOf,
} from './support/tag.js';
import {clientToken, signInByPopup} from './support/visitor.js';

test('moved in the document: session, layers and pixels stay, and nothing is asked for again', async ({page, site}) => {
  const {demo} = site;
  await page.goto(
    await site.page(`<div id="a"><secure-map config="{{map}}/config/world.json" authority="{{issuer}}"
        client-id="map-viewer" scope="openid profile"></secure-map></div><div id="b"></div>`),
  );
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  await openLayers(tag);
  await tag.getByLabel('Boundaries').uncheck();
  await pan(tag, 0.25);
  await expectMap(tag);
  await expectIdle(tag);
  const before = await drawnOn(tag);
  const {requests, preflights} = demo.map.counts;
  const {tokenRequests} = demo.signIn.counts;
  const {length} = await eventsOf(page);

  await tag.evaluate(async (element) => {
    document.querySelector('#b')?.append(element);
    // Two frames: one to lay out, one to draw.
    for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  expect(await drawnOn(tag)).toEqual(before);
  await expectIdle(tag);
  expect(await stateOf(tag)).toBe('authenticated');
  await expect(tag.getByLabel('Boundaries')).not.toBeChecked();
  expect(demo.map.counts).toMatchObject({requests, preflights});
  expect(demo.signIn.counts.tokenRequests).toBe(tokenRequests);
  const since = (await eventsOf(page)).slice(length).map(({type}) => type);
  expect(since.filter((type) => type !== 'view-change')).toEqual([]);

  await pan(tag, 1);
  await expectMap(tag);
});

test('taken out and put in again later: the visitor is still signed in', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await tag.evaluate(async (element) => {
    const parent = element.parentElement;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    parent?.append(element);
  });
  await expectState(tag, 'authenticated');
  await expectMap(tag);
  expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1});
});

test('removed during the sign-in: the window closes, the promise ends, nothing is thrown', async ({page, demo}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await expect(signInButton(tag)).toBeVisible();
  const opened = page.waitForEvent('popup');
  const outcome = page.evaluate(async () => {
    const element = document.querySelector('secure-map');
    Object.assign(window, {element});
    return element?.login().then(
      () => 'signed in',
      (error: unknown) => String(Reflect.get(Object(error), 'code')),
    );
  });
  const popup = await opened;
  await expect(popup.getByLabel('User name')).toBeVisible();
  const closed = popup.waitForEvent('close');
  await tag.evaluate((element) => element.remove());
  await closed;
  expect(await outcome).toBe('login-cancelled');
  expect(demo.signIn.counts.tokenRequests).toBe(0);

  // Put in again it starts from where it was.
  await page.evaluate(() => {
    const element: unknown = Reflect.get(window, 'element');
    if (element instanceof Element) document.body.prepend(element);
  });
  await expectState(tag, 'anonymous');
  await signInByPopup(page, tag);
  await expectMap(tag);
});

test('removed while its token is on its way: the late answer changes nothing', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page(`<secure-map allowed-origins="{{map}}"></secure-map>`));
  const tag = tagOf(page);
  const token = await clientToken(demo);
  await tag.evaluate((element: HTMLElementTagNameMap['secure-map'], config) => {
    const {promise, resolve} = Promise.withResolvers<string>();
    Object.assign(window, {answer: resolve, asked: 0});
    Object.assign(element, {
      getToken: () => {
        Object.assign(window, {asked: 1});
        return promise;
      },
      config,
    });
  }, `${demo.mapUrl}/config/world.json`);
  await expect.poll(() => page.evaluate(() => Number(Reflect.get(window, 'asked')))).toBe(1);
  await tag.evaluate((element) => element.remove());
  await page.evaluate(async (value) => {
    const answer: unknown = Reflect.get(window, 'answer');
    if (typeof answer === 'function') answer(value);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve));
  }, token);
  expect(demo.map.counts).toMatchObject({requests: 0, preflights: 0});
});

test('created 50 times: nothing is thrown, and the last one works', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page('<div id="a"></div>'));
  await page.evaluate(async (url) => {
    await customElements.whenDefined('secure-map');
    const make = (): HTMLElement => {
      const element = document.createElement('secure-map');
      element.setAttribute('config', `${url}/config/world.json`);
      element.setAttribute('token-url', '/site/token');
      return element;
    };
    for (let count = 0; count < 50; count += 1) {
      const element = make();
      document.body.append(element);
      // Some are gone before they were drawn, some after.
      if (count % 2 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
      element.remove();
    }
    document.body.append(make());
  }, demo.mapUrl);
  const tag = tagOf(page);
  await expect(page.locator('secure-map')).toHaveCount(1);
  await expectMap(tag);
  await expectIdle(tag);
  expect(await eventsOf(page, 'secure-map-error')).toEqual([]);
  expect(demo.log.entries.filter(({path}) => path === '/site/token')).toHaveLength(1);
});

test('50 at once: one sign-in, one token, every one has its map', async ({page, site}) => {
  const {demo} = site;
  await page.goto(await site.page('<div id="a"></div>'));
  await page.evaluate(async (url) => {
    await customElements.whenDefined('secure-map');
    for (let count = 0; count < 50; count += 1) {
      const element = document.createElement('secure-map');
      element.setAttribute('layers', JSON.stringify([{type: 'xyz', url: `${url}/tiles/{z}/{x}/{y}.png`}]));
      element.setAttribute('allowed-origins', url);
      element.setAttribute('token-url', '/site/token');
      document.body.append(element);
    }
  }, demo.mapUrl);
  await expect(page.locator('secure-map [aria-busy=false]')).toHaveCount(50);
  await expectMap(page.locator('secure-map').last());
  expect(demo.log.entries.filter(({path}) => path === '/site/token')).toHaveLength(1);
  expect(demo.map.counts.unauthorized).toBe(0);
});

test('a box drawn with Shift is what the map then shows', async ({page, site}) => {
  await page.goto(await site.page('<secure-map center="0,0" zoom="2" controls="none"></secure-map>'));
  const tag = tagOf(page);
  const {x, y, width, height} = (await tag.boundingBox()) ?? {x: 0, y: 0, width: 0, height: 0};
  await tag.evaluate((element: SecureMap) => element.ready);
  await page.keyboard.down('Shift');
  await page.mouse.move(x + width * 0.5, y + height * 0.25);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.75, y + height * 0.5, {steps: 4});
  const moved = tag.evaluate(
    (element: SecureMap) =>
      new Promise<readonly number[]>((resolve) => {
        element.addEventListener('view-change', ({center, zoom}) => resolve([...center, zoom]), {once: true});
      }),
  );
  await page.mouse.up();
  await page.keyboard.up('Shift');
  const [lon = NaN, lat = NaN, zoom = NaN] = await moved;
  expect(zoom).toBeGreaterThan(2.5);
  // North-east of where it looked.
  expect(lon).toBeGreaterThan(0);
  expect(lat).toBeGreaterThan(0);
});
