import {expect, test as base} from './fixtures.js';
import {startOtherServer} from './support/other-server.js';
import type {OtherServer} from './support/other-server.js';
import {eventsOf} from './support/recorder.js';
import {expectIdle, expectMap, messageOf, pan, tagOf} from './support/tag.js';
import {signInByPopup} from './support/visitor.js';

const test = base.extend<{other: OtherServer}>({
  // A careful site forbids connections to servers that it does not know. Here the tag has to do without that help.
  bypassCSP: true,
  // oxlint-disable-next-line no-empty-pattern
  other: async ({}, use) => {
    const other = await startOtherServer();
    await use(other);
    await other.stop();
  },
});

/** The config of the demo, with something more in it. */
const configWith = (mapUrl: string, ...layers: readonly object[]): string =>
  JSON.stringify({
    view: {center: [10, 50], zoom: 4},
    layers: [{type: 'xyz', id: 'world', url: `${mapUrl}/tiles/{z}/{x}/{y}.png`}, ...layers],
  });

const credentialsIn = ({seen}: OtherServer): unknown[] =>
  seen.flatMap(({headers, url}) =>
    [headers.authorization, headers.cookie, headers['x-token'], /token|bearer|eyJ/i.exec(url)?.[0]].filter(Boolean),
  );

test('a fetched config cannot lead the credential to a look-alike', async ({page, demo, other}) => {
  demo.map.setFault(({kind, preflight}) =>
    kind === 'config' && !preflight
      ? {
          body: configWith(
            demo.mapUrl,
            {type: 'xyz', id: 'name', url: `${other.lookAlike}/tiles/{z}/{x}/{y}.png`},
            {type: 'geojson', id: 'port', url: `${other.origin}/cities.geojson`},
          ),
        }
      : undefined,
  );
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  await pan(tag, 0.5);
  await expectIdle(tag);
  await expectMap(tag);

  const paths = other.seen.map(({headers: {host}, url}) => `${host ?? ''}${url}`);
  expect(paths.some((path) => path.startsWith(`127.0.0.1.localhost:${other.port}/tiles/`))).toBe(true);
  expect(paths).toContain(`127.0.0.1:${other.port}/cities.geojson`);
  expect(credentialsIn(other)).toEqual([]);
  // A request that asks for leave to carry the header would have meant to carry it.
  expect(other.seen.filter(({method}) => method === 'OPTIONS')).toEqual([]);

  const blocked = await eventsOf(page, 'request-blocked');
  expect(blocked.map(({origin, layerId}) => `${String(origin)} ${String(layerId)}`).toSorted()).toEqual(
    [`${other.lookAlike} name`, `${other.origin} port`].toSorted(),
  );
  const errors = await eventsOf(page, 'layer-error');
  expect(
    new Set(errors.map(({layerId, kind, status}) => `${String(layerId)} ${String(kind)} ${String(status)}`)),
  ).toEqual(new Set(['name origin 401', 'port origin 401']));
  await expect(messageOf(tag)).toContainText('A layer comes from a server that this map may not sign in to');
  await expect(messageOf(tag)).toContainText('name, port');
});

test('a server that needs no credential serves its layer bare', async ({page, demo, other}) => {
  other.answer(200, JSON.stringify({type: 'FeatureCollection', features: []}), 'application/geo+json');
  demo.map.setFault(({kind, preflight}) =>
    kind === 'config' && !preflight
      ? {
          body: configWith(
            demo.mapUrl,
            {type: 'geojson', id: 'wanted', url: `${other.origin}/a.geojson`},
            {type: 'geojson', id: 'public', url: `${other.lookAlike}/b.geojson`, credential: 'none'},
          ),
        }
      : undefined,
  );
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expect.poll(() => other.seen.map(({url}) => url).toSorted()).toEqual(['/a.geojson', '/b.geojson']);
  await expectIdle(tag);
  expect(credentialsIn(other)).toEqual([]);
  expect(await eventsOf(page, 'request-blocked')).toMatchObject([{origin: other.origin, layerId: 'wanted'}]);
  expect(await eventsOf(page, 'layer-error')).toEqual([]);
});

test('a map server that redirects leads it nowhere', async ({page, demo, other}) => {
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  demo.map.setFault(({kind, preflight, path}) => {
    if (preflight || kind === 'config' || kind === 'other') return undefined;
    return {status: 302, headers: {location: `${other.origin}${path}`}, body: ''};
  });
  await pan(tag, 1);
  await expect.poll(async () => (await eventsOf(page, 'layer-error')).length).toBeGreaterThan(0);
  await expectIdle(tag);
  const outcome = await tag.evaluate(
    (element: HTMLElementTagNameMap['secure-map'], url) =>
      element.fetch(url).then(
        ({status}) => String(status),
        (error: unknown) =>
          `${String(Reflect.get(Object(error), 'code'))} ${String(Reflect.get(Object(error), 'kind'))}`,
      ),
    `${demo.mapUrl}/features/cities.geojson`,
  );
  expect(outcome).toBe('request-failed cors');
  expect(other.seen).toEqual([]);
  const errors = await eventsOf(page, 'layer-error');
  expect(new Set(errors.map(({kind}) => kind))).toEqual(new Set(['cors']));
  await expect(messageOf(tag)).toContainText('A map server does not let this page in');
  expect(demo.signIn.counts.refreshes).toBe(0);
});

test('a layer of the page’s own markup is held to the scope as well', async ({page, site, other}) => {
  await page.goto(
    await site.page(`<secure-map token-url="/site/token" config="{{map}}/config/world.json"
      layers='[{"type": "xyz", "id": "own", "url": "${other.lookAlike}/{z}/{x}/{y}.png"}]'></secure-map>`),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  expect(other.seen.length).toBeGreaterThan(0);
  expect(credentialsIn(other)).toEqual([]);
  expect(await eventsOf(page, 'request-blocked')).toMatchObject([{origin: other.lookAlike, layerId: 'own'}]);
});

test('the scope is the origins that the page lists, not one more', async ({page, site, other}) => {
  const {demo} = site;
  other.answer(200, '{}', 'application/json');
  await page.goto(
    await site.page(`<secure-map token-url="/site/token" config="{{map}}/config/world.json"
      allowed-origins="${other.lookAlike}"></secure-map>`),
  );
  const tag = tagOf(page);
  // Not even the config's own server, once the page says which.
  await expect(messageOf(tag)).toContainText('is not among the allowed origins');
  expect(await eventsOf(page, 'request-blocked')).toMatchObject([{origin: demo.mapUrl}]);
  expect(demo.map.counts).toMatchObject({requests: 1, unauthorized: 1, preflights: 0});
  const status = await tag.evaluate(
    async (element: HTMLElementTagNameMap['secure-map'], url) => (await element.fetch(url)).status,
    `${other.lookAlike}/allowed.json`,
  );
  expect(status).toBe(200);
  expect(other.seen.find(({method}) => method === 'GET')?.headers.authorization).toMatch(/^Bearer eyJ/);
});

test('a path prefix keeps the credential from the rest of the server', async ({page, site}) => {
  const {demo} = site;
  await page.goto(
    await site.page(`<secure-map token-url="/site/token" center="10,50" zoom="4" allowed-origins="{{map}}/tiles/"
      layers='[{"type": "xyz", "id": "inside", "url": "{{map}}/tiles/{z}/{x}/{y}.png"},
        {"type": "geojson", "id": "beside", "url": "{{map}}/features/cities.geojson"},
        {"type": "geojson", "id": "above", "url": "{{map}}/tiles/../features/cities.geojson?a"},
        {"type": "geojson", "id": "encoded", "url": "{{map}}/tiles/%2e%2e%2ffeatures/cities.geojson"}]'></secure-map>`),
  );
  const tag = tagOf(page);
  await expectMap(tag);
  await expectIdle(tag);
  const outside = demo.log.entries.filter(({server, path}) => server === 'map' && path.includes('features'));
  // Asked once more, perhaps, when the token is there: whatever failed is.
  expect(new Set(outside.map(({path}) => path))).toEqual(
    new Set(['/features/cities.geojson', '/tiles/%2e%2e%2ffeatures/cities.geojson']),
  );
  expect(outside.map(({credential, preflight}) => `${credential} ${String(preflight)}`)).toEqual(
    Array.from(outside, () => 'none false'),
  );
  expect(await eventsOf(page, 'request-blocked')).toMatchObject([{origin: demo.mapUrl}]);
  const errors = await eventsOf(page, 'layer-error');
  expect(new Set(errors.map(({layerId, kind}) => `${String(layerId)} ${String(kind)}`))).toEqual(
    new Set(['above origin', 'beside origin', 'encoded origin']),
  );
});

test('no address has the credential in it', async ({page, context, demo}) => {
  const tokens: string[] = [];
  const asked: {url: string; headers: Promise<Record<string, string>>}[] = [];
  context.on('request', (request) => asked.push({url: request.url(), headers: request.allHeaders()}));
  context.on('response', (response) => {
    if (response.url() !== `${demo.issuer}/token`) return;
    void response.json().then((answer) => tokens.push(String(Reflect.get(Object(answer), 'access_token'))));
  });
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expect.poll(() => tokens.length).toBe(1);
  const [token = ''] = tokens;
  expect(asked.filter(({url}) => url.includes(token))).toEqual([]);

  const carriers = new Set<string>();
  for (const {url, headers} of asked) {
    const {authorization, referer, cookie} = await headers;
    if (authorization !== undefined) carriers.add(new URL(url).origin);
    if (new URL(url).origin === demo.mapUrl) expect([referer, cookie]).toEqual([undefined, undefined]);
    expect([referer, cookie].join()).not.toContain(token);
  }
  // And nobody but the map server has seen it.
  expect([...carriers]).toEqual([demo.mapUrl]);
});
