import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createSignIn} from '../../src/broker/index.js';
import type {Environment} from '../../src/credentials/environment.js';
import {probe} from '../../src/sources/session/probe.js';
import {Browser} from './support/browser.js';
import {createFakeProvider} from './support/fake-provider.js';

// The two halves of `session-url`: what the tag asks, answered by the broker.

const site = 'https://maps.example';

const setUp = async () => {
  const provider = await createFakeProvider();
  const clock = {ahead: 0};
  const now = (): number => Date.now() + clock.ahead;
  const signIn = createSignIn({
    issuer: provider.issuer,
    clientId: 'broker',
    cookieSecret: 'a-random-string-of-the-site-of-at-least-32-characters',
    baseUrl: `${site}/bff`,
    fetch: provider.fetch,
    now,
  });
  const browser = new Browser({[site]: signIn});
  const asked: Request[] = [];
  const environment: Environment = {
    now,
    after: () => () => undefined,
    random: () => 0,
    onWake: () => () => undefined,
    fetch: async (input, init = {}) => {
      const url = String(input instanceof Request ? input.url : input);
      const headers = new Headers(init.headers);
      headers.set('sec-fetch-site', 'same-origin');
      asked.push(new Request(url, {headers}));
      const {response, body} = await browser.send(url, {headers});
      return new Response(body, {status: response.status, headers: response.headers});
    },
  };
  const options = {
    sessionUrl: new URL(`${site}/bff/session`),
    returnUrl: `${site}/callback.html`,
    origin: site,
    environment,
    canPostLogout: true,
  };
  const login = async (): Promise<void> => {
    const {response} = await browser.send(`${site}/bff/login?returnTo=/callback.html`);
    await browser.send(`${site}/bff/callback?${provider.authorize(response.headers.get('location') ?? '')}`);
  };
  return {provider, browser, clock, asked, login, look: () => probe(options, new AbortController().signal)};
};

test('the tag understands who is signed in, for how long, and that nobody is', async () => {
  const {look, login, clock, asked} = await setUp();
  assert.equal(await look(), undefined);
  await login();
  const found = await look();
  assert.deepEqual(found?.user, {sub: 'anna'});
  // Half an hour without a sign of life comes before eight hours in all.
  assert.ok(Math.abs((found?.endsAt ?? 0) - (found?.at ?? 0) - 1_800_000) < 1000);
  clock.ahead = 1_801_000;
  assert.equal(await look(), undefined);
  assert.equal(asked.length, 3);
});

test('a cookie that is none of ours means signed out, and no error', async () => {
  const {look, browser} = await setUp();
  browser.jar(site).set('__Host-secure-map.bff', '1.forged');
  assert.equal(await look(), undefined);
});

test('a provider that is down keeps the tag waiting, and not for long', async () => {
  const {look, login, clock, provider} = await setUp();
  await login();
  provider.faults.network = () => Promise.reject(new TypeError('fetch failed'));
  clock.ahead = 301_000;
  await assert.rejects(look(), {code: 'source-unreachable', retryAfter: 5_000});
  delete provider.faults.network;
  assert.deepEqual((await look())?.user, {sub: 'anna'});
});
