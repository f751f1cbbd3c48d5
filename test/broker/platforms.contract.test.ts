import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {platforms} from '../../src/broker/platforms/registry.js';
import type {PlatformCase} from './support/platform-case.js';
import {platformCases} from './support/platform-cases.js';
import {visit, type Visitor, type VisitorOptions} from './support/visitor.js';

// What every platform has to do, whatever its tokens are like: obtain, attach, expire, 401, refuse, sign out, never leak.

const statuses = async (answers: readonly Promise<Response>[]): Promise<Readonly<Record<number, number>>> => {
  const counts: Record<number, number> = {};
  for (const {status} of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const times = <T>(count: number, make: () => T): T[] => Array.from({length: count}, make);

const tokenIn = async (response: Response): Promise<string> => {
  assert.equal(response.status, 200);
  const {access_token}: {access_token: string} = await response.json();
  return access_token;
};

/** What a visitor is told when the platform is the trouble: always the same words. */
const assertNeutral = async (response: Response, status: number): Promise<void> => {
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await response.json(), {error: 'platform_unavailable'});
};

const hanging = (): Promise<Response> => new Promise(() => undefined);

/** Ways in which a server can be in trouble, and the status that a visitor is told. */
const troubles: Readonly<
  Record<string, {readonly status: number; readonly answer: () => Response | Promise<Response>}>
> = {
  'a login page': {
    status: 502,
    answer: () => new Response('<!doctype html><form>', {headers: {'content-type': 'text/html'}}),
  },
  'a word that says it is a page': {
    status: 502,
    answer: () => new Response('please-sign-in', {headers: {'content-type': 'text/html'}}),
  },
  'a page that says it is JSON': {
    status: 502,
    answer: () => new Response('<html></html>', {headers: {'content-type': 'application/json'}}),
  },
  nothing: {status: 502, answer: () => new Response('')},
  'JSON without a token': {status: 502, answer: () => Response.json({token_type: 'Bearer', expires_in: 60})},
  'a token with a line break': {
    status: 502,
    answer: () => Response.json({access_token: 'a\r\nset-cookie: x=y', token: 'a\r\nb', token_type: 'Bearer'}),
  },
  'a redirect': {
    status: 502,
    answer: () => new Response(null, {status: 302, headers: {location: 'https://elsewhere.example/login'}}),
  },
  'an endless answer': {status: 502, answer: () => new Response('x'.repeat(300_000))},
  'an error with a page': {
    status: 502,
    answer: () => new Response('<html>', {status: 500, headers: {'content-type': 'text/html'}}),
  },
  'a broken connection': {status: 502, answer: () => Promise.reject(new TypeError('fetch failed'))},
  'no answer at all': {status: 504, answer: hanging},
  'too many requests': {
    status: 503,
    answer: () => new Response('slow down', {status: 429, headers: {'retry-after': '7'}}),
  },
};

const contract = (platform: PlatformCase): void => {
  const {isHandedOut, isIssued, lifetime} = platform;

  /** A test with a site of its own, which ends with a look for secrets. */
  const test = (name: string, body: (visitor: Visitor) => Promise<void>, options: VisitorOptions = {}): void => {
    it(name, async () => {
      const visitor = visit(platform, options);
      await body(visitor);
      visitor.assertNothingLeaked();
    });
  };

  /** Something that needs the account's credential. */
  const need = (visitor: Visitor): Promise<Response> => (isHandedOut ? visitor.token() : visitor.map());

  if (isIssued)
    test('obtain: asks as the document of the platform has it', async (visitor) => {
      assert.equal((await need(visitor)).status, 200);
      const [first, ...others] = visitor.credentialRequests();
      assert.ok(first);
      assert.equal(others.length, 0);
      const {method, url, headers, body} = platform.asked;
      assert.equal(first.method, method);
      if (typeof url === 'string') assert.equal(first.url.href, url);
      else assert.match(first.url.href, url);
      assert.equal(first.body, body);
      const given = Object.fromEntries(Object.keys(headers).map((name) => [name, first.headers.get(name)]));
      assert.deepEqual(given, headers);
    });

  if (isHandedOut) {
    test('obtain: answers with the token and nothing else', async (visitor) => {
      for (const method of ['GET', 'POST']) {
        const response = await visitor.token('/token', {method});
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('cache-control'), 'no-store');
        assert.equal(response.headers.get('content-type'), 'application/json');
        assert.equal(response.headers.get('set-cookie'), null);
        const answer = await response.json();
        assert.deepEqual(Object.keys(answer), ['access_token', 'token_type', 'expires_in']);
        assert.equal(answer.token_type, 'Bearer');
        assert.equal(answer.expires_in, lifetime);
      }
    });

    test('obtain: the platform takes the token that is handed out', async (visitor) => {
      const token = await tokenIn(await visitor.token());
      const name = 'token' in platform.attached ? 'token' : 'authorization';
      const url = new URL(platform.upstream + platform.path);
      const sent = (value: string): Promise<Response> =>
        visitor.fetch(url, {headers: {[name]: value, referer: 'https://site.example/'}});
      const prefix = name === 'token' ? '' : 'Bearer ';
      assert.equal((await sent(`${prefix}${token}`)).status, 200);
      assert.equal((await sent(`${prefix}${token}x`)).status, 401);
    });

    test('obtain: 1,000 at once are one request to the platform', async (visitor) => {
      assert.deepEqual(await statuses(times(1000, () => visitor.token())), {200: 1000});
      assert.equal(visitor.requests().length, 1);
    });
  } else
    test('obtain: is for a proxy, and never handed out', async (visitor) => {
      const response = await visitor.token();
      assert.equal(response.status, 404);
      assert.deepEqual(await response.json(), {error: 'not_found'});
      assert.equal(visitor.requests().length, 0);
    });

  test('attach: the proxy puts the credential on the request', async (visitor) => {
    const bare = await visitor.fetch(platform.upstream + platform.path);
    assert.equal(bare.status, 401, 'the map is not protected');
    const response = await visitor.map();
    assert.equal(response.status, 200);
    assert.ok((await response.arrayBuffer()).byteLength > 0);
    const sent = visitor.mapRequests().at(-1);
    assert.ok(sent);
    for (const [name, pattern] of Object.entries(platform.attached))
      assert.match(sent.headers.get(name) ?? '', pattern);
    const extra = ['cookie', 'origin', 'x-forwarded-for'].filter((name) => !(name in platform.attached));
    assert.deepEqual(
      extra.filter((name) => sent.headers.has(name)),
      [],
    );
  });

  test('attach: 100 parts of the map need one credential', async (visitor) => {
    assert.deepEqual(await statuses(times(100, () => visitor.map())), {200: 100});
    assert.equal(visitor.credentialRequests().length, isIssued ? 1 : 0);
    assert.equal(visitor.mapRequests().length, 100);
  });

  test('attach: no proxy goes to where credentials are made', async (visitor) => {
    assert.equal((await visitor.map(platform.closedPath)).status, 404);
    assert.equal(visitor.requests().length, 0);
  });

  if (isIssued && lifetime !== undefined) {
    test('expire: the same credential until shortly before its end, then a new one', async (visitor) => {
      await need(visitor);
      visitor.clock.advance(lifetime / 2);
      await need(visitor);
      assert.equal(visitor.credentialRequests().length, 1);
      visitor.clock.advance(lifetime / 2 - 31);
      assert.equal((await visitor.map()).status, 200);
      assert.equal(visitor.credentialRequests().length, 2);
    });

    test('expire: after a long sleep the map is there again', async (visitor) => {
      assert.equal((await visitor.map()).status, 200);
      visitor.clock.advance(30 * 24 * 3600);
      assert.equal((await visitor.map()).status, 200);
      assert.equal(visitor.mapRequests().filter(({status}) => status === 401).length, 0);
    });

    test('expire: what is held serves while the platform is away, until its end', async (visitor) => {
      await need(visitor);
      visitor.clock.advance(lifetime - 20);
      visitor.setFault((request) =>
        visitor.isForCredential(request) ? Promise.reject(new TypeError('fetch failed')) : undefined,
      );
      assert.equal((await need(visitor)).status, 200);
      assert.equal((await visitor.map()).status, 200);
      visitor.clock.advance(20);
      await assertNeutral(await visitor.map(), 502);
    });

    test('expire: an account that is refused has no old credential either', async (visitor) => {
      await need(visitor);
      visitor.clock.advance(lifetime - 20);
      visitor.setFault((request) => (visitor.isForCredential(request) ? new Response('no', {status: 401}) : undefined));
      await assertNeutral(await need(visitor), 502);
      await assertNeutral(await visitor.map(), 502);
    });

    if (isHandedOut)
      test('expire: tells how long the token is good for from now on', async (visitor) => {
        await visitor.token();
        visitor.clock.advance(lifetime / 2);
        const {expires_in}: {expires_in: number} = await (await visitor.token()).json();
        assert.equal(expires_in, lifetime / 2);
      });

    test('401: the proxy asks anew once, and sends the request again', async (visitor) => {
      await visitor.map();
      visitor.revoke();
      assert.equal((await visitor.map()).status, 200);
      assert.deepEqual(
        visitor.mapRequests().map(({status}) => status),
        [200, 401, 200],
      );
      assert.equal(visitor.credentialRequests().length, 2);
    });

    test('401: 100 refused parts of the map are one request for a credential', async (visitor) => {
      await visitor.map();
      visitor.revoke();
      assert.deepEqual(await statuses(times(100, () => visitor.map())), {200: 100});
      assert.equal(visitor.credentialRequests().length, 2);
    });

    if (isHandedOut)
      test('401: reason=unauthorized asks anew, at most once in five seconds', async (visitor) => {
        const refused = '/token?reason=unauthorized';
        const first = await tokenIn(await visitor.token());
        visitor.revoke();
        const second = await tokenIn(await visitor.token(refused));
        assert.notEqual(second, first);
        assert.deepEqual(await statuses(times(1000, () => visitor.token(refused))), {200: 1000});
        assert.equal(await tokenIn(await visitor.token(refused)), second);
        assert.equal(visitor.credentialRequests().length, 2);
        visitor.clock.advance(5);
        assert.notEqual(await tokenIn(await visitor.token(refused)), second);
        assert.equal(visitor.credentialRequests().length, 3);
      });
  }

  test('401: a platform that refuses the new one too is asked twice, and no more', async (visitor) => {
    await visitor.map();
    visitor.setFault((request) =>
      visitor.isForCredential(request) ? undefined : new Response('who are you?', {status: 401}),
    );
    await assertNeutral(await visitor.map(), 502);
    assert.equal(visitor.mapRequests().length, isIssued ? 3 : 2);
    assert.equal(visitor.credentialRequests().length, isIssued ? 2 : 0);
  });

  const refusals: Readonly<
    Record<string, {readonly authorize: () => boolean | Promise<boolean>; readonly status: number}>
  > = {
    'is not signed in to the site': {authorize: () => false, status: 401},
    'cannot be asked for, since the site is in trouble': {
      authorize: () => Promise.reject(new Error('the sessions are away')),
      status: 500,
    },
  };
  for (const [who, {authorize, status}] of Object.entries(refusals))
    test(
      `refuse: a visitor who ${who} costs the platform nothing`,
      async (visitor) => {
        for (const response of [await visitor.token(), await visitor.map()]) {
          assert.equal(response.status, status);
          assert.deepEqual(await response.json(), {error: status === 401 ? 'unauthorized' : 'server_error'});
        }
        assert.equal(visitor.requests().length, 0);
      },
      {authorize},
    );

  test('refuse: a page of another site', async (visitor) => {
    const crossSite: readonly Record<string, string>[] = [
      {'sec-fetch-site': 'cross-site'},
      {'sec-fetch-site': 'cross-site', origin: 'https://evil.example'},
      {'sec-fetch-site': 'same-site', origin: 'https://other.site.example'},
      {origin: 'https://evil.example'},
      {origin: 'null'},
    ];
    for (const headers of crossSite)
      for (const response of [await visitor.token('/token', {headers}), await visitor.map(platform.path, {headers})]) {
        assert.equal(response.status, 403);
        assert.equal(response.headers.get('access-control-allow-origin'), null);
        assert.deepEqual(await response.json(), {error: 'cross_site'});
      }
    assert.equal(visitor.requests().length, 0);
  });

  for (const [what, options] of Object.entries(platform.refusedAccounts))
    test(
      `refuse: ${what} is told to nobody, and not tried again and again`,
      async (visitor) => {
        await assertNeutral(await need(visitor), 502);
        await assertNeutral(await visitor.map(), 502);
        visitor.clock.advance(20);
        await Promise.all(times(50, () => need(visitor)));
        assert.equal(visitor.credentialRequests().length, 1);
        visitor.clock.advance(20);
        await need(visitor);
        assert.equal(visitor.credentialRequests().length, 2);
      },
      {options},
    );

  if (isIssued)
    for (const [what, {status, answer}] of Object.entries(troubles))
      test(
        `refuse: ${what} in place of a token`,
        async (visitor) => {
          let asked = 0;
          visitor.setFault((request) => {
            if (!visitor.isForCredential(request)) return undefined;
            asked += 1;
            return answer();
          });
          const response = await need(visitor);
          await assertNeutral(response, status);
          assert.equal(response.headers.get('retry-after'), status === 503 ? '7' : null);
          assert.equal(asked, 1);
          visitor.setFault(null);
          visitor.clock.advance(status === 503 ? 6 : 0.5);
          await assertNeutral(await need(visitor), status);
          assert.equal(asked, 1);
          visitor.clock.advance(1);
          assert.equal((await need(visitor)).status, 200);
        },
        what === 'no answer at all' ? {timeout: 1} : {},
      );

  for (const what of [
    'a login page',
    'a redirect',
    'an error with a page',
    'a broken connection',
    'no answer at all',
    'too many requests',
  ])
    test(
      `refuse: ${what} in place of a part of the map`,
      async (visitor) => {
        const {status, answer} = troubles[what] ?? assert.fail();
        await visitor.map();
        visitor.setFault((request) => (visitor.isForCredential(request) ? undefined : answer()));
        const response = await visitor.map();
        await assertNeutral(response, status);
        assert.equal(response.headers.get('location'), null);
        assert.equal(response.headers.get('retry-after'), status === 503 ? '7' : null);
      },
      what === 'no answer at all' ? {timeout: 1} : {},
    );

  const {signOut} = platform;
  test(`sign out: ${signOut ? 'ends the credential at the platform' : 'forgets the credential; the platform cannot end it'}`, async (visitor) => {
    await visitor.map();
    await visitor.broker.signOut();
    const ended = visitor.requests().filter((request) => visitor.isSignOut(request));
    assert.deepEqual(
      ended.map(({method, url, status}) => ({method, url: url.href, isOk: status < 300})),
      signOut ? [{...signOut, isOk: true}] : [],
    );
    await visitor.broker.signOut();
    assert.equal(visitor.requests().filter((request) => visitor.isSignOut(request)).length, ended.length);
    assert.equal((await visitor.map()).status, 200);
    assert.equal(visitor.credentialRequests().length, isIssued ? 2 : 0);
  });

  test('never leak: what a platform says of itself stays behind the proxy', async (visitor) => {
    await visitor.map();
    const [session] = visitor.secrets();
    visitor.setFault((request) =>
      visitor.isForCredential(request)
        ? undefined
        : new Response('part', {
            headers: {
              'content-type': 'image/png',
              'set-cookie': `SESSION=${session}`,
              'x-debug': `${session}`,
              'access-control-allow-origin': '*',
              server: 'Platform/1.0',
              location: 'https://inside.example/',
            },
          }),
    );
    const response = await visitor.map();
    assert.equal(response.status, 200);
    assert.deepEqual([...response.headers.keys()].toSorted(), [
      'cache-control',
      'content-security-policy',
      'content-type',
      'cross-origin-resource-policy',
      'vary',
      'x-content-type-options',
    ]);
  });
};

for (const platform of platformCases) describe(platform.name, () => contract(platform));

describe('the suite', () => {
  it('has every platform of the registry', () => {
    const covered = new Set(platformCases.map(({options}) => options.platform));
    assert.deepEqual([...covered].toSorted(), Object.keys(platforms).toSorted());
  });
});
