import type {Page} from '@playwright/test';
import {messageOf, signInButton, stateOf, tagOf} from '../e2e/support/tag.js';
import {signInByPopup, signInByRedirect} from '../e2e/support/visitor.js';
import {readBundle} from '../../scripts/size/bundle.js';
import {expect, test} from './fixtures.js';
import {fetchBy, mistakeIn, openMap, outcomeOf, signedInAt, type Tag} from './support/map-page.js';

// The providers and servers of these tests are in no policy of the site: what it would forbid, the tag has to forbid.
test.use({bypassCSP: true});

/** What may be written on a tag by somebody who knows other libraries. */
const otherFlows = `response_type="token" response-type="id_token token" response-mode="fragment" disable-pkce
  code_challenge_method="plain" code-challenge-method="plain" grant-type="password" flow="implicit"`;

/** The requests for authorization that any window of the browser makes. */
const authorizations = (page: Page, issuer: string): URLSearchParams[] => {
  const all: URLSearchParams[] = [];
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === issuer && url.pathname === '/auth') all.push(url.searchParams);
  });
  return all;
};

test('#1 popup, redirect and the page as return page ask for a code with S256, whatever else is on the tag', async ({
  page,
  site,
}) => {
  const {demo} = site;
  const asked = authorizations(page, demo.issuer);
  await page.goto(
    await site.page(`<secure-map ${otherFlows} config="{{map}}/config/world.json" authority="{{issuer}}"
      client-id="map-viewer"></secure-map>`),
  );
  await signInByPopup(page, tagOf(page));
  for (const path of ['demo/redirect.html', 'demo/redirect-here.html']) {
    await page.goto(demo.pageUrl + path);
    await signInButton(tagOf(page)).click();
    await expect.poll(() => stateOf(tagOf(page)).catch(() => 'elsewhere')).toBe('authenticated');
  }
  expect(asked).toHaveLength(3);
  for (const query of asked) {
    expect(query.getAll('response_type')).toEqual(['code']);
    expect(query.getAll('code_challenge_method')).toEqual(['S256']);
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(query.get('response_mode') ?? 'query').toBe('query');
  }
  // The provider itself saw that the verifiers fit.
  expect(demo.signIn.counts).toMatchObject({codeExchanges: 3, errors: 0});
});

for (const field of ['responseType', 'response_type', 'disablePkce', 'codeChallengeMethod', 'responseMode', 'flow']) {
  test(`#1 "${field}" in credentials is a mistake that is told, and no sign-in`, async ({page, site, provider}) => {
    const credentials = [
      {origins: site.demo.mapUrl, authority: provider.issuer, clientId: 'map-viewer', [field]: 'token'},
    ];
    const tag = await openMap(page, site, `credentials='${JSON.stringify(credentials)}'`);
    expect(await mistakeIn(page)).toEqual([
      expect.stringContaining(`invalid-attribute credentials[0].${field}: is not known`),
    ]);
    expect(await outcomeOf(tag)).toBe('login-refused');
    expect(provider.seen).toEqual([]);
  });
}

/** A window that the provider answers with a refusal before it is even open: hundreds of sign-ins in a second. */
const answerAtOnce = (): void => {
  const sent: string[] = [];
  const replace = (address: string): void => {
    sent.push(address);
    const {searchParams, origin} = new URL(address);
    const params = new URLSearchParams({
      error: 'access_denied',
      state: searchParams.get('state') ?? '',
      iss: origin,
    });
    window.postMessage({source: 'secure-map', v: 1, params: params.toString()}, location.origin);
  };
  const nothing = (): void => undefined;
  const popup = {closed: false, sessionStorage, close: nothing, addEventListener: nothing};
  Object.assign(window, {sent, open: () => ({...popup, location: {href: 'about:blank', replace}})});
};

const startMany = (page: Page, times: number): Promise<string[]> =>
  tagOf(page).evaluate(async (element: Tag, count) => {
    for (let left = count; left > 0; left -= 1) await element.login().catch(() => undefined);
    const sent: unknown = Reflect.get(window, 'sent');
    return Array.isArray(sent) ? sent.map(String) : [];
  }, times);

const distinct = (addresses: readonly string[], name: string): number =>
  new Set(addresses.map((address) => new URL(address).searchParams.get(name))).size;

test('#3 1000 sign-ins, with a Math.random that always says the same: no state, nonce or challenge twice', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.addInitScript(answerAtOnce);
  await page.addInitScript(() => (Math.random = () => 0.5));
  await openMap(page, site, signedInAt(provider, vault.origin));
  const addresses = await startMany(page, 1000);
  expect(addresses).toHaveLength(1000);
  const secrets = ['state', 'nonce', 'code_challenge'];
  expect(secrets.map((name) => distinct(addresses, name))).toEqual([1000, 1000, 1000]);
  for (const name of secrets) {
    const shortest = Math.min(...addresses.map((address) => (new URL(address).searchParams.get(name) ?? '').length));
    expect(shortest, name).toBeGreaterThanOrEqual(32);
  }
  console.log(`#3: 1000 sign-ins, ${distinct(addresses, 'state')} states, ${distinct(addresses, 'nonce')} nonces`);
});

test('#3 all of it comes from the crypto API: with that standing still, nothing is new', async ({
  page,
  site,
  provider,
  vault,
}) => {
  await page.addInitScript(answerAtOnce);
  await page.addInitScript(() => {
    const stuck: Crypto['getRandomValues'] = (array) => {
      if (array instanceof Uint8Array) array.fill(7);
      else if (array instanceof Uint32Array || array instanceof Uint16Array) array.fill(7);
      return array;
    };
    Crypto.prototype.getRandomValues = stuck;
  });
  await openMap(page, site, signedInAt(provider, vault.origin));
  const addresses = await startMany(page, 3);
  expect(['state', 'nonce', 'code_challenge'].map((name) => distinct(addresses, name))).toEqual([1, 1, 1]);
});

test('#3 each verifier is new, long enough and the one of its challenge', async ({page, site, provider, vault}) => {
  provider.behave({replies: {'/token': () => ({status: 500})}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  const verifiers = new Set<string>();
  for (let round = 1; round <= 3; round += 1) {
    expect(await outcomeOf(tag)).toBe('provider-unreachable http-500');
    const verifier = provider.to('/token').at(-1)?.form.get('code_verifier') ?? '';
    expect(verifier).toMatch(/^[\w.~-]{43,128}$/);
    verifiers.add(verifier);
  }
  expect(verifiers.size).toBe(3);
  provider.behave({});
  expect(await outcomeOf(tag)).toBe('done');
  expect(provider.complaints).toEqual([]);
});

const redirectUris: readonly (readonly [string, string])[] = [
  ['another origin', 'https://elsewhere.test/callback.html'],
  ['another port', 'http://localhost:1/callback.html'],
  ['another name of this machine', 'http://127.0.0.1/callback.html'],
  ['plain http', 'http://elsewhere.test/callback.html'],
  ['a script', 'javascript:alert(1)'],
  ['a document of its own', 'data:text/html,callback'],
  ['a fragment', '/callback.html#here'],
  ['no URL', 'http://['],
];
test('#9 a redirect-uri elsewhere, over http or with more in it is a mistake that is told, and no sign-in', async ({
  page,
  site,
  provider,
}) => {
  for (const [what, uri] of redirectUris) {
    const tag = await openMap(page, site, `${signedInAt(provider, site.demo.mapUrl)} redirect-uri="${uri}"`);
    const [mistake, ...others] = await mistakeIn(page);
    expect(mistake, what).toContain('invalid-attribute redirect-uri');
    expect(others).toEqual([]);
    await expect(messageOf(tag)).toContainText('redirect-uri');
    expect(await outcomeOf(tag), what).toBe('login-refused');
  }
  expect(provider.seen).toEqual([]);
});

test('#9 the redirect_uri is the same on both requests, and a path of the page’s own origin', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const origin = new URL(site.demo.pageUrl).origin;
  for (const [written, sent] of [
    ['', `${origin}/callback.html`],
    ['redirect-uri="/callback.html?map=1"', `${origin}/callback.html?map=1`],
  ] as const) {
    provider.reset();
    const tag = await openMap(page, site, signedInAt(provider, vault.origin, written));
    const outcome = outcomeOf(tag);
    const {query} = await provider.until(({path}) => path === '/auth');
    expect(query.get('redirect_uri')).toBe(sent);
    if (written === '') expect(await outcome).toBe('done');
    else await outcome.catch(() => undefined);
    expect(provider.complaints).toEqual([]);
  }
});

test('#12 a client secret in the markup is a mistake that is told, and goes nowhere', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const secret = 'canary-client-secret';
  for (const attributes of [
    signedInAt(provider, vault.origin, `client-secret="${secret}"`),
    `credentials='${JSON.stringify([
      {origins: vault.origin, authority: provider.issuer, clientId: 'map-viewer', clientSecret: secret},
    ])}'`,
  ]) {
    const tag = await openMap(page, site, attributes);
    const mistakes = await mistakeIn(page);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(/^invalid-attribute .*client-?secret/i);
    expect(mistakes[0]).not.toContain(secret);
    expect(await outcomeOf(tag)).toBe('login-refused');
  }
  expect(provider.seen).toEqual([]);
});

test('#12 no request of a sign-in authenticates the client, and no schema has a place for a secret', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await outcomeOf(tag, 'refresh')).toBe('done');
  await tag.evaluate((element: Tag) => element.logout());
  await provider.until(({path}) => path === '/revoke');
  for (const {headers, form, query} of provider.seen) {
    expect(headers.authorization).toBeUndefined();
    for (const name of ['client_secret', 'client_assertion']) {
      expect([form.get(name), query.get(name)]).toEqual([null, null]);
    }
  }
  const properties = await tag.evaluate((element) => {
    const names: string[] = [];
    for (let one: unknown = element; one instanceof HTMLElement; one = Object.getPrototypeOf(one)) {
      if (one.constructor === HTMLElement) break;
      names.push(...Object.getOwnPropertyNames(one));
    }
    return names;
  });
  expect(properties).toContain('clientId');
  expect(properties.filter((name) => /secret/i.test(name))).toEqual([]);
});

test('#15 asks for openid alone, and for offline_access only when the page says so', async ({
  page,
  site,
  provider,
  vault,
}) => {
  for (const [attribute, scope] of [
    ['', 'openid'],
    ['scope="openid profile"', 'openid profile'],
    ['scope="openid offline_access"', 'openid offline_access'],
  ] as const) {
    provider.reset();
    const tag = await openMap(page, site, signedInAt(provider, vault.origin, attribute));
    expect(await outcomeOf(tag)).toBe('done');
    expect(provider.to('/auth')[0]?.query.get('scope')).toBe(scope);
    expect(provider.to('/auth')[0]?.query.get('prompt')).toBeNull();
    expect(await outcomeOf(tag, 'refresh')).toBe('done');
    expect(provider.to('/token').at(-1)?.form.get('scope') ?? scope).toBe(scope);
  }
});

test('#14 the resource is named on all three requests', async ({page, site, provider, vault}) => {
  const resource = `${vault.origin}/tiles`;
  const tag = await openMap(page, site, signedInAt(provider, vault.origin, `resource="${resource}"`));
  expect(await outcomeOf(tag)).toBe('done');
  expect(await outcomeOf(tag, 'refresh')).toBe('done');
  const [authorize] = provider.to('/auth');
  expect(authorize?.query.getAll('resource')).toEqual([resource]);
  expect(provider.to('/token').map(({form}) => [form.get('grant_type'), ...form.getAll('resource')])).toEqual([
    ['authorization_code', resource],
    ['refresh_token', resource],
  ]);
});

test('#14 two layers with two resources have two tokens, which are never swapped, also not after a renewal', async ({
  page,
  site,
  provider,
  vault,
  attacker: other,
}) => {
  // The token says what it is for.
  provider.behave({tokens: ({form}, count) => ({access_token: `for-${String(form.get('resource')).at(-1)}-${count}`})});
  const entry = (origin: string, name: string) => ({
    id: name,
    origins: origin,
    authority: provider.issuer,
    clientId: 'map-viewer',
    resource: `https://resources.test/${name}`,
  });
  const credentials = JSON.stringify([entry(vault.origin, 'a'), entry(other.origin, 'b')]);
  const tag = await openMap(page, site, `credentials='${credentials}'`);
  const answers = [fetchBy(tag, `${vault.origin}/1`), fetchBy(tag, `${other.origin}/1`)];
  expect(await outcomeOf(tag)).toBe('done');
  expect(await outcomeOf(tag)).toBe('done');
  expect(await Promise.all(answers)).toEqual(['200', '200']);
  await tag.evaluate((element: Tag) => element.refresh());
  expect(await Promise.all([fetchBy(tag, `${vault.origin}/2`), fetchBy(tag, `${other.origin}/2`)])).toEqual([
    '200',
    '200',
  ]);
  const kinds = (seen: typeof vault.seen): unknown[] =>
    seen.map(({headers}) => headers.authorization?.replace(/-\d+$/, ''));
  expect(kinds(vault.seen)).toEqual(['Bearer for-a', 'Bearer for-a']);
  expect(kinds(other.seen)).toEqual(['Bearer for-b', 'Bearer for-b']);
  const tokens = new Set([...vault.seen, ...other.seen].map(({headers}) => headers.authorization));
  expect(tokens.size).toBe(4);
});

test('#4 answers that are forged, replayed, of another tab or too old ask the provider for nothing', async ({
  page,
  context,
  site,
  provider,
  vault,
}) => {
  await page.clock.install();
  // The provider's page: the answer is given by hand.
  provider.behave({replies: {'/auth': () => ({headers: {'content-type': 'text/html'}, body: '<h1>Sign in</h1>'})}});
  const attributes = `${signedInAt(provider, vault.origin)} login="redirect"`;
  const begin = async (where: Page): Promise<{address: string; query: URLSearchParams}> => {
    const before = provider.to('/auth').length;
    await openMap(where, site, attributes);
    const address = where.url();
    await tagOf(where).evaluate((element: Tag) => void element.login().catch(() => undefined));
    await expect(where.getByRole('heading', {name: 'Sign in'})).toBeVisible();
    const query = provider.to('/auth')[before]?.query;
    return {address, query: query ?? new URLSearchParams()};
  };
  const tokenRequests = (): number => provider.to('/token').length;

  const {address, query} = await begin(page);
  const forged = new URLSearchParams(query);
  forged.set('state', 'f'.repeat(32));
  await page.goto(provider.answerTo(forged));
  await expect.poll(() => page.url()).toBe(`${site.demo.pageUrl}callback.html`);
  await page.goto(address);
  expect(await stateOf(tagOf(page))).toBe('anonymous');
  expect(tokenRequests(), 'forged').toBe(0);

  // The very answer to this request, in another tab.
  const good = provider.answerTo(query);
  const other = await context.newPage();
  await other.goto(good);
  await other.goto(address);
  expect(await stateOf(tagOf(other))).toBe('anonymous');
  await other.close();
  expect(tokenRequests(), 'another tab').toBe(0);

  // In its own tab it is good, once.
  await page.goto(good);
  await expect.poll(() => stateOf(tagOf(page)).catch(() => 'elsewhere')).toBe('authenticated');
  expect(tokenRequests()).toBe(1);
  await page.goto(good);
  await page.goto(address);
  expect(await stateOf(tagOf(page))).toBe('anonymous');
  expect(tokenRequests(), 'replayed').toBe(1);

  const late = await begin(page);
  await page.clock.setSystemTime(Date.now() + 15 * 60_000 + 1000);
  await page.goto(provider.answerTo(late.query));
  await page.goto(late.address);
  expect(await stateOf(tagOf(page))).toBe('anonymous');
  expect(tokenRequests(), 'too old').toBe(1);
});

test('#4 an answer in the popup that carries another state ends the sign-in there', async ({
  page,
  site,
  provider,
  vault,
}) => {
  provider.behave({answer: {state: 'f'.repeat(32)}});
  const tag = await openMap(page, site, signedInAt(provider, vault.origin));
  expect(await outcomeOf(tag)).toBe('login-refused state-mismatch');
  expect(await stateOf(tag)).toBe('anonymous');
  expect(provider.to('/token')).toEqual([]);
});

test('#13 the bundle has no word for a password grant in it', () => {
  const {first, lazy} = readBundle(`${process.env['DIST'] ?? 'dist'}/secure-map.js`);
  const engine = lazy.find(({code}) => code.includes('refresh_token'));
  expect(engine).toBeDefined();
  const chunks = [...first, ...lazy].filter(({code}) =>
    /["'`]password["'`]|grant_type=password|ResourceOwner/.test(code),
  );
  expect(chunks.map(({file}) => file)).toEqual([]);
});

test('#13 no way to write a user name and a password leads to a password grant', async ({
  page,
  site,
  provider,
  vault,
}) => {
  const tag = await openMap(
    page,
    site,
    signedInAt(provider, vault.origin, 'username="anna" password="anna" grant-type="password" strict'),
  );
  expect(await outcomeOf(tag)).toBe('done');
  expect(await outcomeOf(tag, 'refresh')).toBe('done');
  expect(provider.to('/token').map(({form}) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
  ]);
  expect(provider.seen.filter(({body}) => body.includes('password'))).toEqual([]);
});

test('#1 a sign-in by redirect at the demo’s provider sends nothing in a fragment', async ({page, site}) => {
  const asked = authorizations(page, site.demo.issuer);
  await page.goto(`${site.demo.pageUrl}demo/redirect.html`);
  await signInByRedirect(page, tagOf(page));
  expect(asked[0]?.get('response_mode')).toBeNull();
  expect(new URL(page.url()).hash).toBe('');
});
