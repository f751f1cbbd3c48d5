import {expect, test} from './fixtures.js';
import {codeOf, eventsOf, wordsOf} from './support/recorder.js';
import {startOtherServer} from './support/other-server.js';
import {messageOf, tagOf} from './support/tag.js';

const tiles = (origin: string): string =>
  `layers='[{"type": "xyz", "id": "tiles", "url": "${origin}/{z}/{x}/{y}.png"}]' allowed-origins="${origin}"`;

test('token-transport="query": in the address, in nothing else, and the owner is warned once', async ({page, site}) => {
  const other = await startOtherServer();
  try {
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
    });
    other.answer(403);
    // The strict policy of the site lets the page ask the map server only.
    await page.route(`${site.demo.mapUrl}/**`, async (route) => {
      const url = route.request().url().replace(site.demo.mapUrl, other.origin);
      await route.fulfill({response: await route.fetch({url})});
    });
    await page.goto(
      await site.page(
        `<secure-map token="abc" token-transport="query" token-name="token" ${tiles('{{map}}')}></secure-map>`,
      ),
    );
    await expect.poll(() => other.seen.length).toBeGreaterThan(3);
    for (const {method, url, headers} of other.seen) {
      expect([method, new URL(url, other.origin).searchParams.get('token')]).toEqual(['GET', 'abc']);
      expect(headers.authorization).toBeUndefined();
    }
    expect(warnings.filter((text) => text.includes('token-transport="query"'))).toHaveLength(1);
    const told = JSON.stringify(await eventsOf(page));
    expect(told).not.toContain('abc');
    expect(page.url()).not.toContain('abc');
  } finally {
    await other.stop();
  }
});

test('token-transport="form" on layers that are loaded by GET is an error of the page', async ({page, site}) => {
  await page.goto(await site.page(`<secure-map token="abc" token-transport="form" ${tiles('{{map}}')}></secure-map>`));
  await expect(messageOf(tagOf(page))).toContainText('token-transport: "form"');
  const errors = await eventsOf(page, 'secure-map-error');
  expect(errors.map(codeOf)).toContain('invalid-config');
  expect(errors.map(wordsOf).join()).not.toContain('abc');
  expect(site.demo.map.counts.requests).toBe(0);
});

test('wrong values name the attribute', async ({page, site}) => {
  const cases: readonly (readonly [string, string])[] = [
    ['token-transport="url"', 'token-transport: wrong value. Allowed: header, query, form, cookie, mac'],
    ['token-transport="cookie" token-name="a"', 'token-name: means nothing with the transport "cookie"'],
    ['token-transport="query" token-prefix="Token"', 'token-prefix: means nothing with the transport "query"'],
    ['token-transport="query" token-name="a b"', 'token-name: is not the name of a parameter'],
  ];
  for (const [attributes, words] of cases) {
    await page.goto(await site.page(`<secure-map token="abc" ${attributes}></secure-map>`));
    await expect(messageOf(tagOf(page))).toContainText(words);
  }
  await page.goto(await site.page(`<secure-map session-url="/bff/session" token-transport="mac"></secure-map>`));
  await expect(messageOf(tagOf(page))).toContainText('token-transport: a cookie session has no token');
  await page.goto(await site.page(`<secure-map session-url="/bff/session" token-name="X-Token"></secure-map>`));
  await expect(messageOf(tagOf(page))).toContainText('a name or a prefix for it means nothing');
});
