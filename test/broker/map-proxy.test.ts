import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {inspect} from 'node:util';
import {createMapProxy, type MapProxyOptions, type ServerCredential} from '../../src/broker/index.js';

const SITE = 'https://site.example';
const UPSTREAM = 'https://maps.example';
const TOKEN = 'token-of-the-account';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}

const part = (): Response => new Response('part', {headers: {'content-type': 'image/png'}});

interface Opened {
  readonly sent: Sent[];
  readonly errors: unknown[];
  ask(path: string, init?: RequestInit): Promise<Response>;
}

const open = (
  answer: (sent: Sent) => Response | Promise<Response> = part,
  options: Partial<MapProxyOptions> = {},
): Opened => {
  const sent: Sent[] = [];
  const errors: unknown[] = [];
  const proxy = createMapProxy({
    mount: '/map',
    upstream: UPSTREAM,
    paths: ['/rest/Spatial/', '/tiles'],
    credential: () => Promise.resolve({token: TOKEN}),
    authorize: () => true,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const one = {url: request.url, method: request.method, headers: request.headers};
      sent.push(one);
      return answer(one);
    },
    onError: (error) => void errors.push(error),
    ...options,
  });
  return {sent, errors, ask: (path, init) => proxy(new Request(SITE + path, init))};
};

const errorIn = async (response: Response): Promise<unknown> => ((await response.json()) as {error: unknown}).error;

describe('paths', () => {
  const allowed: Readonly<Record<string, string>> = {
    '/map/tiles/1/2/3.png': '/tiles/1/2/3.png',
    '/map/tiles': '/tiles',
    '/map/tiles/?SERVICE=WMS&LAYERS=a%2Cb&q=SELECT%20*': '/tiles/?SERVICE=WMS&LAYERS=a%2Cb&q=SELECT%20*',
    '/map/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile/3/3:2/tile.png':
      '/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile/3/3:2/tile.png',
    '/map/rest/Spatial/MappingService/maps/A/image.png;w=256;h=256;b=1,2,3,4,epsg:3857;bc=FFFFFF':
      '/rest/Spatial/MappingService/maps/A/image.png;w=256;h=256;b=1,2,3,4,epsg:3857;bc=FFFFFF',
    '/map/rest/Spatial/maps/Stra%C3%9Fen%20und%20Wege.json': '/rest/Spatial/maps/Stra%C3%9Fen%20und%20Wege.json',
    '/map/tiles/x?path=../../etc/passwd': '/tiles/x?path=../../etc/passwd',
    '/map/tiles/a?token=mine&Access_Token=mine&%74oken=mine&x=1': '/tiles/a?x=1',
    '/map/tiles/a?_method=DELETE&x=1&%5Fmethod=POST': '/tiles/a?x=1',
  };
  for (const [path, expected] of Object.entries(allowed))
    it(`goes to ${expected}`, async () => {
      const {ask, sent} = open();
      assert.equal((await ask(path)).status, 200);
      assert.deepEqual(
        sent.map(({url}) => url),
        [UPSTREAM + expected],
      );
    });

  const refused: Readonly<Record<string, number>> = {
    '/tiles/1': 404,
    '/mapx/tiles/1': 404,
    '/map': 404,
    '/map/': 404,
    '/map/tilesx': 404,
    '/map/admin': 404,
    '/map/TILES/1': 404,
    '/map/rest/Spatial/../../security/rest/token/access/0': 404,
    '/map/tiles/..%2f..%2fadmin': 400,
    '/map/tiles/%2e%2e/admin': 404,
    '/map/tiles/%2e%2e%2fadmin': 400,
    '/map/tiles/%252e%252e%252fadmin': 400,
    '/map/tiles/%25252e%25252e%25252fadmin': 400,
    '/map/tiles/..%5cadmin': 400,
    '/map/tiles/..\\..\\admin': 404,
    '/map/tiles/..;/..;/admin': 400,
    '/map/tiles/.;x=1/admin': 400,
    '/map/tiles/..%3b/admin': 400,
    '/map/tiles;x=1/../admin': 404,
    '/map/tiles;x=1/admin': 400,
    '/map/rest;x/Spatial/a': 400,
    '/map//tiles/1': 400,
    '/map/tiles//admin': 400,
    '/map/tiles/%00': 400,
    '/map/tiles/a%0d%0aHost:%20evil': 400,
    '/map/tiles/%7f': 400,
    '/map/tiles/%ff': 400,
    '/map/tiles/%': 400,
    '/map/tiles/a%2eb': 400,
    '/map/@evil.example/tiles/1': 404,
    '/map/https://evil.example/tiles/1': 400,
    '/map/%2F%2Fevil.example/tiles/1': 400,
  };
  for (const [path, status] of Object.entries(refused))
    it(`refuses ${path}`, async () => {
      const {ask, sent} = open();
      const response = await ask(path);
      assert.equal(response.status, status);
      assert.equal(await errorIn(response), status === 404 ? 'not_found' : 'bad_path');
      assert.equal(sent.length, 0);
    });

  it('is served under the whole origin where no mount is given', async () => {
    const {ask, sent} = open(part, {mount: undefined});
    assert.equal((await ask('/tiles/1')).status, 200);
    assert.equal(sent[0]?.url, `${UPSTREAM}/tiles/1`);
  });

  it('compares what is asked for with the path of the upstream in front', async () => {
    const {ask, sent} = open(part, {upstream: `${UPSTREAM}/base/`, paths: ['/base/tiles']});
    assert.equal((await ask('/map/tiles/1')).status, 200);
    assert.equal((await ask('/map/base/tiles/1')).status, 404);
    assert.deepEqual(
      sent.map(({url}) => url),
      [`${UPSTREAM}/base/tiles/1`],
    );
  });

  it('finds closed paths however they are spelt', async () => {
    const {ask, sent} = open(part, {platform: 'spectrum', paths: ['/']});
    for (const path of [
      '/security/rest/token/access/0',
      '/SECURITY/rest/token',
      '/%73ecurity/%72est/token',
      '/security/rest;x=1',
    ])
      assert.equal((await ask(`/map${path}`)).status, 404, path);
    assert.equal((await ask('/map/security;x=1/rest/token')).status, 400);
    assert.equal(sent.length, 0);
    assert.equal((await ask('/map/rest/Spatial/Security/rest.json')).status, 200);
  });
});

describe('requests', () => {
  it('carry the credential, and of the visitor only what a map needs', async () => {
    const {ask, sent} = open();
    await ask('/map/tiles/1', {
      headers: {
        accept: 'image/webp',
        'accept-language': 'nl',
        range: 'bytes=0-9',
        'if-none-match': '"a"',
        cookie: 'session=visitor',
        authorization: 'Bearer visitor',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-host': 'evil.example',
        'x-http-method-override': 'DELETE',
        'x-original-url': '/admin',
        forwarded: 'host=evil.example',
        connection: 'keep-alive, authorization',
        'transfer-encoding': 'chunked',
        te: 'trailers',
        upgrade: 'h2c',
        token: 'visitor',
        referer: 'https://site.example/secret',
        'user-agent': 'visitor',
      },
    });
    assert.deepEqual(Object.fromEntries(sent[0]?.headers ?? []), {
      accept: 'image/webp',
      'accept-language': 'nl',
      authorization: `Bearer ${TOKEN}`,
      'if-none-match': '"a"',
      range: 'bytes=0-9',
    });
  });

  it('are GET or HEAD', async () => {
    const {ask, sent} = open(() => new Response(null, {headers: {'content-type': 'image/png', 'content-length': '9'}}));
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await ask('/map/tiles/1', {method});
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, HEAD');
    }
    assert.equal(sent.length, 0);
    const response = await ask('/map/tiles/1', {method: 'HEAD'});
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-length'), '9');
    assert.equal(sent[0]?.method, 'HEAD');
  });

  it('carry what else belongs to the credential', async () => {
    const credential: ServerCredential = {
      token: TOKEN,
      cookies: {SESSION: 'a', other: 'b'},
      headers: {referer: 'https://site.example'},
    };
    const {ask, sent} = open(part, {credential: () => Promise.resolve(credential)});
    await ask('/map/tiles/1');
    const {headers} = sent[0] ?? assert.fail();
    assert.equal(headers.get('cookie'), 'SESSION=a; other=b');
    assert.equal(headers.get('referer'), 'https://site.example');
  });

  it('are not made for a visitor without a credential', async () => {
    const {ask, sent} = open(part, {credential: () => Promise.resolve(undefined)});
    const response = await ask('/map/tiles/1');
    assert.equal(response.status, 401);
    assert.equal(await errorIn(response), 'unauthorized');
    assert.equal(sent.length, 0);
  });

  it('end in a 401 when the session behind the credential is over', async () => {
    const {ask, sent, errors} = open(() => new Response(null, {status: 401}), {
      credential: (_request, {reason} = {}) => Promise.resolve(reason === undefined ? {token: TOKEN} : undefined),
    });
    const response = await ask('/map/tiles/1');
    assert.equal(response.status, 401);
    assert.equal(await errorIn(response), 'unauthorized');
    assert.equal(sent.length, 1);
    assert.deepEqual(errors, []);
  });
});

describe('answers', () => {
  const image = (headers: Readonly<Record<string, string>>, status = 200): Opened =>
    open(
      () => new Response(status === 304 ? null : 'part', {status, headers: {'content-type': 'image/png', ...headers}}),
    );

  const caching: Readonly<Record<string, string>> = {
    '': 'private, no-cache',
    'public, max-age=600': 'private, max-age=600',
    'max-age=60, no-cache': 'private, no-cache',
    'no-store': 'no-store',
    's-maxage=600': 'private, no-cache',
    private: 'private, no-cache',
  };
  for (const [upstream, expected] of Object.entries(caching))
    it(`are kept by the visitor's browser alone: ${upstream || 'nothing said'}`, async () => {
      const {ask} = image(upstream ? {'cache-control': upstream} : {});
      const {headers} = await ask('/map/tiles/1');
      assert.equal(headers.get('cache-control'), expected);
      assert.equal(headers.get('vary'), 'Cookie, Authorization');
    });

  it('that are unchanged or a part are handed on as such', async () => {
    const unchanged = await image({etag: '"a"'}, 304).ask('/map/tiles/1', {headers: {'if-none-match': '"a"'}});
    assert.equal(unchanged.status, 304);
    assert.equal(unchanged.headers.get('etag'), '"a"');
    const range = await image({'content-range': 'bytes 0-3/9'}, 206).ask('/map/tiles/1', {
      headers: {range: 'bytes=0-3'},
    });
    assert.equal(range.status, 206);
    assert.equal(range.headers.get('content-range'), 'bytes 0-3/9');
  });

  it('cannot act on the origin of the site', async () => {
    const {headers} = await image({'content-type': 'image/svg+xml'}).ask('/map/tiles/1');
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  });

  it('for a listed page of elsewhere have CORS, and not that of the upstream', async () => {
    const {ask} = open(() => new Response('part', {headers: {'access-control-allow-origin': '*'}}), {
      origins: ['https://page.example'],
    });
    const headers = {origin: 'https://page.example', 'sec-fetch-site': 'cross-site'};
    const response = await ask('/map/tiles/1', {headers});
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://page.example');
    assert.equal(response.headers.get('vary'), 'Cookie, Authorization, Origin');
    assert.equal((await ask('/map/tiles/1')).headers.get('access-control-allow-origin'), null);
  });

  const refusals: Readonly<Record<number, string>> = {
    400: 'request_failed',
    403: 'forbidden',
    404: 'not_found',
    416: 'request_failed',
  };
  for (const [status, words] of Object.entries(refusals))
    it(`with ${status} are told with their status, without their page`, async () => {
      const {ask} = open(
        () => new Response('<h1>inside.example', {status: Number(status), headers: {'content-type': 'text/html'}}),
      );
      const response = await ask('/map/tiles/1');
      assert.equal(response.status, Number(status));
      assert.deepEqual(await response.json(), {error: words});
    });

  for (const type of [
    'application/json',
    'application/problem+json',
    'text/xml; charset=utf-8',
    'application/vnd.ogc.se_xml',
  ])
    it(`that explain a refusal as ${type} are handed on`, async () => {
      const {ask} = open(() => new Response('there is no layer x', {status: 400, headers: {'content-type': type}}));
      const response = await ask('/map/tiles/1');
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(await response.text(), 'there is no layer x');
    });

  const chunks = (...parts: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      start(controller) {
        for (const each of parts) controller.enqueue(new TextEncoder().encode(each));
        controller.close();
      },
    });

  it('that cannot be asked for say so without the credential', async () => {
    const {ask, errors, sent} = open(part, {credential: () => Promise.resolve({token: `${TOKEN}\nand-more`})});
    const response = await ask('/map/tiles/1');
    assert.equal(response.status, 502);
    assert.deepEqual(await response.json(), {error: 'platform_unavailable'});
    assert.equal(sent.length, 0);
    assert.equal(errors.length, 1);
    assert.match(inspect(errors), /invalid-option/);
    assert.doesNotMatch(inspect(errors, {depth: 8}), new RegExp(TOKEN));
  });

  it('that give the credential back are cut off', async () => {
    const credential = {token: 'a-token/with-a-slash', cookies: {SESSION: 'session-canary', SIGN: 'a-canary+that=='}};
    for (const [status, parts] of [
      [200, ['{"you sent": "a-token/with-a-slash"}']],
      [200, ['{"you sent": "a-tok', 'en/with', '-a-slash"}']],
      [200, [String.raw`{"you sent": "a-token\/with-a-slash"}`]],
      [200, [String.raw`{"you sent": "a-canary+that\u003d\u003d"}`]],
      [200, ['{"next": "/tiles?sign=a-canary%2Bthat%3D%3D"}']],
      [400, ['no session ', 'session-', 'canary']],
    ] as const) {
      const {ask, errors} = open(
        () => new Response(chunks(...parts), {status, headers: {'content-type': 'application/json'}}),
        {
          credential: () => Promise.resolve(credential),
        },
      );
      const response = await ask('/map/tiles/1');
      let seen = '';
      const read = async (): Promise<void> => {
        for await (const chunk of response.body ?? []) seen += new TextDecoder().decode(chunk);
      };
      await assert.rejects(read(), /the credential in its text/);
      assert.doesNotMatch(seen, /a-token|canary/);
      assert.equal(errors.length, 1);
    }
  });

  it('are no scripts of the site, whatever the upstream calls them', async () => {
    for (const type of ['text/javascript; charset=utf-8', 'application/javascript', 'application/x-javascript']) {
      const {ask} = open(() => new Response('alert(1)({})', {headers: {'content-type': type}}));
      const response = await ask('/map/tiles/1?callback=alert(1)');
      assert.equal(await response.text(), 'alert(1)({})');
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
  });

  it('that give the credential back, and say how long they are, are a 502', async () => {
    const text = `{"you sent": "Bearer ${TOKEN}"}`;
    const {ask, errors} = open(
      () => new Response(text, {headers: {'content-type': 'application/json', 'content-length': String(text.length)}}),
    );
    const response = await ask('/map/tiles/1');
    assert.equal(response.status, 502);
    assert.deepEqual(await response.json(), {error: 'platform_unavailable'});
    assert.equal(errors.length, 1);
  });

  it('in text are otherwise the same to the last byte', async () => {
    const text = ['{"a": "ä', 'ö€', '"', ', "b": ', '[1,2,3]}', ''];
    const {ask} = open(() => new Response(chunks(...text), {headers: {'content-type': 'application/json'}}));
    assert.equal(await (await ask('/map/tiles/1')).text(), text.join(''));
  });

  it('that are too long are refused by what they say, or cut off', async () => {
    const long = 'x'.repeat(101);
    const said = open(() => new Response(long, {headers: {'content-type': 'image/png', 'content-length': '101'}}), {
      maxBytes: 100,
    });
    assert.equal((await said.ask('/map/tiles/1')).status, 502);
    const unsaid = open(() => new Response(chunks(long), {headers: {'content-type': 'image/png'}}), {maxBytes: 100});
    await assert.rejects((await unsaid.ask('/map/tiles/1')).text(), /more than "maxBytes"/);
    assert.equal(unsaid.errors.length, 1);
    const fits = open(() => new Response(chunks(long), {headers: {'content-type': 'image/png'}}), {maxBytes: 101});
    assert.equal(await (await fits.ask('/map/tiles/1')).text(), long);
  });

  it('that stand still are cut off', async () => {
    const still = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('part')),
    });
    const {ask} = open(() => new Response(still, {headers: {'content-type': 'image/png'}}), {timeout: 0.1});
    await assert.rejects((await ask('/map/tiles/1')).text(), /standstill/);
  });
});
