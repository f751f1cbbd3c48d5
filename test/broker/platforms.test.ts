import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {createTokenBroker, type TokenBrokerOptions} from '../../src/broker/index.js';
import {createFakeClock} from '../doubles/platforms/front.js';
import {createSpectrumDouble} from '../doubles/platforms/spectrum.js';
import {createIserverDouble} from '../doubles/platforms/supermap-iserver.js';
import {createKeycloakDouble, type KeycloakOptions} from '../doubles/platforms/supermap-keycloak.js';
import {flatContent as content} from './support/contents.js';

// What one platform does and no other.

const SITE = 'https://site.example/token';
const account = {username: 'viewer', password: 'a-password'};

interface Asked {
  readonly url: URL;
  readonly init: RequestInit;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A network on which every request gets the same answer. */
const answering = (answer: (asked: Asked) => Response): {readonly fetch: typeof fetch; readonly asked: Asked[]} => {
  const asked: Asked[] = [];
  return {
    asked,
    fetch: (input, init = {}) => {
      const body: Readonly<Record<string, unknown>> = typeof init.body === 'string' ? JSON.parse(init.body) : {};
      const one = {url: new URL(new Request(input, init).url), init, body};
      asked.push(one);
      return Promise.resolve(answer(one));
    },
  };
};

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: Readonly<Record<string, unknown>>): string =>
  `${segment({typ: 'JWT', alg: 'RS256'})}.${segment(claims)}.c2lnbmF0dXJl`;

interface Told {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

const askBroker = async (options: TokenBrokerOptions, request = new Request(SITE)): Promise<Told> => {
  const errors: string[] = [];
  const onError = (error: unknown): void => void errors.push(error instanceof Error ? error.message : '?');
  const response = await createTokenBroker({...options, onError})(request);
  return {status: response.status, answer: await response.json(), errors};
};

const NOW = Date.UTC(2026, 5, 1, 12);
const seconds = NOW / 1000;

const onemap = (claims: Readonly<Record<string, unknown>> | string, more: object = {}): Promise<Told> => {
  const {fetch} = answering(() => Response.json({token: typeof claims === 'string' ? claims : jwt(claims)}));
  const base = {platform: 'onemap', server: 'https://org.example', secret: account} as const;
  return askBroker({...base, authorize: () => true, fetch, now: () => NOW, ...more});
};

describe('onemap', () => {
  const lifetimes: Readonly<Record<string, [Readonly<Record<string, unknown>>, number]>> = {
    'two hours, as the text says': [{iat: seconds, exp: seconds + 7200}, 7200],
    'a day with `iat` as text, as its first sample': [{iat: String(seconds), exp: seconds + 86_400}, 86_400],
    'an hour, as its second sample': [{iat: seconds, exp: seconds + 3600}, 3600],
    'two hours where the token does not say': [{}, 7200],
    'an `exp` without `iat`': [{exp: seconds + 600}, 600],
    'a clock that is three hours ahead of ours': [{iat: seconds + 10_800, exp: seconds + 18_000}, 7200],
    'a clock that is three hours behind ours': [{iat: seconds - 10_800, exp: seconds - 3600}, 7200],
  };
  for (const [what, [claims, expected]] of Object.entries(lifetimes))
    it(`lifetime: ${what}`, async () => {
      const {answer} = await onemap({username: 'viewer', ...claims});
      assert.equal(answer['expires_in'], expected);
    });

  const refused: Readonly<Record<string, [Readonly<Record<string, unknown>> | string, object]>> = {
    'of an administrator, by its roles': [{username: 'x', roles: ['ROLE_USER', 'ROLE_ADMIN']}, {}],
    'of an administrator, whatever the case': [{username: 'x', roles: ['role_admin']}, {}],
    'with one of denyRoles': [{username: 'x', roles: ['ROLE_EDITOR']}, {denyRoles: ['role_editor']}],
    'of "admin", as the second sample of the document': [{iat: seconds, exp: seconds + 3600, username: 'admin'}, {}],
    'of a user who is not in allowUsers': [{username: 'other'}, {allowUsers: ['viewer']}],
    'of nobody, where allowUsers is given': [{}, {allowUsers: ['viewer']}],
    'of an account "admin" that does not say whose it is': [{}, {secret: {username: 'admin', password: 'x'}}],
    'that cannot be read': ['opaque-token', {}],
  };
  for (const [what, [claims, more]] of Object.entries(refused))
    it(`hands out no token ${what}`, async () => {
      const {status, answer, errors} = await onemap(claims, more);
      assert.equal(status, 502);
      assert.deepEqual(answer, {error: 'platform_unavailable'});
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? '', /^Onemap gave a token that is not handed out: /);
    });

  it('hands out the token of a user in allowUsers', async () => {
    assert.equal((await onemap({username: 'viewer'}, {allowUsers: ['viewer']})).status, 200);
  });

  it('refuses a token that has expired before it came', async () => {
    const {status, errors} = await onemap({username: 'viewer', exp: seconds - 1});
    assert.equal(status, 502);
    assert.deepEqual(errors, ['The platform gave a token that has expired already.']);
  });
});

describe('spectrum', () => {
  const base = {platform: 'spectrum', server: 'https://spectrum.example', authorize: () => true} as const;
  const secret = {username: 'geo', password: 'spectrum-geo-password'};

  it('gives a token for ever only when told to, and then says no lifetime', async () => {
    const {fetch} = createSpectrumDouble({content});
    assert.throws(() => createTokenBroker({...base, secret, fetch, ttlMinutes: 0}), /"ttlMinutes": is 0/);
    const told = await askBroker({...base, secret, fetch, ttlMinutes: 0, allowNeverExpiring: true});
    assert.deepEqual(Object.keys(told.answer), ['access_token', 'token_type']);
  });

  it('knows that a session ends after half an hour without use, and begins another', async () => {
    const clock = createFakeClock();
    const double = createSpectrumDouble({now: clock.now, content});
    const broker = createTokenBroker({
      ...base,
      ...{secret, fetch: double.fetch, now: clock.now, kind: 'session', ttlMinutes: 600},
    });
    const session = async (): Promise<unknown> => (await broker.credential(new Request(SITE)))?.cookies?.['SESSION'];
    const first = await session();
    assert.ok(first);
    clock.advance(25 * 60);
    assert.equal(await session(), first);
    clock.advance(25 * 60);
    assert.equal(await session(), first);
    clock.advance(30 * 60);
    assert.notEqual(await session(), first);
  });

  it('ends a session with its cookie', async () => {
    const double = createSpectrumDouble({content});
    const broker = createTokenBroker({...base, secret, fetch: double.fetch, kind: 'session'});
    const credential = await broker.credential(new Request(SITE));
    await broker.signOut();
    const {url, headers, status} = double.requests.at(-1) ?? assert.fail();
    assert.deepEqual([url.pathname, status], ['/security/rest/token/logout', 204]);
    assert.equal(headers.get('cookie'), `SESSION=${credential?.cookies?.['SESSION']}`);
    assert.equal(headers.get('authorization'), `Bearer ${credential?.token}`);
  });

  it('takes a password in any letters', async () => {
    const {fetch, asked} = answering(() => Response.json({access_token: 'a.b.c', username: 'geo'}));
    await askBroker({...base, secret: {username: 'gëo', password: 'pä:ß€'}, fetch});
    const sent = new Headers(asked[0]?.init.headers).get('authorization')?.replace('Basic ', '') ?? '';
    assert.equal(Buffer.from(sent, 'base64').toString(), 'gëo:pä:ß€');
  });
});

describe('supermap-imanager', () => {
  const base = {
    platform: 'supermap-imanager',
    server: 'https://gis.example:31100',
    authServer: 'https://gis.example:30474',
    secret: {username: 'mapuser', password: 'imanager-mapuser-password'},
    authorize: () => true,
  } as const;

  const open = (options: KeycloakOptions = {}) => {
    const clock = createFakeClock();
    const double = createKeycloakDouble({now: clock.now, ...options});
    const broker = createTokenBroker({...base, fetch: double.fetch, now: clock.now});
    const token = async (): Promise<string> => {
      const {access_token}: {access_token: string} = await (await broker(new Request(SITE))).json();
      return access_token;
    };
    const grants = (): readonly (string | null)[] =>
      double.requests.map(({body}) => new URLSearchParams(body).get('grant_type'));
    return {clock, double, token, grants, broker};
  };

  it('renews with the refresh token, which stays in the server', async () => {
    for (const rotate of [false, true]) {
      const {clock, token, grants} = open({rotate});
      const tokens = [await token()];
      for (let round = 0; round < 3; round += 1) {
        clock.advance(280);
        tokens.push(await token());
      }
      assert.equal(new Set(tokens).size, 4);
      assert.deepEqual(grants(), ['password', 'refresh_token', 'refresh_token', 'refresh_token']);
    }
  });

  it('signs in again when the refresh token is refused', async () => {
    const {clock, double, token, grants} = open({rotate: true});
    await token();
    double.refreshTokens.revoke();
    clock.advance(280);
    await token();
    assert.deepEqual(grants(), ['password', 'refresh_token', 'password']);
  });

  it('signs in again without trying a refresh token whose time is over', async () => {
    const {clock, token, grants} = open();
    await token();
    clock.advance(1801);
    await token();
    assert.deepEqual(grants(), ['password', 'password']);
  });

  it('does not sign in again while the realm cannot be reached', async () => {
    const {clock, double, token, grants} = open();
    const first = await token();
    double.fault = () => Promise.reject(new TypeError('fetch failed'));
    clock.advance(280);
    assert.equal(await token(), first);
    assert.deepEqual(grants(), ['password']);
  });

  it('keeps a refresh token that does not expire', async () => {
    const clock = createFakeClock();
    const grants: (string | null)[] = [];
    const broker = createTokenBroker({
      ...base,
      now: clock.now,
      fetch: async (input, init) => {
        grants.push(new URLSearchParams(await new Request(input, init).text()).get('grant_type'));
        const access_token = `token.${grants.length}`;
        return Response.json({
          ...{access_token, token_type: 'bearer', expires_in: 300},
          ...{refresh_token: 'offline', refresh_expires_in: 0},
        });
      },
    });
    await broker(new Request(SITE));
    clock.advance(30 * 24 * 3600);
    await broker(new Request(SITE));
    assert.deepEqual(grants, ['password', 'refresh_token']);
  });

  it('ends the session of the realm with the refresh token', async () => {
    const {broker, double, token} = open();
    await token();
    await broker.signOut();
    const {url, method, body, status} = double.requests.at(-1) ?? assert.fail();
    assert.equal(`${method} ${url}`, `POST ${base.authServer}/auth/realms/imanager/protocol/openid-connect/logout`);
    const refresh = double.refreshTokens.all[0]?.token ?? '';
    assert.equal(body, new URLSearchParams({client_id: 'imanager', refresh_token: refresh}).toString());
    assert.equal(status, 204);
  });

  it('asks the realm where the options say it is', async () => {
    const places: readonly [object, string][] = [
      [{authServer: undefined}, 'https://gis.example:31100/auth/realms/imanager'],
      [{authPath: ''}, 'https://gis.example:30474/realms/imanager'],
      [
        {authServer: 'https://sso.example/kc/', authPath: '', realm: 'city', clientId: 'map'},
        'https://sso.example/kc/realms/city',
      ],
    ];
    for (const [options, realm] of places) {
      const {fetch, asked} = answering(() =>
        Response.json({access_token: 'a.b.c', token_type: 'bearer', expires_in: 300}),
      );
      const told = await askBroker({...base, ...options, fetch} as TokenBrokerOptions);
      assert.equal(told.status, 200);
      assert.equal(told.answer['token_type'], 'Bearer');
      assert.equal(asked[0]?.url.href, `${realm}/protocol/openid-connect/token`);
    }
  });
});

describe('supermap-iserver', () => {
  const base = {platform: 'supermap-iserver', server: 'https://iserver.example', authorize: () => true} as const;
  const secret = {username: 'mapuser', password: 'iserver-mapuser-password'};

  it('binds a token to the page that asks, one for each', async () => {
    const {fetch, asked} = answering(() => new Response(`token-${asked.length}`));
    const broker = createTokenBroker({...base, secret, fetch, origins: ['https://other.example']});
    const from = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
      const {access_token}: {access_token: string} = await (await broker(new Request(SITE, {headers}))).json();
      return access_token;
    };
    assert.equal(await from({}), 'token-1');
    assert.equal(await from({origin: 'https://other.example'}), 'token-2');
    assert.equal(await from({'sec-fetch-site': 'same-origin'}), 'token-1');
    assert.deepEqual(
      asked.map(({body}) => body['referer']),
      ['https://site.example', 'https://other.example'],
    );
  });

  it('asks for the other kinds of binding', async () => {
    const wanted: readonly [object, object][] = [
      [{clientType: 'none'}, {clientType: 'NONE'}],
      [
        {clientType: 'ip', ip: '192.0.2.7'},
        {clientType: 'IP', ip: '192.0.2.7'},
      ],
      [{referer: 'https://www.example'}, {clientType: 'Referer', referer: 'https://www.example'}],
    ];
    for (const [options, expected] of wanted) {
      const {fetch, asked} = answering(() => new Response('token'));
      const given = {...base, secret, fetch, now: () => NOW, ...options, expirationMinutes: 5} as TokenBrokerOptions;
      assert.equal((await askBroker(given)).answer['expires_in'], 300);
      const {username: userName, password} = secret;
      assert.deepEqual(asked[0]?.body, {userName, password, ...expected, expiration: 5});
    }
  });

  it('finds the token service of a server with or without its path', async () => {
    for (const server of [
      'https://h.example',
      'https://h.example/',
      'https://h.example/iserver',
      'https://h.example/iserver/',
    ]) {
      const {fetch, asked} = answering(() => new Response('token'));
      await askBroker({...base, server, secret, fetch});
      assert.equal(asked[0]?.url.href, 'https://h.example/iserver/services/security/tokens.json');
    }
  });

  it('reads the token as text, as JSON text, and a failure with any status', async () => {
    const told = async (answer: string, status = 200): Promise<unknown> => {
      const {fetch} = answering(() => new Response(answer, {status}));
      const {answer: body} = await askBroker({...base, secret, fetch});
      return body['access_token'] ?? body['error'];
    };
    assert.equal(await told('abc..'), 'abc..');
    assert.equal(await told('"abc.."'), 'abc..');
    assert.equal(await told('{"succeed":false,"error":{"code":401,"errorMsg":"no"}}'), 'platform_unavailable');
    assert.equal(await told('{"succeed":false,"error":{"code":401,"errorMsg":"no"}}', 401), 'platform_unavailable');
    assert.equal(await told('"abc'), 'platform_unavailable');
  });

  it('asks no platform for more bindings than there can be pages', async () => {
    const double = createIserverDouble({content});
    const broker = createTokenBroker({...base, secret, fetch: double.fetch});
    const statuses: number[] = [];
    for (let each = 0; each < 40; each += 1)
      statuses.push((await broker(new Request(`https://made-up-${each}.example/token`))).status);
    assert.deepEqual(statuses, [...Array<number>(32).fill(200), ...Array<number>(8).fill(502)]);
    assert.equal(double.requests.length, 32);
  });
});

describe('spatial-studio', () => {
  it('gives each token a name of its own, of 128 characters at most', async () => {
    const {fetch, asked} = answering(() => Response.json({token: 'a.b.c'}));
    const base = {platform: 'spatial-studio', server: 'https://s.example', authorize: () => true, fetch} as const;
    const names = new Set<string>();
    for (let each = 0; each < 5; each += 1) await askBroker({...base, secret: {generatorToken: 'generator'}});
    for (const {url} of asked) names.add(url.searchParams.get('name') ?? '');
    assert.equal(names.size, 5);
    for (const name of names) assert.match(name, /^secure-map .{1,117}$/);
    assert.equal(asked[0]?.url.pathname, '/spatialstudio/oauth/v1/user/token');
  });
});
