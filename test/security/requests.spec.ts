import type {BrowserContext} from '@playwright/test';
import {codeOf, eventsOf, wordsOf} from '../e2e/support/recorder.js';
import {findIn, placesOf} from '../e2e/support/scan.js';
import {listenForSecrets} from '../e2e/support/secrets.js';
import {expectIdle, expectMap, pan, tagOf} from '../e2e/support/tag.js';
import {signInByPopup} from '../e2e/support/visitor.js';
import {expect, test} from './fixtures.js';
import {fetchBy, mistakeIn, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';
import {json, sendTo} from './support/recording-server.js';
import type {Seen} from './support/recording-server.js';

// The servers of these tests are in no policy of the site: what it would forbid, the tag has to forbid.
test.use({bypassCSP: true});

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: Promise<Record<string, string>>;
  readonly body: string;
}

/** Every request of every window, with the headers that really went out. */
const audit = (context: BrowserContext): Asked[] => {
  const all: Asked[] = [];
  context.on('request', (request) =>
    all.push({
      method: request.method(),
      url: new URL(request.url()),
      headers: request.allHeaders().catch(() => request.headers()),
      body: request.postData() ?? '',
    }),
  );
  return all;
};

/** In which ways a request carries any of these tokens. */
const ways = async ({url, headers, body}: Asked, tokens: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  const has = (text: string): boolean => tokens.some((token) => text.includes(token));
  for (const [name, value] of Object.entries(await headers)) {
    // The browser repeats the address in headers of its own.
    if (!name.startsWith(':') && has(value)) found.push(`header ${name}`);
  }
  if (has(decodeURIComponent(url.href))) found.push('address');
  if (has(body)) found.push('body');
  return found;
};

test('#21 sign-in, config, tiles, WMS, features and the page’s own requests: one Authorization header each, and no more', async ({
  page,
  context,
  demo,
}) => {
  const asked = audit(context);
  const secrets = listenForSecrets(context, demo);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await tag.evaluate(async (element: Tag, url) => {
    await element.refresh();
    await element.fetch(`${url}/features/cities.geojson?own`);
  }, demo.mapUrl);
  await pan(tag, 1);
  await expectMap(tag);
  await expectIdle(tag);
  await secrets.settled();
  const tokens = secrets.found['access token'] ?? [];
  expect(tokens).toHaveLength(2);

  let carried = 0;
  for (const one of asked) {
    const found = await ways(one, tokens);
    const isToMap = one.url.origin === demo.mapUrl && one.method !== 'OPTIONS';
    expect(found, one.url.pathname).toEqual(isToMap ? ['header authorization'] : []);
    if (isToMap) expect((await one.headers)['authorization']).toMatch(/^Bearer [^ ,]+$/);
    carried += Number(isToMap);
  }
  expect(carried).toBeGreaterThan(30);
  console.log(`#21: ${asked.length} requests, ${carried} of them with the token, each in one header`);
});

test('#21 a credential that the page’s own code put on a request is left alone, and is the only one', async ({
  page,
  site,
  vault,
}) => {
  const tag = await openMap(page, site, `token="canary-token" allowed-origins="${vault.origin}"`);
  await fetchBy(tag, `${vault.origin}/own`, {headers: {authorization: 'Bearer of-the-page'}});
  await fetchBy(tag, `${vault.origin}/query?access_token=of-the-page`);
  await fetchBy(tag, `${vault.origin}/ours`);
  expect(vault.seen.map(({headers, query}) => [headers.authorization, query.get('access_token')])).toEqual([
    ['Bearer of-the-page', null],
    [undefined, 'of-the-page'],
    ['Bearer canary-token', null],
  ]);
});

test('#21 a header of another name takes the place of Authorization', async ({page, site, vault}) => {
  const tag = await openMap(
    page,
    site,
    `token="canary-token" allowed-origins="${vault.origin}" token-name="X-Api-Key" token-prefix=""`,
  );
  expect(await fetchBy(tag, `${vault.origin}/ours`)).toBe('200');
  expect(vault.seen[0]?.headers).toMatchObject({'x-api-key': 'canary-token'});
  expect(vault.seen[0]?.headers.authorization).toBeUndefined();
});

test('#22 by default no address, performance entry or entry of the history has a token in it', async ({
  page,
  context,
  demo,
}) => {
  const secrets = listenForSecrets(context, demo);
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await tag.evaluate((element: Tag) => element.refresh());
  await pan(tag, 1);
  await expectMap(tag);
  await secrets.settled();
  const places = await placesOf(page, secrets.console);
  expect(places['performance']).toContain(`${demo.mapUrl}/tiles/`);
  expect(findIn(places, secrets.found)).toEqual([]);
  const tokens = ['access token', 'refresh token', 'id token'].flatMap((name) => secrets.found[name] ?? []);
  expect(tokens.length).toBeGreaterThan(4);
  expect(secrets.addresses.filter((address) => tokens.some((token) => address.includes(token)))).toEqual([]);
});

test('#22 token-transport="query" is warned about, and puts the token on addresses of the scope only', async ({
  page,
  context,
  site,
  provider,
  vault,
  attacker,
}) => {
  const warnings: string[] = [];
  context.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  attacker.answer(() => json({}, 401));
  const layers = [
    {type: 'xyz', id: 'inside', url: `${vault.origin}/{z}/{x}/{y}.png`},
    {type: 'xyz', id: 'outside', url: `${attacker.origin}/{z}/{x}/{y}.png`},
  ];
  vault.answer(() => json({}, 403));
  const tag = await openMap(
    page,
    site,
    signedInAt(
      provider,
      vault.origin,
      `token-transport="query" center="10,50" zoom="4" layers='${JSON.stringify(layers)}'`,
    ),
  );
  expect(await outcomeOf(tag)).toBe('done');
  await vault.until(({query}) => query.has('access_token'));
  await attacker.until(() => true);
  await expectIdle(tag);
  expect(warnings.filter((text) => text.includes('token-transport="query"'))).toHaveLength(1);
  for (const {query, headers} of vault.seen) {
    expect(query.get('access_token')).toMatch(/^access-canary/);
    expect(headers.authorization).toBeUndefined();
  }
  const isTold = ({url, headers}: Seen): boolean => /access-canary/.test(`${url} ${headers.referer ?? ''}`);
  expect([...attacker.seen, ...provider.seen].filter(isTold)).toEqual([]);
  expect(page.url()).not.toContain('canary');
  // What is told of these requests is told without the token.
  const errors = await eventsOf(page, 'layer-error');
  expect(errors.some(({layerId}) => layerId === 'inside')).toBe(true);
  expect(JSON.stringify(errors)).not.toContain('canary');
  expect(warnings.join()).not.toContain('canary');
});

test('#23 a token by form goes with POST only: on GET it is a mistake that is told, and nothing is sent', async ({
  page,
  site,
  vault,
}) => {
  const layers = [{type: 'geojson', id: 'cities', url: `${vault.origin}/cities.geojson`}];
  const tag = await openMap(
    page,
    site,
    `token="canary-token" allowed-origins="${vault.origin}" token-transport="form" center="10,50" zoom="4"
      layers='${JSON.stringify(layers)}'`,
  );
  expect(await fetchBy(tag, `${vault.origin}/get`)).toMatch(/^(invalid-config|request-failed)/);
  await expectIdle(tag);
  expect(vault.seen).toEqual([]);
  const told = [
    ...(await mistakeIn(page)),
    ...(await eventsOf(page, 'layer-error')).map(({message}) => String(message)),
  ];
  expect(told.join()).toContain('token-transport');
  expect(told.join()).not.toContain('canary');

  const type = {'content-type': 'application/x-www-form-urlencoded'};
  expect(await fetchBy(tag, `${vault.origin}/post?q=1`, {method: 'POST', headers: type, body: 'a=1'})).toBe('200');
  expect(vault.seen).toHaveLength(1);
  expect(vault.seen[0]?.body).toBe('a=1&access_token=canary-token');
  expect(vault.seen[0]?.headers.authorization).toBeUndefined();
  expect(vault.seen[0]?.url).toBe('/post?q=1');
  // Anything that is no form stays what it is, and stays here.
  const other = await fetchBy(tag, `${vault.origin}/post`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: '{}',
  });
  expect(other).toMatch(/^(invalid-config|request-failed)/);
  expect(vault.seen).toHaveLength(1);
});

/** Nothing of a credential came along, and nobody asked whether it might. */
const expectBare = ({seen, preflights}: {seen: readonly Seen[]; preflights: readonly Seen[]}): void => {
  expect(preflights).toEqual([]);
  for (const {headers, url, body} of seen) {
    expect([headers.authorization, headers.cookie, headers['dpop']]).toEqual([undefined, undefined, undefined]);
    expect(`${url} ${body} ${headers.referer ?? ''}`).not.toMatch(/eyJ|canary/);
  }
};

test('#24 a fetched config that names a look-alike, another port, and origins of its own: no credential, and an event', async ({
  page,
  demo,
  attacker,
}) => {
  attacker.answer(() => json({error: 'no'}, 401));
  const evil = {
    view: {center: [10, 50], zoom: 4},
    // Words of the tag that a config has no right to.
    'allowed-origins': attacker.origin,
    allowedOrigins: attacker.origin,
    credentials: [{origins: attacker.origin, token: 'x'}],
    tokenTransport: 'query',
    layers: [
      {type: 'xyz', id: 'world', url: `${demo.mapUrl}/tiles/{z}/{x}/{y}.png`},
      {type: 'xyz', id: 'name', url: `${attacker.lookAlike}/tiles/{z}/{x}/{y}.png`},
      {type: 'geojson', id: 'port', url: `${attacker.origin}/cities.geojson`, allowedOrigins: attacker.origin},
      {type: 'wms', id: 'user', url: `${attacker.origin.replace('//', '//127.0.0.1@')}/wms`, layers: 'a'},
    ],
  };
  demo.map.setFault(({kind, preflight}) =>
    kind === 'config' && !preflight ? {body: JSON.stringify(evil)} : undefined,
  );
  await page.goto(demo.pageUrl);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expect.poll(() => attacker.seen.some(({path}) => path.startsWith('/tiles/'))).toBe(true);
  await attacker.until(({path}) => path === '/cities.geojson');
  await expectIdle(tag);
  expectBare(attacker);
  const blocked = await eventsOf(page, 'request-blocked');
  expect(blocked.map(({origin}) => String(origin)).toSorted()).toEqual(
    [attacker.lookAlike, attacker.origin].toSorted(),
  );
});

const outside: readonly ((origin: string) => string)[] = [
  (origin) => `${origin}/tilesets/a`,
  (origin) => `${origin}/tiles/../secret`,
  (origin) => `${origin}/tiles/..%2fsecret`,
  (origin) => `${origin}/tiles/%2e%2e/secret`,
  (origin) => `${origin}/tiles/..;/secret`,
  (origin) => `${origin}/tiles/%252e%252e%252fsecret`,
  (origin) => `${origin}/tiles\\..\\secret`,
  (origin) => `${origin}/TILES/a`,
  (origin) => `${origin}/`,
];
test('#24 a path prefix is compared by whole segments after normalisation', async ({page, site, vault}) => {
  const tag = await openMap(page, site, `token="canary-token" allowed-origins="${vault.origin}/tiles/"`);
  for (const make of outside) expect(await fetchBy(tag, make(vault.origin))).toBe('200');
  expectBare(vault);
  expect(vault.seen).toHaveLength(outside.length);
  expect(await fetchBy(tag, `${vault.origin}/tiles/a?b=/../c`)).toBe('200');
  expect(vault.seen.at(-1)?.headers.authorization).toBe('Bearer canary-token');
});

for (const origins of ['https://*.example', '*', 'https://', 'maps.example', 'null', 'data:', 'https://a@b.example']) {
  test(`#24 allowed-origins="${origins}" is a mistake that is told, and no credential goes anywhere`, async ({
    page,
    site,
    vault,
  }) => {
    const tag = await openMap(page, site, `token="canary-token" allowed-origins="${origins}"`);
    const errors = await eventsOf(page, 'secure-map-error');
    expect(errors.map(codeOf)).toEqual(['invalid-attribute']);
    expect(errors.map(wordsOf)[0]).toContain('allowed-origins');
    await fetchBy(tag, `${vault.origin}/a`);
    expectBare(vault);
  });
}

test('#25 config, tiles, features and the page’s own requests: a redirect to another origin is not followed', async ({
  page,
  site,
  vault,
  attacker,
}) => {
  // The bare look at `/`, whether the server is there at all, has nothing to lose.
  vault.answer(({path}) => (path === '/' ? json({}) : sendTo(`${attacker.origin}${path}`)));
  // A header of another name is what browsers carry over to the new origin.
  for (const header of ['', 'token-name="X-Api-Key" token-prefix=""']) {
    const layers = [
      {type: 'xyz', id: 'tiles', url: `${vault.origin}/{z}/{x}/{y}.png`},
      {type: 'wms', id: 'wms', url: `${vault.origin}/wms`, layers: 'a'},
      {type: 'geojson', id: 'features', url: `${vault.origin}/features.geojson`},
    ];
    const tag = await openMap(
      page,
      site,
      `token="canary-token" config="${vault.origin}/config.json" allowed-origins="${vault.origin}" ${header}
        center="10,50" zoom="4" layers='${JSON.stringify(layers)}'`,
    );
    expect(await fetchBy(tag, `${vault.origin}/own`)).toBe('request-failed cors');
    await expect
      .poll(async () => new Set((await eventsOf(page, 'layer-error')).map(({layerId}) => layerId)).size)
      .toBe(layers.length);
    await expectIdle(tag);
  }
  const probes = vault.seen.filter(({path}) => path === '/');
  expectBare({seen: probes, preflights: []});
  const others = vault.seen.filter(({path}) => path !== '/');
  const asked = new Set(others.map(({path}) => path.replaceAll(/\d+/g, '0')));
  expect([...asked].toSorted()).toEqual(['/0/0/0.png', '/config.json', '/features.geojson', '/own', '/wms']);
  expect([...attacker.seen, ...attacker.preflights]).toEqual([]);
});

test('#25 neither a token URL nor a token endpoint leads elsewhere by a redirect', async ({
  page,
  site,
  provider,
  vault,
  attacker,
}) => {
  provider.behave({replies: {'/token': () => ({status: 307, headers: {location: `${attacker.origin}/token`}})}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('provider-invalid redirect');
  vault.answer(() => sendTo(`${attacker.origin}/token`));
  const other = await openMap(
    page,
    site,
    `token-url="${vault.origin}/token" allowed-origins="${vault.origin}" layers='[]'`,
  );
  void fetchBy(other, `${vault.origin}/a`).catch(() => undefined);
  await vault.until(({path}) => path === '/token');
  // A back end that redirects means to say that nobody is signed in.
  await expect.poll(async () => (await eventsOf(page, 'auth-required')).length).toBe(1);
  expect([...attacker.seen, ...attacker.preflights]).toEqual([]);
});

test('#26 an origin, a config, a provider or a token URL over http elsewhere gets no credential', async ({
  page,
  context,
  site,
  vault,
}) => {
  const carried: string[] = [];
  await context.route(/^http:\/\/[\w.]*\.test\//, async (route) => {
    const {authorization, cookie} = await route.request().allHeaders();
    if (authorization ?? cookie) carried.push(route.request().url());
    await route.fulfill({status: 401, headers: {'access-control-allow-origin': '*'}});
  });
  for (const [attributes, attribute] of [
    [`token="canary" allowed-origins="http://maps.test"`, 'allowed-origins'],
    [`token="canary" allowed-origins="${vault.origin} http://maps.test/tiles/"`, 'allowed-origins'],
    [`authority="http://login.test" client-id="a" allowed-origins="${vault.origin}"`, 'authority'],
    [`token-url="http://site.test/token" allowed-origins="${vault.origin}"`, 'token-url'],
  ] as const) {
    const tag = await openMap(page, site, attributes);
    expect(await mistakeIn(page), attributes).toEqual([expect.stringMatching(`^invalid-attribute ${attribute}`)]);
    await fetchBy(tag, 'http://maps.test/tiles/1');
  }
  // The origin of the config would be the scope, were it not for the plain http.
  const tag = await openMap(page, site, `token="canary" config="http://maps.test/config.json"`);
  await fetchBy(tag, 'http://maps.test/tiles/1');
  expect((await eventsOf(page, 'request-blocked')).map(({origin}) => origin)).toEqual(['http://maps.test']);
  expect(carried).toEqual([]);
  expectBare(vault);
});

test('#27 cookies of the map server, the provider and the site’s own back end do not go along with a bearer token', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  const {demo} = site;
  // By the name of the page's own host these are other origins of its site: the browser would send the cookie if it
  // were let.
  const near = `http://localhost:${vault.port}`;
  const own = new URL(demo.pageUrl).origin;
  await context.addCookies(
    [demo.pageUrl, provider.issuer].map((url) => ({url, name: 'visitor', value: 'canary-cookie'})),
  );
  const asked = audit(context);
  const layers = JSON.stringify([{type: 'geojson', id: 'features', url: `${near}/features.geojson`}]);
  const tag = await openMap(
    page,
    site,
    signedInAt(provider, `${near} ${own}`, `center="10,50" zoom="4" layers='${layers}'`),
  );
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${near}/own`)).toBe('200');
  expect(await fetchBy(tag, `${own}/demo/icon.svg?own`)).toBe('200');
  await vault.until(({path}) => path === '/features.geojson');
  for (const {headers, path} of vault.seen) {
    expect(headers.authorization, path).toMatch(/^Bearer /);
    expect(headers.cookie, path).toBeUndefined();
  }
  const toSite = asked.find(({url}) => url.search === '?own');
  const sent = (await toSite?.headers) ?? {};
  expect(sent['authorization']).toMatch(/^Bearer /);
  expect(sent['cookie']).toBeUndefined();
  // A page that asks by itself has its cookie sent: it is there.
  await page.evaluate((url) => fetch(url, {credentials: 'include'}), `${near}/by-the-page`);
  expect(vault.seen.at(-1)?.headers.cookie).toContain('canary-cookie');
  // The provider's own page has its cookie, which is what makes one sign-in do for all; no request of ours has.
  expect(provider.seen.filter(({headers}) => headers.cookie !== undefined).map(({path}) => path)).toEqual(['/auth']);
});

test('#28 no request with a credential tells where it comes from, whatever the policy of the page', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  const layers = [
    {type: 'xyz', id: 'tiles', url: `${vault.origin}/{z}/{x}/{y}.png`},
    {type: 'geojson', id: 'features', url: `${vault.origin}/features.geojson`},
  ];
  const address = await site.page(`<meta name="referrer" content="unsafe-url">
    <secure-map ${signedInAt(provider, vault.origin, `center="10,50" zoom="4" layers='${JSON.stringify(layers)}'`)}></secure-map>`);
  const asked = audit(context);
  await page.goto(`${address}?secret=canary-of-the-page`);
  const tag = tagOf(page);
  expect(await outcomeOf(tag)).toBe('done');
  expect(await fetchBy(tag, `${vault.origin}/own`)).toBe('200');
  await vault.until(({path}) => path.endsWith('.png'));
  await vault.until(({path}) => path === '/features.geojson');
  await tag.evaluate((element: Tag) => element.refresh());
  await tag.evaluate((element: Tag) => element.logout());
  await provider.until(({path}) => path === '/revoke');
  const fetched = provider.seen.filter(({path}) => path !== '/auth');
  expect(fetched.length).toBeGreaterThanOrEqual(5);
  for (const {headers, path} of [...vault.seen, ...fetched]) expect(headers.referer, path).toBeUndefined();
  // The policy of this page does tell, where it may.
  const own = await Promise.all(asked.map(({headers}) => headers));
  expect(own.some(({referer}) => referer?.includes('canary-of-the-page'))).toBe(true);
});
