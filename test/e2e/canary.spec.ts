import type {Locator, Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {findIn, placesOf} from './support/scan.js';
import {listenForSecrets} from './support/secrets.js';
import type {Secrets} from './support/secrets.js';
import {
  expectIdle,
  expectMap,
  expectNoMap,
  expectState,
  messageOf,
  pan,
  signOutButton,
  tagOf,
  openLayers,
} from './support/tag.js';
import {clientToken, signInByPopup, signInByRedirect} from './support/visitor.js';

/** Looks for everything that came by so far in every place that there is. */
const scan = async (page: Page, secrets: Secrets): Promise<string[]> => {
  await secrets.settled();
  return findIn(await placesOf(page, secrets.console), secrets.found);
};

/** Nothing but the code on its way to the return page and the state beside it, and those never with a token. */
const scanAddresses = ({found, addresses}: Secrets): string[] => {
  const {code = [], state = [], nonce = [], ...others} = found;
  const steps = (address: string): boolean => !/\/(?:callback\.html|auth|demo\/redirect-here\.html)\b/.test(address);
  return [
    ...addresses.flatMap((address) => findIn({[address]: address}, others)),
    ...addresses.filter(steps).flatMap((address) => findIn({[address]: address}, {code, state, nonce})),
  ];
};

/** What a method throws is recorded as what an event brings, so that the scan looks through it, too. */
const failToRefresh = (tag: Locator): Promise<void> =>
  tag.evaluate((element: HTMLElementTagNameMap['secure-map']) =>
    element.refresh().then(
      () => {
        throw new Error('It did not fail.');
      },
      (error: unknown) => void document.dispatchEvent(Object.assign(new Event('secure-map-error'), {error})),
    ),
  );

test('the scan finds what is there to be found', async ({page, context, demo}) => {
  const secrets = listenForSecrets(context, demo);
  await page.goto(demo.pageUrl);
  await page.evaluate(async () => {
    const canary = 'canary-in-the-page';
    document.body.append(canary);
    document.querySelector('secure-map')?.setAttribute('title', canary);
    document.querySelector('secure-map')?.shadowRoot?.append(canary);
    Object.assign(document.querySelector('secure-map') ?? {}, {left: {over: [canary]}});
    localStorage.setItem('a', canary);
    sessionStorage.setItem(canary, 'a');
    document.cookie = `a=${canary}`;
    history.pushState({canary}, '', `?${canary}`);
    window.name = canary;
    performance.mark(canary);
    await new Promise((resolve, reject) => {
      const request = indexedDB.open('a', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('b').add({c: canary}, 'd');
      request.onsuccess = () => resolve(request.result.close());
      request.onerror = reject;
    });
    const event = Object.assign(new Event('layer-error'), {error: new Error('a', {cause: new Error(canary)})});
    document.dispatchEvent(event);
    console.debug('a', {b: canary});
  });
  await secrets.settled();
  const places = await placesOf(page, secrets.console);
  const found = findIn(places, {canary: ['canary-in-the-page']});
  const expected = [
    'document',
    'element',
    'localStorage',
    'sessionStorage',
    'indexedDB',
    'cookies',
    'address',
    'history',
  ];
  expected.push('window name', 'performance', 'events', 'all cookies', 'navigation history', 'console');
  expect(found.toSorted()).toEqual(expected.map((place) => `${place}: canary`).toSorted());
});

test('popup: sign-in, use, expiry, trouble, end of the session, sign-out', async ({page, context, demo}) => {
  const secrets = listenForSecrets(context, demo);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  expect(await scan(page, secrets), 'after the sign-in').toEqual([]);
  for (const [name, values] of Object.entries(secrets.found)) expect(values, name).not.toEqual([]);
  expect(secrets.found['access token']).toHaveLength(1);

  await openLayers(tag);
  await tag.getByLabel('Countries').check();
  await tag.evaluate(async (element: HTMLElementTagNameMap['secure-map'], url) => {
    await element.fetch(`${url}/features/cities.geojson`);
    await element.refresh();
  }, demo.mapUrl);
  await expectIdle(tag);
  expect(secrets.found['access token']).toHaveLength(2);
  expect(await scan(page, secrets), 'in use').toEqual([]);

  demo.map.expireTokens();
  await pan(tag, 1);
  await expectMap(tag);
  expect(secrets.found['refresh token']).toHaveLength(3);
  expect(await scan(page, secrets), 'after the expiry').toEqual([]);

  // Errors of every kind, with all that hangs on them.
  demo.map.setFault(({kind, authorized}) => {
    if (kind === 'xyz' && authorized) return {status: 401};
    return kind === 'wms' && authorized ? {body: '<html>no</html>'} : undefined;
  });
  await pan(tag, 1);
  await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(1);
  demo.map.setFault(null);
  demo.signIn.setFault(({path}) => (path === '/token' ? {status: 500, body: 'broken'} : undefined));
  await failToRefresh(tag);
  const {length} = await eventsOf(page, 'secure-map-error');
  expect(length).toBeGreaterThan(1);
  expect(await scan(page, secrets), 'after trouble').toEqual([]);

  demo.signIn.setFault(null);
  demo.signIn.revokeAll();
  await failToRefresh(tag);
  await expectState(tag, 'expired');
  expect(await scan(page, secrets), 'after the session was ended').toEqual([]);

  await signInByPopup(page, tag);
  await expectMap(tag);
  await signOutButton(tag).click();
  await expectNoMap(tag);
  await expect.poll(() => demo.signIn.counts.revocations).toBe(1);
  expect(await scan(page, secrets), 'after the sign-out').toEqual([]);
  expect(scanAddresses(secrets)).toEqual([]);
});

for (const path of ['demo/redirect.html', 'demo/redirect-here.html']) {
  test(`redirect by ${path}: codes, verifiers and tokens are gone`, async ({page, context, demo}) => {
    const secrets = listenForSecrets(context, demo);
    const referrers: string[] = [];
    context.on('request', (request) => {
      // A page that is the return page itself asks its own site for scripts and styles before any script can clean up.
      const isOwn = new URL(request.url()).origin === new URL(demo.pageUrl).origin;
      if (!isOwn || !path.endsWith('here.html')) referrers.push(request.headers()['referer'] ?? '');
    });
    await page.goto(demo.pageUrl + path);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    await expectMap(tag);
    // The provider's own entry of the history has the request in it, which is no secret. And a page that is the return
    // page itself has the address that it was opened with, the used code in it, in its own performance entry for good.
    const known = ['navigation history: state', 'navigation history: nonce'];
    if (path.endsWith('here.html')) known.unshift('performance: code', 'performance: state');
    expect(await scan(page, secrets)).toEqual(known);
    for (const [name, values] of Object.entries(secrets.found)) expect(values, name).not.toEqual([]);
    expect(scanAddresses(secrets)).toEqual([]);
    expect(findIn({referrers: referrers.join('\n')}, secrets.found)).toEqual([]);

    await signOutButton(tag).click();
    await expectNoMap(tag);
    expect(await scan(page, secrets)).toEqual(known);
  });
}

for (const path of ['demo/token-url.html', 'demo/get-token.html', 'demo/given-token.html']) {
  test(`${path}: the token that the site gives is found nowhere`, async ({page, context, demo}) => {
    const secrets = listenForSecrets(context, demo);
    await page.goto(demo.pageUrl + path);
    const tag = tagOf(page);
    await expectMap(tag);
    demo.map.expireTokens();
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    expect(await scan(page, secrets)).toEqual([]);
    expect(secrets.found['access token']?.length).toBeGreaterThan(1);
    expect(scanAddresses(secrets)).toEqual([]);
  });
}

test('a token in the attribute is read once and removed', async ({page, context, site}) => {
  const {demo} = site;
  const secrets = listenForSecrets(context, demo);
  const token = await clientToken(demo);
  await page.goto(
    await site.page(
      `<secure-map config="{{map}}/config/world.json" token="${token}" allowed-origins="{{map}}"></secure-map>`,
    ),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await expect(tag).not.toHaveAttribute('token');
  expect(findIn(await placesOf(page, secrets.console), {token: [token]})).toEqual([]);

  // A token that is no good is not quoted by the error that says so.
  const wrong = 'canary-with a-space';
  await tag.evaluate((element, value) => element.setAttribute('token', value), wrong);
  await expect(messageOf(tag)).toContainText('the token has a space or line break in it');
  await expect(tag).not.toHaveAttribute('token');
  expect(findIn(await placesOf(page, secrets.console), {wrong: [wrong], token: [token]})).toEqual([]);
});
