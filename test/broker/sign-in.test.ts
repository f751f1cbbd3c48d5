import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {type SignInOptions} from '../../src/broker/index.js';
import {Browser} from './support/browser.js';
import {SESSION, base, cookieSecret, isBack, openSite, otherSite, session, site, tokenOf} from './support/site.js';

const {provider, create, signedIn, isGood} = await openSite();
after(() => provider.close());

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
  // The cookie of one is nothing for the answer to another.
  const third = await browser.follow(`${base}/login`, ({pathname}) => pathname === '/bff/callback');
  const [name = ''] = [...browser.jar(base).keys()].filter((each) => each.includes('~login.'));
  await browser.send(`${base}/login`);
  const [, strange = ''] = [...browser.jar(base)]
    .filter(([each]) => each.includes('~login.'))
    .map(([, value]) => value);
  const swapped = new Browser({[site]: create()});
  swapped.jar(base).set(name, strange);
  assert.equal((await swapped.send(third)).response.status, 400);
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
  /** The session, and before that the sign-in under way, of somebody at another instance or site. */
  const foreign = async (more: Partial<SignInOptions>, isSession = true): Promise<string> => {
    const other = create(more);
    const [at, theirs] = more.baseUrl === undefined ? [base, site] : [`${otherSite}/bff`, otherSite];
    const visitor = new Browser({[theirs]: other});
    const isThere = ({origin, pathname}: URL): boolean => origin === theirs && pathname !== '/bff/callback';
    if (isSession) await visitor.follow(`${at}/login`, isThere);
    else await visitor.send(`${at}/login`);
    const value = isSession ? visitor.jar(at).get(SESSION) : [...visitor.jar(at).values()][0];
    assert.ok(value);
    return value;
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
    'of a sign-in under way': await foreign({}, false),
    'of another secret': await foreign({cookieSecret: 'another-random-string-of-at-least-32-characters'}),
    'of another site with the same secret': await foreign({baseUrl: `${otherSite}/bff`}),
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
