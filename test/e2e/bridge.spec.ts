import type {Page} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import type {LogEntry} from '../../demo/servers/log.js';
import {expect, test} from './fixtures.js';
import {heldBy, keepBooks} from './support/books.js';
import {startOtherServer} from './support/other-server.js';
import {eventsOf, wordsOf} from './support/recorder.js';
import {startSite} from './support/site.js';
import {expectIdle, expectMap, messageOf, pan, tagOf} from './support/tag.js';
import {clientToken, signInByPopup} from './support/visitor.js';

const layerOf = (url: string): string => `[{"type": "xyz", "id": "tiles", "url": "${url}"}]`;
const tiles = `layers='${layerOf('{{map}}/tiles/{z}/{x}/{y}.png')}' allowed-origins="{{map}}"`;
const bridged = `${tiles} tile-bridge="{{map}}/bridge.html"`;

/** The page gives tokens by a function of its own; how often it was asked is in `window.asked`. */
const giveTokens = async (page: Page, demo: Demo): Promise<void> => {
  await page.exposeFunction('newToken', () => clientToken(demo));
  await page.addInitScript(() => {
    let asked = 0;
    const getToken = (): unknown => {
      asked += 1;
      Object.assign(window, {asked});
      const newToken: unknown = Reflect.get(window, 'newToken');
      return typeof newToken === 'function' ? newToken() : undefined;
    };
    document.addEventListener('DOMContentLoaded', () => {
      for (const map of document.querySelectorAll('secure-map')) Object.assign(map, {getToken});
    });
  });
};

const asked = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(window, 'asked'));

const bridgeFrames = (page: Page, {mapUrl}: Demo): number =>
  page.frames().filter((frame) => frame.url().startsWith(mapUrl)).length;

const tileEntries = ({log}: Demo): LogEntry[] =>
  log.entries.filter(({server, path}) => server === 'map' && path.startsWith('/tiles/'));

/** The `reason` of every error that the tag has told. */
const troubles = async (page: Page): Promise<unknown[]> =>
  (await eventsOf(page, 'secure-map-error')).map(({error}) => Reflect.get(Object(error), 'reason'));

const warningsOf = (page: Page): readonly string[] => {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning' && message.text().startsWith('<secure-map>')) warnings.push(message.text());
  });
  return warnings;
};

const ready = `{v: 1, type: 'ready', paths: ['/tiles/'], headers: ['authorization'], protocol: ''}`;

test('every tile comes through one frame, authorized, without a preflight', async ({page, site}) => {
  const {demo} = site;
  const warnings = warningsOf(page);
  await giveTokens(page, demo);
  await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
  const tag = tagOf(page);
  await expectMap(tag);
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);
  const {requests, ok, preflights} = demo.map.counts;
  expect(requests).toBeGreaterThan(3);
  expect({ok, preflights}).toEqual({ok: requests, preflights: 0});
  expect(tileEntries(demo).map(({credential}) => credential)).toEqual(Array(requests).fill('Bearer'));
  expect(bridgeFrames(page, demo)).toBe(1);
  expect([await asked(page), await troubles(page), warnings]).toEqual([1, [], []]);
});

test('a refused token is renewed once for all tiles', async ({page, site}) => {
  const {demo} = site;
  await giveTokens(page, demo);
  await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.resetCounts();
  demo.log.clear();
  demo.map.expireTokens();
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);
  const {requests, ok, unauthorized, preflights} = demo.map.counts;
  const paths = new Set(tileEntries(demo).map(({path}) => path)).size;
  expect(unauthorized).toBeGreaterThan(0);
  expect({ok, requests, preflights}).toEqual({ok: paths, requests: paths + unauthorized, preflights: 0});
  expect([await asked(page), await eventsOf(page, 'layer-error')]).toEqual([2, []]);
});

for (const [status, kind] of [
  [403, 'forbidden'],
  [500, 'network'],
] as const) {
  test(`an answer of ${status} means what it means without a bridge`, async ({page, site}) => {
    const {demo} = site;
    await giveTokens(page, demo);
    demo.map.setFault(({kind: what, preflight}) => (what === 'xyz' && !preflight ? {status, body: ''} : undefined));
    const told: unknown[] = [];
    for (const attributes of [bridged, tiles]) {
      await page.goto(await site.page(`<secure-map ${attributes}></secure-map>`));
      await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(0);
      const [error] = await eventsOf(page, 'layer-error');
      told.push([error?.['kind'], error?.['status'], error?.['message']]);
      if (attributes === bridged) expect(demo.map.counts.preflights).toBe(0);
    }
    expect(told[0]).toEqual([kind, status, expect.any(String)]);
    // The tile that failed first may be any.
    const withoutTile = (text: unknown): string => JSON.stringify(text).replace(/\d+\/\d+\/\d+/, '');
    expect(withoutTile(told[0])).toBe(withoutTile(told[1]));
  });
}

test('a busy server is asked again when it said, through the bridge', async ({page, site}) => {
  const {demo} = site;
  await giveTokens(page, demo);
  let busy = 1;
  demo.map.setFault(({kind}) => {
    if (kind !== 'xyz' || busy === 0) return undefined;
    busy -= 1;
    return {status: 429, headers: {'retry-after': '0'}, body: ''};
  });
  await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
  await expectMap(tagOf(page));
  await expectIdle(tagOf(page));
  const {otherwise, preflights, ok, requests} = demo.map.counts;
  expect({otherwise, preflights, ok}).toEqual({otherwise: 1, preflights: 0, ok: requests - 1});
});

test('a redirect is refused, and leads no credential anywhere', async ({page, site}) => {
  const {demo} = site;
  const other = await startOtherServer();
  try {
    await giveTokens(page, demo);
    demo.map.setFault(({kind, preflight}) =>
      kind === 'xyz' && !preflight ? {status: 302, headers: {location: `${other.origin}/tile.png`}} : undefined,
    );
    await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
    await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(0);
    expect((await eventsOf(page, 'layer-error')).map(({kind}) => kind)).toContain('cors');
    await expectIdle(tagOf(page));
    expect([other.seen, demo.map.counts.preflights]).toEqual([[], 0]);
  } finally {
    await other.stop();
  }
});

test('what is not wanted any more is taken off the wire', async ({page, site}) => {
  const {demo} = site;
  await giveTokens(page, demo);
  demo.map.setFault(({kind}) => (kind === 'xyz' ? {hang: true} : undefined));
  await page.goto(await site.page(`<secure-map ${bridged} zoom="4" center="5,50"></secure-map>`));
  const tag = tagOf(page);
  await expect.poll(() => demo.map.counts.byPath.xyz).toBeGreaterThan(3);
  const hanging = demo.map.counts.byPath.xyz;
  demo.map.setFault(null);
  await tag.evaluate(({map}: HTMLElementTagNameMap['secure-map']) => map.getView().setZoom(7));
  await expectMap(tag);
  // One that the browser held back may have come to the server since.
  await expect.poll(() => demo.map.counts.aborted).toBeGreaterThanOrEqual(hanging);
  expect(demo.map.counts.preflights).toBe(0);
});

test('no credential of the bridge goes to another origin, nor a tile of another origin to the bridge', async ({
  page,
  site,
}) => {
  const {demo} = site;
  const other = await startOtherServer();
  try {
    await giveTokens(page, demo);
    const layers = layerOf('{{map}}/tiles/{z}/{x}/{y}.png').replace(
      ']',
      `, {"type": "xyz", "id": "other", "url": "${other.origin}/{z}/{x}/{y}.png"}]`,
    );
    await page.goto(
      await site.page(
        `<secure-map layers='${layers}' allowed-origins="{{map}}" tile-bridge="{{map}}/bridge.html"></secure-map>`,
      ),
    );
    await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(0);
    await expectIdle(tagOf(page));
    expect(other.seen.filter(({headers}) => headers.authorization)).toEqual([]);
    expect(demo.map.counts.preflights).toBe(0);
    expect(demo.map.counts.ok).toBe(demo.map.counts.requests);
  } finally {
    await other.stop();
  }
});

test('tokens that are bound to a key go through it with a proof and a nonce each', async ({page}) => {
  const site = await startSite({dpop: 'nonce'});
  try {
    const {demo} = site;
    // Its time begins with the page, and a window in front of the page takes some of that.
    const opened = page.waitForResponse(/bridge\.html$/);
    await page.goto(
      await site.page(`<secure-map ${bridged} authority="{{issuer}}" client-id="map-viewer"></secure-map>`),
    );
    await opened;
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    await pan(tag, 1);
    await expectMap(tag);
    await expectIdle(tag);
    expect([demo.signIn.counts.refreshes, await troubles(page)]).toEqual([0, []]);
    const {ok, unauthorized, preflights, requests} = demo.map.counts;
    // The first ones learn the nonce of the server, which a page can read through the bridge as well.
    expect({preflights, requests}).toEqual({preflights: 0, requests: ok + unauthorized});
    expect(new Set(tileEntries(demo).map(({credential}) => credential))).toEqual(new Set(['refused', 'DPoP']));
  } finally {
    await site.stop();
  }
});

test('a removed map leaves nothing behind', async ({page, site}) => {
  const {demo} = site;
  await page.addInitScript(keepBooks);
  await giveTokens(page, demo);
  await page.goto(await site.page(`<div id="place"></div><secure-map ${bridged}></secure-map>`));
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  expect(bridgeFrames(page, demo)).toBe(1);
  demo.map.setFault(({kind}) => (kind === 'xyz' ? {hang: true} : undefined));
  const before = demo.map.counts.byPath.xyz;
  await pan(tag, 2);
  await expect.poll(() => demo.map.counts.byPath.xyz).toBeGreaterThan(before);
  await tag.evaluate((element) => element.remove());
  await expect.poll(() => bridgeFrames(page, demo)).toBe(0);
  await expect
    .poll(() => heldBy(page))
    .toMatchObject({timers: [], intervals: 0, bitmaps: 0, channels: 0, observers: 0});
  await expect.poll(() => demo.map.counts.aborted).toBe(demo.map.counts.byPath.xyz - before);
  expect(demo.map.counts.preflights).toBe(0);
});

test('each map has a frame of its own, which goes with it', async ({page, site}) => {
  const {demo} = site;
  await giveTokens(page, demo);
  await page.goto(await site.page(`<secure-map ${bridged}></secure-map><secure-map ${bridged}></secure-map>`));
  await expectMap(tagOf(page));
  await expectMap(page.locator('secure-map').nth(1));
  expect(bridgeFrames(page, demo)).toBe(2);
  await tagOf(page).evaluate((element) => element.remove());
  await expect.poll(() => bridgeFrames(page, demo)).toBe(1);
  // One that is moved begins a new conversation.
  await tagOf(page).evaluate((element) => document.body.prepend(element));
  await expect.poll(() => bridgeFrames(page, demo)).toBe(1);
  await pan(tagOf(page), 1);
  await expectMap(tagOf(page));
  await tagOf(page).evaluate((element) => element.removeAttribute('tile-bridge'));
  await expect.poll(() => bridgeFrames(page, demo)).toBe(0);
  expect([demo.map.counts.preflights, await troubles(page)]).toEqual([0, []]);
});

test('wrong values are visible errors that name the attribute', async ({page, site}) => {
  const {demo} = site;
  await giveTokens(page, demo);
  for (const [value, words] of [
    ['bridge.html', '"bridge.html" is not an absolute URL'],
    ['http://tiles.example/bridge.html', 'is not https'],
    ['https://tiles.example/bridge.html', 'is not of an origin that may receive a credential'],
    ['{{page}}/bridge.html', "is of the page's own origin"],
  ] as const) {
    await page.goto(await site.page(`<secure-map ${tiles} tile-bridge="${value}"></secure-map>`));
    await expect(messageOf(tagOf(page))).toContainText(`tile-bridge: `);
    await expect(messageOf(tagOf(page))).toContainText(words);
    expect((await eventsOf(page, 'secure-map-error')).map(wordsOf).join()).toContain(words);
    // The map is there all the same, and a value that is mended takes the error away.
    await expectMap(tagOf(page));
    await tagOf(page).evaluate((map, url) => map.setAttribute('tile-bridge', url), `${demo.mapUrl}/bridge.html`);
    await expect(messageOf(tagOf(page))).not.toContainText('tile-bridge');
    await expect.poll(() => bridgeFrames(page, demo)).toBe(1);
  }
});

test.describe('a bridge that cannot be used: told once, and the map is drawn without it', () => {
  const play = (greeting: string, answer: string): string =>
    `onmessage = ({ports: [port]}) => {
      port.onmessage = ({data}) => { const {id, type} = data; ${answer} };
      port.postMessage(${greeting});
    };`;
  const answered = (change: string): string =>
    `port.postMessage({v: 1, type: 'answer', id, status: 200, headers: {}, body: new Blob(['x']), ${change}});`;

  for (const [what, script, reason] of [
    ['does not list the page', play(`{v: 1, type: 'refused'}`, ''), 'bridge-refused'],
    ['is none', '', 'bridge-timeout'],
    ['speaks another version', play(`{...${ready}, v: 2}`, ''), 'bridge-invalid'],
    ['leads to another origin', `location.replace('https://elsewhere.invalid/')`, 'bridge-timeout'],
    ['answers what was not asked', play(ready, answered('id: id + 1000')), 'bridge-invalid'],
    ['answers in wrong shapes', play(ready, answered(`body: 'huge'.repeat(1e6)`)), 'bridge-invalid'],
    ['answers in another version', play(ready, answered('v: 2')), 'bridge-invalid'],
    ['leaves', play(ready, `location.replace('about:blank')`), 'bridge-lost'],
    [
      'refuses each request',
      play(ready, `port.postMessage({v: 1, type: 'refused', id, reason: 'url'})`),
      'bridge-unserved',
    ],
  ] as const) {
    test(what, async ({page, site}) => {
      const {demo} = site;
      const warnings = warningsOf(page);
      await giveTokens(page, demo);
      await site.replaceBridge(script);
      await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
      await expectMap(tagOf(page));
      await expectIdle(tagOf(page));
      expect(await troubles(page)).toEqual([reason]);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('tile-bridge: ');
      const {requests, ok, preflights} = demo.map.counts;
      expect({ok, preflights}).toEqual({ok: requests, preflights: requests});
    });
  }

  test('never answers', async ({page, site}) => {
    const {demo} = site;
    await giveTokens(page, demo);
    await site.replaceBridge(play(ready, ''));
    await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
    await expect.poll(() => troubles(page), {timeout: 30_000}).toEqual(['bridge-lost']);
    await expectMap(tagOf(page));
  });

  test('answers everything twice', async ({page, site}) => {
    const {demo} = site;
    await giveTokens(page, demo);
    await site.replaceBridge(
      play(
        ready,
        `if (type === 'get') fetch(data.url, {headers: data.headers}).then((r) => r.blob()).then((body) => {
          for (const each of [body, body]) port.postMessage({v: 1, type: 'answer', id, status: 200, headers: {}, body: each});
        })`,
      ),
    );
    await page.goto(await site.page(`<secure-map ${bridged}></secure-map>`));
    await expectMap(tagOf(page));
    await expectIdle(tagOf(page));
    expect([demo.map.counts.preflights, await troubles(page)]).toEqual([0, []]);
  });
});

test.describe('a hostile page', () => {
  /** Opens the bridge in a page of any origin, says all this to it, and gives back what it heard. */
  const speak = (page: Page, url: string, messages: readonly unknown[]): Promise<unknown[]> =>
    page.evaluate(
      async ([address, list]) => {
        const frame = document.createElement('iframe');
        frame.src = String(address);
        const loaded = new Promise((resolve) => (frame.onload = resolve));
        document.body.append(frame);
        await loaded;
        const {port1, port2} = new MessageChannel();
        const heard: unknown[] = [];
        const first = new Promise((resolve) => {
          port1.onmessage = ({data}) => {
            if (data.type === 'pong') return resolve(undefined);
            heard.push(data.reason ?? data.status ?? data);
            if (data.type === 'refused' && data.id === undefined) resolve(undefined);
            return undefined;
          };
        });
        frame.contentWindow?.postMessage({v: 1, type: 'open', source: 'secure-map'}, new URL(frame.src).origin, [
          port2,
        ]);
        for (const message of list) port1.postMessage(message);
        port1.postMessage({v: 1, type: 'ping'});
        await first;
        return heard;
      },
      [url, messages] as const,
    );

  const get = (id: number, url: string, change: object = {}) => ({
    ...{v: 1, type: 'get', id, url, headers: {authorization: 'Bearer stolen'}},
    ...change,
  });

  test('of an origin that is not listed may not even frame it', async ({page, site}) => {
    const {demo} = site;
    const other = await startOtherServer();
    try {
      other.answer(200, '<!doctype html><title>Hostile</title>', 'text/html');
      await page.goto(`${other.origin}/`);
      await page.evaluate(async (url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        const loaded = new Promise((resolve) => (frame.onload = resolve));
        document.body.append(frame);
        await loaded;
      }, `${demo.mapUrl}/bridge.html`);
      expect(page.frames().some((frame) => frame.url() === `${demo.mapUrl}/bridge.html`)).toBe(false);
    } finally {
      await other.stop();
    }
  });

  test('of an origin that is not listed hears one refusal, where the server lets it be framed', async ({
    page,
    site,
  }) => {
    const {demo} = site;
    const other = await startOtherServer();
    try {
      await page.route(`${demo.mapUrl}/bridge.html`, async (route) => {
        const response = await route.fetch();
        const {'content-security-policy': _, ...headers} = response.headers();
        await route.fulfill({response, headers});
      });
      other.answer(200, '<!doctype html><title>Hostile</title>', 'text/html');
      await page.goto(`${other.origin}/`);
      const url = `${demo.mapUrl}/tiles/1/1/1.png`;
      expect(await speak(page, `${demo.mapUrl}/bridge.html`, [get(1, url), get(2, url)])).toEqual([
        {v: 1, type: 'refused'},
      ]);
      expect(demo.map.counts.requests).toBe(0);
    } finally {
      await other.stop();
    }
  });

  test('that is listed gets nothing but listed paths of the bridge’s own origin, by GET, with listed headers', async ({
    page,
    site,
  }) => {
    const {demo} = site;
    await page.goto(await site.page('<p>Hostile</p>'));
    const url = `${demo.mapUrl}/tiles/1/1/1.png`;
    const heard = await speak(page, `${demo.mapUrl}/bridge.html`, [
      get(1, `${demo.mapUrl}/config/world.json`),
      get(2, `${demo.mapUrl}/tiles/..%2fconfig/world.json`),
      get(3, demo.issuer),
      get(4, url, {method: 'POST'}),
      get(5, url, {headers: {'x-forwarded-for': '127.0.0.1'}}),
      get(6, url, {v: 7}),
    ]);
    const list = {
      v: 1,
      type: 'ready',
      paths: ['/tiles/', '/wms', '/features/'],
      headers: ['accept', 'authorization', 'dpop'],
      protocol: 'http/1.1',
    };
    expect(heard).toEqual([list, 'url', 'url', 'url', 'shape', 'headers', 'version']);
    expect(demo.map.counts.requests).toBe(0);
  });

  test('that floods it has 128 requests under way at most', async ({page, site}) => {
    const {demo} = site;
    await page.goto(await site.page('<p>Hostile</p>'));
    demo.map.setFault(() => ({hang: true}));
    const flood = Array.from({length: 500}, (_, index) => get(index + 1, `${demo.mapUrl}/tiles/1/1/1.png?${index}`));
    const [, ...refusals] = await speak(page, `${demo.mapUrl}/bridge.html`, flood);
    expect(refusals).toEqual(Array(372).fill('busy'));
    expect(demo.map.counts.requests).toBeLessThanOrEqual(128);
  });
});
