import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {createMapProxy, createSignIn, type SignIn, type SignInOptions} from '../../src/broker/index.js';
import {Browser} from './support/browser.js';
import {startProvider, type RealProvider} from './support/oidc-provider.js';

// Against oidc-provider: the strictest there is. A refresh token that is used twice ends everything that came of its grant.

const site = 'https://maps.example';
const base = `${site}/bff`;
const cookieSecret = 'a-random-string-of-the-site-of-at-least-32-characters';
const SESSION = '__Host-secure-map.bff';
const SAME_ORIGIN = {'sec-fetch-site': 'same-origin'};
const VISIT = {...SAME_ORIGIN, 'sec-fetch-mode': 'navigate'};

let provider: RealProvider;
before(async () => {
  provider = await startProvider({bases: [base]});
});
after(() => provider.close());

const create = (more: Partial<SignInOptions> = {}): SignIn => {
  const {issuer, clientId, clientSecret} = provider;
  return createSignIn({issuer, clientId, clientSecret, cookieSecret, baseUrl: base, ...more});
};

const isBack = ({origin, pathname}: URL): boolean => origin === site && pathname !== '/bff/callback';

const signedIn = async (signIn: SignIn, account = 'anna') => {
  provider.account = account;
  const browser = new Browser({[site]: signIn});
  const landed = await browser.follow(`${base}/login?returnTo=/map`, isBack);
  return {browser, landed};
};

const session = async (browser: Browser, query = '') => {
  const {response, body} = await browser.send(`${base}/session${query}`, {headers: SAME_ORIGIN});
  return {status: response.status, body: JSON.parse(body) as Record<string, unknown>, response};
};

/** Whether the provider takes a token. */
const isGood = async (token: string | undefined): Promise<boolean> =>
  (await fetch(`${provider.issuer}/me`, {headers: {authorization: `Bearer ${token}`}})).ok;

const tokenOf = async (signIn: SignIn, browser: Browser): Promise<string | undefined> =>
  (await signIn.credential(browser.request(`${site}/tiles/1`)))?.token;

test('signs a visitor in, and says who it is', async () => {
  const signIn = create();
  const {browser, landed} = await signedIn(signIn);
  assert.equal(landed, `${site}/map`);
  const {status, body} = await session(browser);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    authenticated: true,
    user: {sub: 'anna', name: 'Name of anna'},
    expiresIn: body['expiresIn'],
    idleSeconds: 1800,
  });
  assert.ok(Number(body['expiresIn']) > 28_790 && Number(body['expiresIn']) <= 28_800);
  assert.deepEqual(await signIn.user(browser.request(`${site}/x`)), {sub: 'anna', name: 'Name of anna'});
});

test('asks for a code with PKCE, a state and a nonce', async () => {
  const browser = new Browser({[site]: create()});
  const {response} = await browser.send(`${base}/login`);
  const {searchParams: asked} = new URL(response.headers.get('location') ?? '');
  assert.equal(response.status, 303);
  assert.equal(asked.get('response_type'), 'code');
  assert.equal(asked.get('redirect_uri'), `${base}/callback`);
  assert.equal(asked.get('code_challenge_method'), 'S256');
  for (const name of ['code_challenge', 'state', 'nonce']) assert.match(asked.get(name) ?? '', /^[\w-]{43}$/u, name);
});

test('gives the proxy a token that the provider knows, and the browser none', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  await session(browser);
  const token = await tokenOf(signIn, browser);
  assert.ok(await isGood(token));
  const ours = browser.visits.filter(({url}) => url.startsWith(site));
  assert.equal(ours.length, 3);
  for (const {url, body, response} of ours) {
    const seen = `${url}\n${[...response.headers].join('\n')}\n${body}`;
    assert.ok(!seen.includes(token ?? '-'), url);
    assert.ok(!seen.includes(provider.clientSecret), url);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  }
});

test('writes cookies that no script reads and no other host can set', async () => {
  const {browser} = await signedIn(create());
  const lines = browser.visits.flatMap(({url, response}) =>
    url.startsWith(site) ? response.headers.getSetCookie() : [],
  );
  assert.equal(lines.length, 4);
  for (const line of lines) {
    assert.match(line, /^__Host-secure-map\.bff/u);
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      assert.ok(line.split('; ').includes(attribute), line);
  }
  assert.deepEqual([...browser.jar(base).keys()].toSorted(), [SESSION, `${SESSION}~seen`]);
});

test('on this machine over http the cookie is one that browsers take', async () => {
  const local = 'http://localhost:8080';
  const browser = new Browser({[local]: create({baseUrl: `${local}/bff`})});
  const {response} = await browser.send(`${local}/bff/login`);
  const [line = ''] = response.headers.getSetCookie();
  assert.match(line, /^secure-map\.bff~login\.[\w-]+=/u);
  assert.ok(!line.includes('Secure'));
});

test('nobody is signed in without a cookie', async () => {
  const signIn = create();
  const browser = new Browser({[site]: signIn});
  const {status, body} = await session(browser);
  assert.deepEqual([status, body], [200, {authenticated: false}]);
  assert.equal(await signIn.credential(browser.request(site)), undefined);
  assert.equal(await signIn.user(browser.request(site)), undefined);
});

test('a visitor who says no at the provider comes back without a session', async () => {
  provider.account = undefined;
  const browser = new Browser({[site]: create()});
  assert.equal(await browser.follow(`${base}/login?returnTo=/map?a=1`, isBack), `${site}/map?a=1`);
  assert.equal((await session(browser)).body['authenticated'], false);
});

test('returnTo leads to a path of the site and nowhere else', async () => {
  const browser = new Browser({[site]: create()});
  const bad = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    'https://evil.example',
    'https:evil.example',
    'HTTPS://maps.example.evil.example/',
    `${site}/map`,
    'javascript:alert(1)',
    'data:text/html,x',
    'map',
    '',
    '/..//evil.example',
    '/.//evil.example',
    '/%5c\\evil.example',
    '/bff/login',
    '/bff/logout?x',
    '/x/../bff/login',
    '/bff/%6cogin',
    `/${'x'.repeat(1000)}`,
  ];
  for (const returnTo of bad) {
    const {response} = await browser.send(`${base}/login?${new URLSearchParams({returnTo}).toString()}`);
    assert.equal(response.status, 400, returnTo);
    assert.equal(response.headers.get('location'), null);
  }
  assert.equal(browser.jar(base).size, 0);
});

test('an answer that another browser was given is not taken (login CSRF)', async () => {
  const signIn = create();
  provider.account = 'mallory';
  const attacker = new Browser({[site]: signIn});
  const callback = await attacker.follow(`${base}/login`, ({pathname}) => pathname === '/bff/callback');
  const {authorization_code: before} = provider.grants;
  const victim = new Browser({[site]: signIn});
  const {response} = await victim.send(callback);
  assert.equal(response.status, 400);
  assert.equal(victim.jar(base).size, 0);
  // Nor with a sign-in of its own under way.
  await victim.send(`${base}/login`);
  assert.equal((await victim.send(callback)).response.status, 400);
  assert.equal(provider.grants.authorization_code, before);
  assert.equal((await session(victim)).body['authenticated'], false);
});

test('an answer is taken once', async () => {
  const signIn = create();
  provider.account = 'anna';
  const browser = new Browser({[site]: signIn});
  const callback = await browser.follow(`${base}/login?returnTo=/map`, ({pathname}) => pathname === '/bff/callback');
  const thief = browser.copy();
  assert.equal((await browser.send(callback)).response.status, 303);
  // The address alone, of a visitor who is signed in: no error, and no second sign-in.
  const again = await browser.send(callback);
  assert.equal(again.response.headers.get('location'), `${site}/`);
  // With the cookie of a moment ago as well: the provider has used its code up.
  const stolen = await thief.send(callback);
  assert.equal(stolen.response.status, 400);
  assert.match(stolen.body, /used already/u);
  assert.equal((await session(thief)).body['authenticated'], false);
});

test('an answer of another issuer, or with another state, is refused before the code is sent', async () => {
  const signIn = create();
  const codes = provider.grants.authorization_code + provider.refusals;
  for (const [name, value, status] of [
    ['iss', 'https://evil.example', 502],
    ['iss', undefined, 502],
    ['state', 'x'.repeat(43), 400],
    ['state', undefined, 400],
  ] as const) {
    const browser = new Browser({[site]: signIn});
    const callback = new URL(await browser.follow(`${base}/login`, ({pathname}) => pathname === '/bff/callback'));
    if (value === undefined) callback.searchParams.delete(name);
    else callback.searchParams.set(name, value);
    assert.equal((await browser.send(callback.href)).response.status, status, `${name}=${value}`);
    assert.equal((await session(browser)).body['authenticated'], false);
  }
  assert.equal(provider.grants.authorization_code + provider.refusals, codes);
});

test('five sign-ins may be under way in one browser, each with a cookie of its own', async () => {
  provider.account = 'anna';
  const browser = new Browser({[site]: create()});
  const one = (await browser.send(`${base}/login?returnTo=/one`)).response.headers.get('location') ?? '';
  const two = (await browser.send(`${base}/login?returnTo=/two`)).response.headers.get('location') ?? '';
  assert.equal(await browser.follow(one, isBack), `${site}/one`);
  assert.equal(await browser.follow(two, isBack), `${site}/two`);
  for (let count = 0; count < 12; count += 1) {
    await browser.send(`${base}/login`);
    assert.ok([...browser.jar(base).keys()].filter((name) => name.includes('~login.')).length <= 5);
  }
});

test('cookies that are forged, cut, of another site or of another kind are refused with 401', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  const good = browser.jar(base).get(SESSION) ?? '';
  const seen = browser.jar(base).get(`${SESSION}~seen`) ?? '';
  const foreign = async (more: Partial<SignInOptions>): Promise<string> => {
    const other = create(more);
    const visitor = new Browser({[site]: other, 'https://other.example': other});
    const {origin} = new URL(String(more.baseUrl ?? base));
    await visitor.send(`${String(more.baseUrl ?? base)}/login`);
    return [...visitor.jar(origin).values()][0] ?? '';
  };
  const bad = {
    empty: '',
    'no token': 'hello',
    'a number': '1',
    cut: good.slice(0, -10),
    'cut in front': good.slice(10),
    changed: `${good.slice(0, 60)}${good[60] === 'A' ? 'B' : 'A'}${good.slice(61)}`,
    'without encryption': `1.${btoa('{"alg":"none"}')}.${btoa('{"sub":"anna"}')}.`,
    'three parts of which two are missing': `3${good.slice(1)}x`,
    'of another kind': seen,
    'of a sign-in under way': await foreign({}),
    'of another secret': await foreign({cookieSecret: 'another-random-string-of-at-least-32-characters'}),
    'of another site with the same secret': await foreign({baseUrl: 'https://other.example/bff'}),
    'too long': `1.${'x'.repeat(7000)}`,
  };
  for (const [what, value] of Object.entries(bad)) {
    const victim = browser.copy();
    victim.jar(base).set(SESSION, value);
    const {status, body, response} = await session(victim);
    assert.deepEqual([status, body], [401, {authenticated: false}], what);
    assert.ok(
      response.headers.getSetCookie().some((line) => line.startsWith(`${SESSION}=; Max-Age=0`)),
      what,
    );
    victim.jar(base).set(SESSION, value);
    assert.equal(await tokenOf(signIn, victim), undefined, what);
  }
  assert.equal((await session(browser)).status, 200);
});

test('a new secret takes over, and the old one opens what it has sealed until it is dropped', async () => {
  const next = 'the-next-random-string-of-at-least-32-characters';
  const {browser} = await signedIn(create());
  const rotating = new Browser({[site]: create({cookieSecret: [next, cookieSecret]})});
  rotating.cookies.set('maps.example', new Map(browser.jar(base)));
  assert.equal((await session(rotating)).status, 200);
  const {browser: fresh} = await signedIn(create({cookieSecret: [next, cookieSecret]}));
  const dropped = new Browser({[site]: create({cookieSecret: next})});
  dropped.cookies.set('maps.example', new Map(browser.jar(base)));
  assert.equal((await session(dropped)).status, 401);
  dropped.cookies.set('maps.example', new Map(fresh.jar(base)));
  assert.equal((await session(dropped)).status, 200);
});

test('tokens are renewed by /session: once for everybody who asks at the same time', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const first = await tokenOf(signIn, browser);
  ahead = 301_000;
  assert.equal(await tokenOf(signIn, browser), undefined);
  assert.deepEqual(await signIn.user(browser.request(site)), {sub: 'anna', name: 'Name of anna'});
  const {refresh_token: before} = provider.grants;
  const answers = await Promise.all(
    Array.from({length: 20}, () => signIn(browser.request(`${base}/session`, {headers: SAME_ORIGIN}))),
  );
  assert.deepEqual([...new Set(answers.map(({status}) => status))], [200]);
  assert.equal(provider.grants.refresh_token, before + 1);
  // A late one with the cookie of before is given the same, and the provider does not see a token twice.
  assert.equal((await session(browser)).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
  const second = await tokenOf(signIn, browser);
  assert.notEqual(second, first);
  assert.ok(await isGood(second));
});

test('a token that is about to end is renewed before it does', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const {refresh_token: before} = provider.grants;
  ahead = 200_000;
  await session(browser);
  assert.equal(provider.grants.refresh_token, before);
  ahead = 245_000;
  assert.equal((await session(browser)).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
});

test('a session that the provider has ended is over, and a second look makes sure', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  provider.revokeAll();
  ahead = 301_000;
  const first = await session(browser);
  assert.deepEqual([first.status, first.response.headers.get('retry-after')], [503, '1']);
  assert.ok(browser.jar(base).has(SESSION));
  const second = await session(browser);
  assert.deepEqual([second.status, second.body], [200, {authenticated: false}]);
  assert.equal(browser.jar(base).size, 0);
});

test('a token that the map server refuses is a 401 for the page, and /session replaces it', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead});
  const {browser} = await signedIn(signIn);
  const refused = new Set([await tokenOf(signIn, browser)]);
  const seen: string[] = [];
  const proxy = createMapProxy({
    mount: '/tiles',
    upstream: 'https://upstream.example',
    paths: ['/'],
    authorize: async (request) => (await signIn.user(request)) !== undefined,
    credential: signIn.credential,
    fetch: async (_url, init) => {
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '');
      seen.push(token ?? '');
      return refused.has(token) ? new Response('no', {status: 401}) : new Response('tile', {status: 200});
    },
  });
  const tile = (): Promise<Response> => proxy(browser.request(`${site}/tiles/1.png`, {headers: SAME_ORIGIN}));
  ahead = 6_000;
  const first = await tile();
  assert.equal(first.status, 401);
  assert.deepEqual(first.headers.getSetCookie(), []);
  assert.equal((await session(browser)).status, 200);
  const second = await tile();
  assert.deepEqual([second.status, await second.text()], [200, 'tile']);
  assert.equal(seen.length, 2);
  // Another instance, which has not seen the refusal, is told of it by the page.
  const {refresh_token: before} = provider.grants;
  ahead = 12_000;
  assert.equal((await session(browser, '?reason=unauthorized')).status, 200);
  assert.equal(provider.grants.refresh_token, before + 1);
});

test('a session ends when nobody is there, and at its last moment in any case', async () => {
  let ahead = 0;
  const signIn = create({now: () => Date.now() + ahead, sessionSeconds: 250, idleSeconds: 100});
  const {browser} = await signedIn(signIn);
  const idle = browser.copy();
  ahead = 90_000;
  assert.equal((await session(browser)).body['idleSeconds'], 100);
  ahead = 180_000;
  const {body} = await session(browser);
  assert.ok(Number(body['expiresIn']) <= 70);
  assert.deepEqual((await session(idle)).body, {authenticated: false});
  assert.equal(idle.jar(base).size, 0);
  ahead = 251_000;
  assert.equal(await tokenOf(signIn, browser), undefined);
  assert.deepEqual((await session(browser)).body, {authenticated: false});
});

test('a POST of the page signs out, and takes the tokens back at the provider', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  const token = await tokenOf(signIn, browser);
  const thief = browser.copy();
  const {response} = await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN});
  assert.equal(response.status, 204);
  assert.equal(browser.jar(base).size, 0);
  assert.equal(await isGood(token), false);
  // A cookie that somebody has kept is refused.
  assert.equal(await tokenOf(signIn, thief), undefined);
  assert.equal((await session(thief)).status, 401);
});

test('a copied cookie is refused by other instances too, where they share what has ended', async () => {
  const ended = new Set<string>();
  const endedSessions = {add: async (id: string) => void ended.add(id), has: async (id: string) => ended.has(id)};
  const [one, two] = [create({endedSessions}), create({endedSessions})];
  const {browser} = await signedIn(one);
  const thief = browser.copy();
  await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN});
  assert.equal(await two.credential(thief.request(site)), undefined);
});

test('no other site signs a visitor out', async () => {
  const signIn = create();
  const {browser} = await signedIn(signIn);
  const refused: readonly [string, Record<string, string>][] = [
    ['POST', {'sec-fetch-site': 'cross-site'}],
    ['POST', {'sec-fetch-site': 'same-site'}],
    ['POST', {'sec-fetch-site': 'none'}],
    ['POST', {origin: 'https://evil.example'}],
    ['POST', {}],
    ['GET', {'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate'}],
    ['GET', {'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate'}],
    ['GET', {'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors'}],
    ['GET', {referer: 'https://evil.example/'}],
    ['GET', {}],
  ];
  for (const [method, headers] of refused) {
    const {response} = await browser.send(`${base}/logout`, {method, headers});
    assert.equal(response.status, 403, JSON.stringify([method, headers]));
  }
  assert.equal((await session(browser)).body['authenticated'], true);
  const {response} = await browser.send(`${base}/logout`, {
    method: 'POST',
    headers: {'x-requested-with': 'secure-map'},
  });
  assert.equal(response.status, 204);
});

test("a visit signs out at the provider too, and comes back to the visitor's page", async () => {
  const {browser} = await signedIn(create());
  const {response} = await browser.send(`${base}/logout?returnTo=/bye`, {headers: VISIT});
  const away = new URL(response.headers.get('location') ?? '');
  assert.equal(away.origin + away.pathname, `${provider.issuer}/session/end`);
  assert.deepEqual([...away.searchParams.keys()].toSorted(), ['client_id', 'post_logout_redirect_uri', 'state']);
  assert.equal(away.searchParams.get('post_logout_redirect_uri'), `${base}/logout`);
  assert.equal(browser.jar(base).size, 0);
  // The provider takes the address: it asks the visitor instead of refusing.
  assert.equal((await browser.send(away.href)).response.status, 200);
  const state = away.searchParams.get('state') ?? '';
  const back = await browser.send(`${base}/logout?state=${state}`, {headers: {'sec-fetch-site': 'cross-site'}});
  assert.equal(back.response.headers.get('location'), `${site}/bye`);
  const forged = await browser.send(`${base}/logout?state=https://evil.example`);
  assert.equal(forged.response.headers.get('location'), `${site}/`);
});

test('a visit stays here where the site wants it so', async () => {
  const {browser} = await signedIn(create({endProviderSession: false}));
  const {response} = await browser.send(`${base}/logout?returnTo=/bye`, {headers: VISIT});
  assert.equal(response.headers.get('location'), `${site}/bye`);
  const open = await browser.send(`${base}/logout?returnTo=//evil.example`, {headers: VISIT});
  assert.equal(open.response.status, 400);
});

test('who signs out while the tokens are being renewed stays signed out', async () => {
  let ahead = 0;
  let release = (): void => undefined;
  let hold: (() => void) | undefined;
  const signIn = create({
    now: () => Date.now() + ahead,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const isRenewal = (await request.clone().text()).includes('grant_type=refresh_token');
      const response = await fetch(request);
      if (isRenewal)
        await new Promise<void>((resolve) => {
          release = resolve;
          hold?.();
        });
      return response;
    },
  });
  const {browser} = await signedIn(signIn);
  ahead = 301_000;
  const reached = new Promise<void>((resolve) => (hold = resolve));
  const renewing = signIn(browser.request(`${base}/session`, {headers: SAME_ORIGIN}));
  await reached;
  assert.equal((await browser.send(`${base}/logout`, {method: 'POST', headers: SAME_ORIGIN})).response.status, 204);
  release();
  const late = await renewing;
  assert.equal(late.status, 503);
  assert.ok(late.headers.getSetCookie().every((line) => !line.startsWith(`${SESSION}=`)));
});

test('answers only its routes, their methods, and pages of its own origin', async () => {
  const browser = new Browser({[site]: create()});
  assert.equal((await browser.send(`${base}/other`)).response.status, 404);
  assert.equal((await browser.send(`${site}/session`)).response.status, 404);
  assert.equal((await browser.send(`${base}/session`, {method: 'POST'})).response.status, 405);
  assert.equal((await browser.send(`${base}/login`, {method: 'POST'})).response.status, 405);
  assert.equal((await browser.send(`${base}/logout`, {method: 'DELETE'})).response.status, 405);
  for (const from of ['cross-site', 'same-site']) {
    const {response} = await browser.send(`${base}/session`, {headers: {'sec-fetch-site': from}});
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  }
});

test('a wrong option is named, and no secret with it', () => {
  const wrong: readonly [Partial<SignInOptions> & Record<string, unknown>, string][] = [
    [{issuer: 'http://login.example'}, '"issuer"'],
    [{issuer: undefined}, '"issuer"'],
    [{endpoints: {authorization: 'https://a.example', token: 'https://a.example'}}, '"issuer"'],
    [
      {issuer: undefined, endpoints: {authorization: 'https://a.example', token: 'ftp://a.example'}},
      '"endpoints.token"',
    ],
    [{clientId: ''}, '"clientId"'],
    [{clientSecret: ''}, '"clientSecret"'],
    [{cookieSecret: 'too-short-secret'}, '"cookieSecret"'],
    [{cookieSecret: []}, '"cookieSecret"'],
    [{cookieSecret: [cookieSecret, 'too-short-secret']}, '"cookieSecret"'],
    [{baseUrl: 'http://maps.example/bff'}, '"baseUrl"'],
    [{baseUrl: 'https://maps.example/bff?x=1'}, '"baseUrl"'],
    [{returnTo: 'https://evil.example'}, '"returnTo"'],
    [{sessionSeconds: 0}, '"sessionSeconds"'],
    [{idleSeconds: 1.5}, '"idleSeconds"'],
    [{cookieName: 'x'}, '"cookieName"'],
  ];
  for (const [more, name] of wrong) {
    assert.throws(
      () => create(more),
      (error: Error) => error.message.startsWith(name) && !error.message.includes('too-short-secret'),
      name,
    );
  }
});
