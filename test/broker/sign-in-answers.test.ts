import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createSignIn, type SignIn, type SignInOptions} from '../../src/broker/index.js';
import {Browser} from './support/browser.js';
import {createFakeProvider, type FakeProvider, type Faults} from './support/fake-provider.js';

// What a provider must not get away with, and what must not end a session.

const site = 'https://maps.example';
const base = `${site}/bff`;
const SESSION = '__Host-secure-map.bff';

interface Setting {
  readonly provider: FakeProvider;
  readonly signIn: SignIn;
  readonly browser: Browser;
  readonly errors: Error[];
  ahead: number;
}

const setUp = async (faults: Faults = {}, more: Partial<SignInOptions> = {}): Promise<Setting> => {
  const provider = await createFakeProvider();
  Object.assign(provider.faults, faults);
  const errors: Error[] = [];
  const setting = {provider, errors, ahead: 0};
  const signIn = createSignIn({
    issuer: provider.issuer,
    clientId: 'broker',
    clientSecret: 'the-secret-of-the-client',
    cookieSecret: 'a-random-string-of-the-site-of-at-least-32-characters',
    baseUrl: base,
    fetch: provider.fetch,
    now: () => Date.now() + setting.ahead,
    onError: (error) => errors.push(error as Error),
    ...more,
  });
  return Object.assign(setting, {signIn, browser: new Browser({[site]: signIn})});
};

const login = async ({browser, provider}: Setting) => {
  const {response} = await browser.send(`${base}/login?returnTo=/map`);
  const query = provider.authorize(response.headers.get('location') ?? '');
  return browser.send(`${base}/callback?${query}`);
};

const session = async ({browser}: Setting) => {
  const {response, body} = await browser.send(`${base}/session`, {headers: {'sec-fetch-site': 'same-origin'}});
  return {status: response.status, body: JSON.parse(body) as Record<string, unknown>, response};
};

/** Nothing of the answers and nothing that is told to the operator has a secret in it. */
const leaksNothing = ({browser, errors}: Setting): void => {
  const told = errors.flatMap((error) => [String(error), String(error.cause)]);
  const shown = browser.visits.flatMap(({body, response}) => [body, ...[...response.headers].flat()]);
  for (const text of [...told, ...shown])
    assert.doesNotMatch(text, /access-\d|refresh-\d|the-secret|code-1|eyJhbGciOiJ(?:SUzI1Ni|ub25l)/u);
};

test('takes a good answer', async () => {
  const setting = await setUp();
  const {response} = await login(setting);
  assert.equal(response.headers.get('location'), `${site}/map`);
  assert.equal((await session(setting)).body['authenticated'], true);
  assert.equal((await setting.signIn.credential(setting.browser.request(site)))?.token, 'access-1');
  leaksNothing(setting);
});

const now = Math.floor(Date.now() / 1000);
const lies: Readonly<Record<string, Faults>> = {
  'an id token of another issuer': {claims: {iss: 'https://evil.example'}},
  'an id token for another client': {claims: {aud: 'other'}},
  'an id token for several, of which another asked': {claims: {aud: ['broker', 'other'], azp: 'other'}},
  'an id token of another sign-in': {claims: {nonce: 'x'.repeat(43)}},
  'an id token without a nonce': {claims: {nonce: undefined}},
  'an id token without an end': {claims: {exp: undefined}},
  'an id token from an hour ago': {claims: {iat: now - 7200, exp: now - 3600}},
  'an id token that begins in an hour': {claims: {nbf: now + 3600}},
  'an id token with a foreign signature': {signature: 'foreign'},
  'an id token without a signature': {signature: 'none'},
  'no id token': {answer: {id_token: undefined}},
  'no access token': {answer: {access_token: undefined}},
  'an access token with a line break': {answer: {access_token: 'access-1\r\nx: y'}},
  'a MAC token, which was not asked for': {answer: {token_type: 'mac'}},
};
for (const [what, faults] of Object.entries(lies))
  test(`refuses ${what}`, async () => {
    const setting = await setUp(faults);
    const {response, body} = await login(setting);
    assert.equal(response.status, 502);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/u);
    assert.match(body, /could not be trusted/u);
    assert.equal((await session(setting)).body['authenticated'], false);
    assert.deepEqual(
      setting.errors.map(({name}) => name),
      ['BrokerError'],
    );
    leaksNothing(setting);
  });

test('clocks may differ by a minute', async () => {
  for (const seconds of [-50, 50]) {
    const at = Math.floor(Date.now() / 1000) + seconds;
    const setting = await setUp({claims: {iat: at, nbf: at, exp: at + (seconds < 0 ? 0 : 300)}});
    assert.equal((await login(setting)).response.status, 303, `${seconds}`);
  }
});

test('asks no provider that does not do PKCE, or that calls itself otherwise', async () => {
  for (const metadata of [
    {code_challenge_methods_supported: ['plain']},
    {issuer: 'https://login.example/other'},
    {jwks_uri: undefined},
    {authorization_endpoint: 'http://login.example/auth'},
  ]) {
    const setting = await setUp({metadata});
    const {response} = await setting.browser.send(`${base}/login`);
    assert.equal(response.status, 502, JSON.stringify(metadata));
    assert.equal(response.headers.get('location'), null);
    assert.equal(setting.errors.length, 1);
  }
});

const troubles: Readonly<Record<string, () => Promise<Response>>> = {
  'is not there': () => Promise.reject(new TypeError('fetch failed')),
  'answers with a page': async () =>
    new Response('<h1>Welcome</h1>', {status: 200, headers: {'content-type': 'text/html'}}),
  'answers with a page of its proxy': async () => new Response('<h1>Bad gateway</h1>', {status: 502}),
  'has too much to do': async () => new Response('', {status: 429}),
  'sends the broker elsewhere': async () => Response.redirect('https://evil.example/', 302),
  'answers with half of it': async () =>
    new Response('{"access_token":"ac', {status: 200, headers: {'content-type': 'application/json'}}),
};
for (const [what, network] of Object.entries(troubles))
  test(`a provider that ${what} ends no session`, async () => {
    const setting = await setUp();
    await login(setting);
    setting.provider.faults.network = network;
    setting.ahead = 250_000;
    // The token of now still serves.
    assert.deepEqual([(await session(setting)).status, (await session(setting)).body['authenticated']], [200, true]);
    setting.ahead = 301_000;
    const {status, response} = await session(setting);
    assert.deepEqual([status, response.headers.get('retry-after')], [503, '5']);
    assert.ok(setting.browser.jar(base).has(SESSION));
    delete setting.provider.faults.network;
    assert.equal((await session(setting)).body['authenticated'], true);
    assert.equal((await setting.signIn.credential(setting.browser.request(site)))?.token, 'access-2');
    assert.ok(setting.errors.length >= 2);
    leaksNothing(setting);
  });

test('a provider that hangs is waited for as long as the site says', async () => {
  const setting = await setUp({}, {timeout: 1});
  await login(setting);
  const {fetch: answering} = setting.provider;
  const hanging = await setUp(
    {},
    {
      timeout: 1,
      fetch: (input, init) =>
        String(input instanceof Request ? input.url : input).endsWith('/token')
          ? new Promise((_resolve, reject) => {
              init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
            })
          : answering(input, init),
    },
  );
  // The clock of a request that waits keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  const since = Date.now();
  const {response} = await hanging.browser.send(`${base}/login`);
  const query = setting.provider.authorize(response.headers.get('location') ?? '');
  const callback = await hanging.browser.send(`${base}/callback?${query}`);
  clearInterval(alive);
  assert.equal(callback.response.status, 503);
  assert.ok(Date.now() - since >= 900);
  assert.match(String(hanging.errors[0]), /does not answer/u);
});

test('a sign-in that cannot begin says so, and begins when the provider is back', async () => {
  const setting = await setUp({network: () => Promise.reject(new TypeError('fetch failed'))});
  const {response, body} = await setting.browser.send(`${base}/login?returnTo=/map%3Fa=%22%3E%3Cscript%3E`);
  assert.equal(response.status, 503);
  assert.match(body, /not available/u);
  assert.doesNotMatch(body, /<script>/u);
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/u);
  delete setting.provider.faults.network;
  assert.equal((await login(setting)).response.status, 303);
});

test('a renewal that brings somebody else ends the session', async () => {
  const setting = await setUp();
  await login(setting);
  setting.provider.faults.claims = {sub: 'mallory'};
  setting.ahead = 301_000;
  assert.equal((await session(setting)).status, 503);
  assert.deepEqual((await session(setting)).body, {authenticated: false});
  assert.match(String(setting.errors[0]), /somebody else/u);
});

test('of two instances that renew at once, the one that comes too late makes the browser come back', async () => {
  const setting = await setUp();
  await login(setting);
  setting.ahead = 301_000;
  // What a provider says that takes a refresh token once, and does not mind that it came twice.
  const late = createSignIn({
    issuer: setting.provider.issuer,
    clientId: 'broker',
    clientSecret: 'the-secret-of-the-client',
    cookieSecret: 'a-random-string-of-the-site-of-at-least-32-characters',
    baseUrl: base,
    now: () => Date.now() + setting.ahead,
    fetch: (input, init) =>
      String(input instanceof Request ? input.url : input).endsWith('/token')
        ? Promise.resolve(Response.json({error: 'invalid_grant'}, {status: 400}))
        : setting.provider.fetch(input, init),
  });
  const browser = new Browser({[site]: late});
  browser.cookies.set('maps.example', setting.browser.jar(base));
  const before = browser.jar(base).get(SESSION);
  const lost = await session({...setting, browser});
  assert.deepEqual([lost.status, lost.response.headers.get('retry-after')], [503, '1']);
  // It has left the cookie alone, and the answer of the other instance is not undone.
  assert.equal(browser.jar(base).get(SESSION), before);
  assert.equal((await session(setting)).body['authenticated'], true);
  assert.notEqual(browser.jar(base).get(SESSION), before);
  const again = await session({...setting, browser});
  assert.deepEqual([again.status, again.body['authenticated']], [200, true]);
  assert.equal(setting.provider.asked.length, 2);
});

test('a session that is too long for one cookie takes several', async () => {
  const long = 'a'.repeat(4000);
  const setting = await setUp({answer: {access_token: long}});
  await login(setting);
  const lines = setting.browser.visits.at(-1)?.response.headers.getSetCookie() ?? [];
  const parts = lines.filter((line) => line.startsWith(SESSION) && !line.includes('~seen') && !line.includes('~login'));
  assert.equal(parts.length, 2);
  for (const part of parts) assert.ok((part.split(';')[0]?.length ?? 0) <= 4096);
  assert.equal((await setting.signIn.credential(setting.browser.request(site)))?.token, long);
  // Shorter again: what is left of the longer one does no harm.
  setting.provider.faults.answer = {access_token: 'short'};
  setting.ahead = 301_000;
  assert.equal((await session(setting)).body['authenticated'], true);
  assert.equal((await setting.signIn.credential(setting.browser.request(site)))?.token, 'short');
  // Half of a long one is none.
  setting.provider.faults.answer = {access_token: long};
  const other = await setUp({answer: {access_token: long}});
  await login(other);
  other.browser.jar(base).delete(`${SESSION}~1`);
  assert.equal((await session(other)).status, 401);
});

test('a session that is too long for cookies at all is an error that says so', async () => {
  const setting = await setUp({answer: {access_token: 'a'.repeat(12_000)}});
  const {response, body} = await login(setting);
  assert.equal(response.status, 502);
  assert.match(body, /too large for a cookie/u);
  assert.match(String(setting.errors[0]), /takes \d+ characters; cookies of 11400/u);
});

test('without a refresh token the session ends with its token', async () => {
  const setting = await setUp({answer: {refresh_token: undefined}});
  await login(setting);
  const {body} = await session(setting);
  assert.ok(Number(body['expiresIn']) <= 300 && Number(body['expiresIn']) > 290);
  setting.ahead = 301_000;
  assert.deepEqual((await session(setting)).body, {authenticated: false});
  assert.equal(setting.provider.asked.length, 1);
});

test('plain OAuth 2.0: endpoints that were given, and nothing of OpenID Connect', async () => {
  const fake = await createFakeProvider();
  const endpoints = {authorization: `${fake.issuer}/auth`, token: `${fake.issuer}/token`};
  const setting = await setUp({}, {issuer: undefined, endpoints, scope: 'maps', resource: 'https://maps.example/api'});
  setting.provider.faults.answer = {id_token: undefined};
  const {response} = await setting.browser.send(`${base}/login?returnTo=/map`);
  const asked = new URL(response.headers.get('location') ?? '').searchParams;
  assert.deepEqual(
    [asked.get('scope'), asked.get('nonce'), asked.get('resource')],
    ['maps', null, 'https://maps.example/api'],
  );
  // Nobody said what this provider calls itself, so it may call itself anything.
  const query = setting.provider.authorize(response.headers.get('location') ?? '');
  assert.equal(
    (await setting.browser.send(`${base}/callback?${query}`)).response.headers.get('location'),
    `${site}/map`,
  );
  const {body} = await session(setting);
  assert.deepEqual([body['authenticated'], 'user' in body], [true, false]);
  assert.deepEqual(await setting.signIn.user(setting.browser.request(site)), {});
  assert.equal(setting.provider.asked[0]?.get('resource'), 'https://maps.example/api');
});

test('plain OAuth 2.0 with an issuer: an answer of another one, or of none, is refused', async () => {
  for (const iss of ['https://evil.example', undefined]) {
    const {issuer} = await createFakeProvider();
    const endpoints = {authorization: `${issuer}/auth`, token: `${issuer}/token`, issuer};
    const setting = await setUp({answer: {id_token: undefined}}, {issuer: undefined, endpoints});
    const {response} = await setting.browser.send(`${base}/login`);
    const query = new URLSearchParams(setting.provider.authorize(response.headers.get('location') ?? ''));
    if (iss === undefined) query.delete('iss');
    else query.set('iss', iss);
    const {response: callback} = await setting.browser.send(`${base}/callback?${query.toString()}`);
    assert.equal(callback.status, 502);
    assert.equal(setting.provider.asked.length, 0);
  }
});
