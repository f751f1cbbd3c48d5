import type {Page} from '@playwright/test';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {
  accountOf,
  drawnOn,
  expectIdle,
  expectMap,
  expectNoMap,
  expectState,
  messageOf,
  pan,
  signInButton,
  signOutButton,
  stateOf,
  tagOf,
  viewOf,
  openLayers,
} from './support/tag.js';
import {fillLogin, openPopup, signInByPopup, signInByRedirect} from './support/visitor.js';

/** Every address that the Back and Forward buttons of this tab lead to. */
const historyOf = async (page: Page): Promise<string[]> => {
  const session = await page.context().newCDPSession(page);
  const {entries} = await session.send('Page.getNavigationHistory');
  await session.detach();
  return entries.map(({url}) => url);
};

const parameters = (url: string): string[] => [...new URL(url).searchParams.keys()];

test.describe('by popup', () => {
  test('the map is drawn and the visitor is named', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await expectNoMap(tag);
    await expect(messageOf(tag)).toContainText('Sign in to see this map');
    expect(await stateOf(tag)).toBe('anonymous');

    await signInByPopup(page, tag);
    await expect(accountOf(tag)).toContainText('Anna Berg');
    await expect(messageOf(tag)).toHaveText('');
    await expectMap(tag);

    const states = await eventsOf(page, 'auth-state-change');
    expect(states.map(({previous, state}) => `${String(previous)} → ${String(state)}`).at(-1)).toBe(
      'authenticating → authenticated',
    );
    expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1, refreshes: 0, errors: 0});
    expect(demo.map.counts).toMatchObject({unauthorized: 0, forbidden: 0, otherwise: 0});
  });

  test('by the button of the message as well', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const popup = await openPopup(page, messageOf(tag).getByRole('button', {name: 'Sign in'}));
    await expect(messageOf(tag)).toContainText('Go on in the window that has opened');
    await fillLogin(popup, 'anna');
    await expectState(tag, 'authenticated');
    await expectMap(tag);
  });

  test('the page itself may be the return page', async ({page, site}) => {
    const path = 'demo/redirect-here.html';
    await page.goto(`${site.demo.pageUrl}${path}`);
    const tag = tagOf(page);
    await tag.evaluate((element) => element.setAttribute('login', 'popup'));
    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('a wrong password is not the end', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const popup = await openPopup(page, signInButton(tag));
    await popup.getByLabel('User name').fill('anna');
    await popup.getByLabel('Password').fill('wrong');
    await popup.getByRole('button', {name: 'Sign in'}).click();
    await expect(popup.getByRole('alert')).toBeVisible();
    await fillLogin(popup, 'anna');
    await expectState(tag, 'authenticated');
  });

  test('login() resolves when the visitor is signed in, and a second call shares the first', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const opened = page.waitForEvent('popup');
    const done = tag.evaluate(async (element: HTMLElementTagNameMap['secure-map']) => {
      await Promise.all([element.login(), element.login()]);
      return element.authState;
    });
    await fillLogin(await opened, 'anna');
    expect(await done).toBe('authenticated');
    expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1});
  });
});

test.describe('not signed in after all', () => {
  /** Calls `login()` and tells how it ended. */
  const outcomeOf = (page: Page): Promise<{code: string; state: string}> =>
    tagOf(page).evaluate(async (element: HTMLElementTagNameMap['secure-map']) => {
      const code = await element.login().then(
        () => 'signed in',
        (error: unknown) => String(Reflect.get(Object(error), 'code')),
      );
      return {code, state: element.authState};
    });

  test('the visitor closes the window', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const opened = page.waitForEvent('popup');
    const outcome = outcomeOf(page);
    const popup = await opened;
    await expect(popup.getByLabel('User name')).toBeVisible();
    await expect(messageOf(tag).getByRole('button', {name: 'Cancel'})).toBeVisible();
    await popup.close();
    const closedAt = Date.now();
    expect(await outcome).toEqual({code: 'login-cancelled', state: 'anonymous'});
    expect(Date.now() - closedAt).toBeLessThan(3000);
    await expect(messageOf(tag)).toContainText('The sign-in was closed before it was finished');
    expect(demo.signIn.counts.tokenRequests).toBe(0);

    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('the visitor presses Cancel on the map', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const opened = page.waitForEvent('popup');
    const outcome = outcomeOf(page);
    const popup = await opened;
    const closed = popup.waitForEvent('close');
    await messageOf(tag).getByRole('button', {name: 'Cancel'}).click();
    expect(await outcome).toEqual({code: 'login-cancelled', state: 'anonymous'});
    await closed;
  });

  test('the provider refuses', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    const opened = page.waitForEvent('popup');
    const outcome = outcomeOf(page);
    await (await opened).getByRole('button', {name: 'Cancel'}).click();
    expect(await outcome).toEqual({code: 'login-refused', state: 'anonymous'});
    await expect(messageOf(tag)).toContainText('The sign-in was refused');
    expect(demo.signIn.counts.tokenRequests).toBe(0);
    await expectNoMap(tag);
  });

  test('the provider refuses a sign-in by redirect', async ({page, demo}) => {
    const url = `${demo.pageUrl}demo/redirect.html?town=delft`;
    await page.goto(url);
    const tag = tagOf(page);
    await signInButton(tag).click();
    await expect(page.getByLabel('User name')).toBeVisible();
    await page.getByRole('button', {name: 'Cancel'}).click();
    await expect(messageOf(tag)).toContainText('The sign-in was refused');
    expect(page.url()).toBe(url);
    expect(await stateOf(tag)).toBe('anonymous');
    const errors = await eventsOf(page, 'secure-map-error');
    expect(errors).toMatchObject([{error: {code: 'login-refused', reason: 'access_denied'}}]);
    expect(demo.signIn.counts.tokenRequests).toBe(0);
  });

  test('the provider does not answer', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    demo.signIn.setFault(({path}) => (path.startsWith('/.well-known/') ? {status: 500} : undefined));
    expect(await outcomeOf(page)).toEqual({code: 'provider-unreachable', state: 'anonymous'});
    await expect(messageOf(tag)).toContainText('The sign-in service does not answer');

    demo.signIn.setFault(null);
    await signInByPopup(page, tag);
    await expectMap(tag);
  });

  test('the browser blocks the window: a button, then the whole page', async ({page, demo}) => {
    await page.addInitScript(() => (window.open = () => null));
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInButton(tag).click();
    await expect(messageOf(tag)).toContainText('The sign-in window was blocked');
    expect(await stateOf(tag)).toBe('anonymous');
    await expect(messageOf(tag).getByRole('button', {name: 'Sign in'})).toBeVisible();
    expect(demo.signIn.counts.authorize).toBe(0);

    await messageOf(tag).getByRole('button', {name: 'Sign in'}).click();
    await fillLogin(page, 'anna');
    await expectState(tag, 'authenticated');
    expect(page.url()).toBe(demo.pageUrl);
    await expectMap(tag);
  });
});

test.describe('by redirect', () => {
  test('two maps that each ask at once for a sign-in of their own do not send the visitor in circles', async ({
    page,
    site,
    demo,
  }) => {
    const map = (scope: string): string => `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}"
      client-id="map-viewer" scope="${scope}" login="redirect" login-required></secure-map>`;
    await page.goto(await site.page(map('openid profile') + map('openid')));
    await fillLogin(page, 'anna');
    const [first, second] = [page.locator('secure-map').nth(0), page.locator('secure-map').nth(1)];
    // Each has left once. What the first one got is gone with the page: from here on it waits for the visitor.
    await expect(signOutButton(second)).toBeVisible();
    await expectMap(second);
    await expect(messageOf(first)).toContainText('Sign in to see this map');
    expect(await stateOf(first)).toBe('anonymous');
    expect(demo.signIn.counts.authorize).toBe(2);

    await signInButton(first).click();
    await expect(signOutButton(first)).toBeVisible();
    await expectMap(first);
    await expect(messageOf(second)).toContainText('Sign in to see this map');
    expect(demo.signIn.counts.authorize).toBe(3);
  });

  test('two maps whose credentials outlast the page both sign in by themselves', async ({page, site, demo}) => {
    const map = (scope: string): string => `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}"
      client-id="map-viewer" scope="${scope}" token-storage="session" login="redirect" login-required></secure-map>`;
    await page.goto(await site.page(map('openid profile') + map('openid')));
    await fillLogin(page, 'anna');
    for (const index of [1, 0]) await expect(signOutButton(page.locator('secure-map').nth(index))).toBeVisible();
    for (const index of [1, 0]) await expectMap(page.locator('secure-map').nth(index));
    expect(demo.signIn.counts.authorize).toBe(2);
  });

  test('a map does not take the page away from another whose sign-in is being finished', async ({page, site, demo}) => {
    const map = (scope: string): string => `<secure-map config="{{map}}/config/world.json" authority="{{issuer}}"
      client-id="map-viewer" scope="${scope}" token-storage="session" login="redirect" login-required></secure-map>`;
    demo.signIn.setFault(({path}) => (path === '/token' ? {delayMs: 1500} : undefined));
    await page.goto(await site.page(map('openid profile') + map('openid')));
    await fillLogin(page, 'anna');
    for (const index of [1, 0]) await expect(signOutButton(page.locator('secure-map').nth(index))).toBeVisible();
    expect(demo.signIn.counts).toMatchObject({authorize: 2, codeExchanges: 2, errors: 0});
  });

  test('a map leaves for the identity that is missing, though it has another', async ({page, site, demo}) => {
    await page.goto(
      await site.page(`<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
        login="redirect" login-required
        credentials='[{"id": "site", "origins": ["{{map}}/elsewhere/"], "tokenUrl": "/site/token"}]'></secure-map>`),
    );
    await fillLogin(page, 'anna');
    await expectMap(tagOf(page));
    expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1});
  });

  test('one map that asks at once does so at each load of the page', async ({page, site, demo}) => {
    await page.goto(
      await site.page(`<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
        login="redirect" login-required></secure-map>`),
    );
    await fillLogin(page, 'anna');
    await expectMap(tagOf(page));
    await page.reload();
    await expect.poll(() => demo.signIn.counts.codeExchanges).toBe(2);
    await expect(signOutButton(tagOf(page))).toBeVisible();
    await expectMap(tagOf(page));
    expect(demo.signIn.counts.authorize).toBe(2);
  });

  test('back to the very same address, with nothing of the answer in it or behind it', async ({page, demo}) => {
    const url = `${demo.pageUrl}demo/redirect.html?code=delft&state=open&q=a+b%2fc#/layers?code=1&state=2`;
    await page.goto(url);
    const tag = tagOf(page);
    await expect(signInButton(tag)).toBeVisible();
    expect(page.url()).toBe(url);

    await signInByRedirect(page, tag);
    expect(page.url()).toBe(url);
    await expect(accountOf(tag)).toContainText('Anna Berg');
    await expectMap(tag);
    expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1, errors: 0});

    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(frame.url()));
    const entries = await historyOf(page);
    const behind = entries.filter((entry) => entry !== url);
    expect(behind.filter((entry) => parameters(entry).some((name) => ['code', 'state', 'iss'].includes(name)))).toEqual(
      [],
    );
    expect(behind.filter((entry) => entry.includes('callback.html'))).toEqual([]);

    await page.goBack();
    await page.goForward();
    expect(page.url()).toBe(url);
    expect(visited.filter((address) => address !== url && parameters(address).includes('code'))).toEqual([]);
  });

  test('the page itself may be the return page', async ({page, demo}) => {
    const url = `${demo.pageUrl}demo/redirect-here.html`;
    await page.goto(url);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    expect(page.url()).toBe(url);
    await expectMap(tag);
    expect((await historyOf(page)).filter((entry) => parameters(entry).includes('code'))).toEqual([]);
    const stored = await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key !== 'own'));
    expect(stored).toEqual([]);
  });

  test('an answer that nobody here asked for is left alone', async ({page, demo}) => {
    for (const path of ['redirect-here.html', 'redirect.html']) {
      const url = `${demo.pageUrl}demo/${path}?code=anything&state=anything&iss=${encodeURIComponent(demo.issuer)}`;
      await page.goto(url);
      const tag = tagOf(page);
      await expect(messageOf(tag)).toContainText('Sign in to see this map');
      expect(page.url()).toBe(url);
      expect(await stateOf(tag)).toBe('anonymous');
    }
    expect(demo.signIn.counts.tokenRequests).toBe(0);
  });

  test('an answer is worth nothing a second time', async ({page, demo}) => {
    const answers: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/callback.html') answers.push(request.url());
    });
    await page.goto(`${demo.pageUrl}demo/redirect.html`);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    expect(answers).toHaveLength(1);
    await page.goto(answers[0] ?? '');
    await expect.poll(() => page.url()).toBe(`${demo.pageUrl}callback.html`);
    await page.goto(`${demo.pageUrl}demo/redirect.html`);
    await expect(messageOf(tag)).toContainText('Sign in to see this map');
    expect(demo.signIn.counts.tokenRequests).toBe(1);
  });

  test('the view and the visible layers are as they were', async ({page, demo}) => {
    await page.goto(`${demo.pageUrl}demo/redirect.html`);
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    await expectMap(tag);
    await openLayers(tag);
    await tag.getByLabel('Countries').check();
    await tag.getByLabel('Boundaries').uncheck();
    await pan(tag, 0.5, 0.25);
    await tag.getByRole('button', {name: 'Zoom in'}).click();
    await expect.poll(async () => (await viewOf(tag)).zoom).toBe(5);
    const before = await viewOf(tag);

    demo.signIn.revokeAll();
    await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.refresh().catch(() => undefined));
    await expectState(tag, 'expired');
    await signInByRedirect(page, tag);
    await expectMap(tag);
    expect(await viewOf(tag)).toEqual(before);
    await openLayers(tag);
    await expect(tag.getByLabel('Countries')).toBeChecked();
    await expect(tag.getByLabel('Boundaries')).not.toBeChecked();
    await expect(tag.getByLabel('Cities')).toBeChecked();

    await expect(tag.getByRole('checkbox', {name: 'World'})).toBeChecked();

    // What was put back once does not hold the map for ever.
    await tag.evaluate((element) => element.setAttribute('center', '4.9,52.37'));
    await expect.poll(async () => (await viewOf(tag)).center).toEqual([545_466, 6_867_305]);
  });

  test('a view that neither the page nor a config named is put back, too', async ({page, site}) => {
    await page.goto(
      await site.page(`<secure-map layers='[{"type": "xyz", "url": "{{map}}/tiles/{z}/{x}/{y}.png"}]' login="redirect"
        allowed-origins="{{map}}" authority="{{issuer}}" client-id="map-viewer"></secure-map>`),
    );
    const tag = tagOf(page);
    await pan(tag, 0.5, 0.25);
    const before = await viewOf(tag);
    await signInByRedirect(page, tag);
    expect(await viewOf(tag)).toEqual(before);
    await expectMap(tag);
  });
});

test.describe('sign out', () => {
  test('tiles are gone, the grant is revoked, the button is back', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);

    await signOutButton(tag).click();
    await expectNoMap(tag);
    expect(await stateOf(tag)).toBe('signed-out');
    await expect(messageOf(tag)).toContainText('You are signed out');
    await expect(signInButton(tag)).toBeVisible();
    await expect(accountOf(tag)).not.toContainText('Anna');
    await expect.poll(() => demo.signIn.counts.grantsRevoked).toBe(1);
    expect(demo.signIn.counts).toMatchObject({revocations: 1, logouts: 0, errors: 0});
    expect(await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.user)).toBeUndefined();
    const {requests} = demo.map.counts;
    await pan(tag, 1);
    await expectIdle(tag);
    expect(demo.map.counts.requests).toBe(requests);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
  });

  test('works without a network', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    demo.signIn.setOffline(true);
    await signOutButton(tag).click();
    await expectNoMap(tag);
    expect(await stateOf(tag)).toBe('signed-out');
  });

  test('everywhere, and somebody else afterwards', async ({page, site}) => {
    const {demo} = site;
    await page.goto(
      await site.page(`<secure-map config="{{map}}/config/world.json" authority="{{issuer}}" client-id="map-viewer"
        scope="openid profile" post-logout-redirect-uri="{{page}}/callback.html"></secure-map>`),
    );
    const tag = tagOf(page);
    await signInByPopup(page, tag, 'anna');
    await expectMap(tag);

    const popup = await openPopup(page, signOutButton(tag));
    const closed = popup.waitForEvent('close');
    await expectNoMap(tag);
    await popup.getByRole('button', {name: 'Sign out'}).click();
    await closed;
    expect(demo.signIn.counts).toMatchObject({logouts: 1, revocations: 1});

    await signInByPopup(page, tag, 'ben');
    await expect(accountOf(tag)).toContainText('Ben Okafor');
    await expectMap(tag);
    // What only Anna may see is refused to Ben, and is not shown from before.
    await expect(messageOf(tag)).toContainText('You may not see: Boundaries');
    const errors = await eventsOf(page, 'layer-error');
    expect(
      new Set(errors.map(({layerId, kind, status}) => `${String(layerId)} ${String(kind)} ${String(status)}`)),
    ).toEqual(new Set(['boundaries forbidden 403']));
    expect((await drawnOn(tag)).opaque).toBe(1);
  });

  test('somebody who may see nothing is told so', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag, 'carla');
    await expect(accountOf(tag)).toContainText('Carla Ruiz');
    await expect(messageOf(tag)).toContainText('does not allow this visitor to see it');
    expect(await eventsOf(page, 'secure-map-error')).toMatchObject([
      {error: {code: 'config-unavailable', reason: 'forbidden'}},
    ]);
    expect(demo.map.counts).toMatchObject({requests: 1, forbidden: 1});
    expect(demo.signIn.counts.refreshes).toBe(0);
    await expectNoMap(tag);
  });
});
