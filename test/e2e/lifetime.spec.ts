import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {
  drawnOn,
  expectIdle,
  expectMap,
  expectState,
  messageOf,
  pan,
  signInButton,
  stateOf,
  tagOf,
  viewOf,
} from './support/tag.js';
import {expireFirstToken, fillLogin, openPopup, signInByPopup} from './support/visitor.js';

/** Without a config: tiles are the first thing that needs the token. A map asks for 16 at a time. */
const layers = `layers='[{"type": "xyz", "id": "world", "url": "{{map}}/tiles/{z}/{x}/{y}.png"},
  {"type": "wms", "id": "boundaries", "url": "{{map}}/wms", "layers": "boundaries"}]'`;
const view = `center="10,50" zoom="4" allowed-origins="{{map}}"`;
const oidc = `authority="{{issuer}}" client-id="map-viewer" scope="openid profile"`;

test.describe('an expired token', () => {
  test('at the start: 16 refusals at most, one refresh, every tile', async ({page, site}) => {
    const {demo} = site;
    await page.goto(await site.page(`<secure-map ${layers} ${view} ${oidc}></secure-map>`));
    const tag = tagOf(page);
    await expectIdle(tag);
    expireFirstToken(demo, 'sign-in', '/token');
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);

    const {unauthorized, ok, requests} = demo.map.counts;
    const {refreshes} = demo.signIn.counts;
    console.log(`expired at the start: ${unauthorized} × 401, ${refreshes} refresh, ${ok} × 200`);
    expect(unauthorized).toBeGreaterThan(0);
    expect(unauthorized).toBeLessThanOrEqual(16);
    expect(requests).toBe(ok + unauthorized);
    expect(demo.signIn.counts).toMatchObject({refreshes: 1, codeExchanges: 1, tokenRequests: 2, grantsRevoked: 0});
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
    expect(await eventsOf(page, 'token-refreshed')).toHaveLength(1);
  });

  test('at the start, from a token URL: it is asked once more, with the reason', async ({page, site}) => {
    const {demo} = site;
    const asked: string[] = [];
    page.on('request', (request) => {
      const {pathname, search} = new URL(request.url());
      if (pathname === '/site/token') asked.push(search);
    });
    expireFirstToken(demo, 'page', '/site/token');
    await page.goto(await site.page(`<secure-map ${layers} ${view} token-url="/site/token"></secure-map>`));
    const tag = tagOf(page);
    await expectMap(tag);
    await expectIdle(tag);
    expect(asked).toEqual(['', '?reason=unauthorized']);
    expect(demo.map.counts.unauthorized).toBeGreaterThan(0);
    expect(demo.map.counts.unauthorized).toBeLessThanOrEqual(16);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });

  test('at the start of three maps: still one refresh', async ({page, site}) => {
    const {demo} = site;
    const map = `<secure-map ${layers} ${view} ${oidc}></secure-map>`;
    await page.goto(await site.page(map + map + map));
    await expect(page.locator('secure-map')).toHaveCount(3);
    const tags = await page.locator('secure-map').all();
    for (const tag of tags) await expectIdle(tag);
    expireFirstToken(demo, 'sign-in', '/token');
    await signInByPopup(page, tagOf(page));
    for (const tag of tags) {
      await expectMap(tag);
      await expectIdle(tag);
      expect(await stateOf(tag)).toBe('authenticated');
    }

    const {unauthorized, ok, requests} = demo.map.counts;
    console.log(`three maps: ${unauthorized} × 401, ${demo.signIn.counts.refreshes} refresh, ${ok} × 200`);
    expect(unauthorized).toBeGreaterThan(0);
    expect(unauthorized).toBeLessThanOrEqual(3 * 16);
    expect(requests).toBe(ok + unauthorized);
    expect(demo.signIn.counts).toMatchObject({authorize: 1, codeExchanges: 1, refreshes: 1, discovery: 1, jwks: 1});
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });

  test('in the middle of it: the visitor sees nothing of it', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);
    demo.map.resetCounts();

    demo.map.expireTokens();
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    const {unauthorized} = demo.map.counts;
    console.log(`expired while in use: ${unauthorized} × 401, ${demo.signIn.counts.refreshes} refresh`);
    expect(unauthorized).toBeGreaterThan(0);
    expect(unauthorized).toBeLessThanOrEqual(16);
    expect(demo.signIn.counts.refreshes).toBe(1);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
    await expect(messageOf(tag)).toHaveText('');
  });

  test('with a refresh that takes its time: everybody waits for the same one', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    demo.map.resetCounts();
    demo.signIn.setFault(({path}) => (path === '/token' ? {delayMs: 800} : undefined));
    demo.map.expireTokens();
    await pan(tag, 1);
    await pan(tag, 1);
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    expect(demo.signIn.counts).toMatchObject({tokenRequests: 2, refreshes: 1});
    expect(demo.map.counts.unauthorized).toBeLessThanOrEqual(3 * 16);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });

  test('refused however new it is: one refresh, no storm, and plain words', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    demo.map.setFault(({kind, preflight}) => (kind === 'xyz' && !preflight ? {status: 401} : undefined));
    demo.map.resetCounts();
    await pan(tag, 1);
    await expect(messageOf(tag)).toContainText('The map server does not accept your sign-in');
    await expectIdle(tag);
    const {byPath} = demo.map.counts;
    await pan(tag, 1);
    await expectIdle(tag);
    expect(demo.signIn.counts.refreshes).toBe(1);
    const errors = await eventsOf(page, 'layer-error');
    expect(
      new Set(errors.map(({layerId, kind, status}) => `${String(layerId)} ${String(kind)} ${String(status)}`)),
    ).toEqual(new Set(['world auth 401']));
    // Twelve tiles or so in view: two requests each before it is known that a new token does not help, then one.
    expect(byPath.xyz).toBeLessThanOrEqual(2 * 16);
    expect(await stateOf(tag)).toBe('authenticated');
  });
});

test.describe('a session that was ended', () => {
  test('is told once; the map stays, and goes on after signing in again in place', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);

    demo.signIn.revokeAll();
    demo.map.expireTokens();
    await pan(tag, 0.5);
    await expectState(tag, 'expired');
    await expect(messageOf(tag)).toContainText('Your session has ended');
    await expectIdle(tag);
    const view = await viewOf(tag);
    // The western half was there before and still is.
    const {opaque} = await drawnOn(tag);
    expect(opaque).toBeGreaterThan(0.3);
    expect(opaque).toBeLessThan(0.9);
    await pan(tag, 0, 0.1);
    await pan(tag, 0, -0.1);
    await expectIdle(tag);
    expect(demo.signIn.counts.refreshes).toBe(0);
    expect(await eventsOf(page, 'session-expired')).toHaveLength(1);

    const popup = await openPopup(page, messageOf(tag).getByRole('button', {name: 'Sign in'}));
    await fillLogin(popup, 'anna');
    await expectState(tag, 'authenticated');
    await expectMap(tag);
    await expect(messageOf(tag)).toHaveText('');
    expect(await viewOf(tag)).toEqual(view);
    expect(await eventsOf(page, 'session-expired')).toHaveLength(1);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });

  test('the page’s own request waits for the sign-in and then goes through', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await expect(signInButton(tag)).toBeVisible();
    const answer = tag.evaluate(async (element: HTMLElementTagNameMap['secure-map'], url) => {
      const response = await element.fetch(url);
      return response.status;
    }, `${demo.mapUrl}/features/cities.geojson`);
    await signInByPopup(page, tag);
    expect(await answer).toBe(200);
    expect(demo.map.counts.unauthorized).toBe(0);
  });

  test('three maps: each is told once, one sign-in serves them all', async ({page, site}) => {
    const {demo} = site;
    const map = `<secure-map config="{{map}}/config/world.json" ${oidc}></secure-map>`;
    await page.goto(await site.page(map + map + map));
    await expect(page.locator('secure-map')).toHaveCount(3);
    const tags = await page.locator('secure-map').all();
    await signInByPopup(page, tagOf(page));
    for (const tag of tags) await expectMap(tag);

    demo.signIn.revokeAll();
    demo.map.expireTokens();
    for (const tag of tags) await pan(tag, 1);
    for (const tag of tags) await expectState(tag, 'expired');
    expect(await eventsOf(page, 'session-expired')).toHaveLength(3);
    await signInByPopup(page, tagOf(page));
    for (const tag of tags) await expectMap(tag);
    expect(demo.signIn.counts).toMatchObject({authorize: 2, codeExchanges: 2});
    expect(await eventsOf(page, 'session-expired')).toHaveLength(3);
  });
});

test.describe('a network that is away for a while', () => {
  test('costs no session, and the map heals by itself', async ({page, context, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);
    demo.map.resetCounts();

    await context.setOffline(true);
    await pan(tag, 1);
    await expect(messageOf(tag)).toContainText('The map server does not answer');
    expect(await stateOf(tag)).toBe('authenticated');
    const errors = await eventsOf(page, 'layer-error');
    expect(new Set(errors.map(({kind}) => kind))).toEqual(new Set(['network']));
    expect(demo.map.counts.requests).toBe(0);

    await context.setOffline(false);
    await expectMap(tag);
    await expect(messageOf(tag)).toHaveText('');
    expect(demo.signIn.counts.refreshes).toBe(0);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
  });

  test('for longer than the token lives: renewed once it is back, before any tile', async ({page, context, demo}) => {
    await page.clock.install();
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);
    demo.map.resetCounts();

    await context.setOffline(true);
    await page.clock.fastForward('05:00');
    demo.map.expireTokens();
    await pan(tag, 1);
    await expect.poll(async () => (await eventsOf(page, 'secure-map-error')).length).toBeGreaterThan(0);
    const errors = await eventsOf(page, 'secure-map-error');
    expect(errors[0]).toMatchObject({error: {code: 'source-unreachable'}});
    expect(await stateOf(tag)).not.toBe('expired');

    await context.setOffline(false);
    await expectMap(tag);
    await expectState(tag, 'authenticated');
    expect(demo.map.counts.unauthorized).toBe(0);
    expect(demo.signIn.counts.refreshes).toBe(1);
    expect(await eventsOf(page, 'session-expired')).toEqual([]);
    await expect(messageOf(tag)).toHaveText('');
  });

  test('servers that come back unseen are noticed when the visitor looks again', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);

    demo.map.setOffline(true);
    await pan(tag, 1);
    await expect(messageOf(tag)).toContainText('The map server does not answer');
    demo.map.setOffline(false);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expectMap(tag);
    await expect(messageOf(tag)).toHaveText('');
  });

  test('a provider that is away keeps nobody from the map as long as the token lives', async ({page, demo}) => {
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    demo.signIn.setOffline(true);
    await tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.refresh().catch(() => undefined));
    expect(await stateOf(tag)).toBe('authenticated');
    demo.map.resetCounts();
    await pan(tag, 1);
    await expectMap(tag);
    expect(demo.map.counts.unauthorized).toBe(0);
  });
});

test.describe('sleep', () => {
  test('a token that died meanwhile is replaced before the first tile', async ({page, demo}) => {
    await page.clock.install();
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await expectIdle(tag);
    demo.map.resetCounts();

    // The clock has moved and no timer has fired yet: as in the first moment after waking up.
    await page.clock.setSystemTime(Date.now() + 20 * 60_000);
    demo.map.expireTokens();
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    console.log(`after sleep: ${demo.map.counts.unauthorized} × 401, ${demo.signIn.counts.refreshes} refresh`);
    expect(demo.map.counts.unauthorized).toBe(0);
    expect(demo.map.counts.ok).toBeGreaterThan(0);
    expect(demo.signIn.counts.refreshes).toBe(1);
    expect(await eventsOf(page, 'layer-error')).toEqual([]);
  });

  test('waking up alone renews', async ({page, demo}) => {
    await page.clock.install();
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await page.clock.setSystemTime(Date.now() + 20 * 60_000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect.poll(() => demo.signIn.counts.refreshes).toBe(1);
    await expectState(tag, 'authenticated');
  });

  test('a frozen tab renews when it thaws', async ({page, context, demo}) => {
    await page.clock.install();
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    const session = await context.newCDPSession(page);
    await page.clock.setSystemTime(Date.now() + 20 * 60_000);
    await session.send('Page.setWebLifecycleState', {state: 'frozen'});
    await session.send('Page.setWebLifecycleState', {state: 'active'});
    await expect.poll(() => demo.signIn.counts.refreshes).toBe(1);
    expect(demo.map.counts.unauthorized).toBe(0);
  });

  test('ahead of its end a token is renewed without anybody asking', async ({page, demo}) => {
    await page.clock.install();
    await page.goto(demo.pageUrl);
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    // 60 seconds: half the lifetime before the end, give or take a tenth.
    await page.clock.runFor(25_000);
    expect(demo.signIn.counts.refreshes).toBe(0);
    await page.clock.runFor(10_000);
    // The page hears of it after the server that renewed it.
    await expect.poll(async () => (await eventsOf(page, 'token-refreshed')).length).toBe(1);
    expect(demo.signIn.counts.refreshes).toBe(1);
  });
});
