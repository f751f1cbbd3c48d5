import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {test} from 'node:test';
import {startCli} from './support/cli.js';
import {serveHttp, serveOnemap} from './support/platform-server.js';

// `secure-map-broker` as it runs: the real process, asked over HTTP.

const password = 'correct horse battery staple';
const env = {ONEMAP_PASSWORD: password};

const routesFor = (server: string, authorize: object = {public: true}) => ({
  '/map-token': {
    type: 'token-broker',
    platform: 'onemap',
    server,
    secret: {username: 'viewer', password: {env: 'ONEMAP_PASSWORD'}},
    authorize,
  },
  '/tiles/': {type: 'map-proxy', upstream: server, paths: ['/wms'], broker: '/map-token', authorize},
});

test('hands out a token and passes the map through, with one request for the token', async () => {
  const onemap = await serveOnemap();
  const cli = await startCli({routes: routesFor(onemap.origin)}, env);
  const token = await fetch(`${cli.origin}/map-token`);
  assert.equal(token.status, 200);
  const body: Record<string, unknown> = await token.json();
  assert.deepEqual(Object.keys(body).toSorted(), ['access_token', 'expires_in', 'token_type']);
  const map = await fetch(`${cli.origin}/tiles/wms?LAYERS=a`);
  assert.equal(await map.text(), 'a map');
  assert.deepEqual(onemap.asked, ['POST /api/login_check', 'GET /wms?LAYERS=a']);
});

test('a secret may be a file beside the configuration; the line break at its end is none of it', async () => {
  const onemap = await serveOnemap();
  const routes = routesFor(onemap.origin);
  const secret = {username: {file: 'name'}, password: {file: 'password'}};
  const files = {name: 'viewer\n', password: 'right\r\n'};
  const cli = await startCli({routes: {'/map-token': {...routes['/map-token'], secret}}}, {}, files);
  assert.equal((await fetch(`${cli.origin}/map-token`)).status, 200);
});

test('what is no route is 404, and says nothing', async () => {
  const cli = await startCli({routes: routesFor('http://127.0.0.1:9')}, env);
  for (const path of ['/', '/map-token/', '/map-token/x', '/config.json', '/healthz/x']) {
    const response = await fetch(cli.origin + path);
    assert.equal(response.status, 404, path);
    assert.equal(await response.text(), '{"error":"not_found"}');
    assert.equal(response.headers.get('cache-control'), 'no-store');
  }
});

test('/healthz and /readyz', async () => {
  const cli = await startCli({routes: routesFor('http://127.0.0.1:9')}, env);
  for (const path of ['/healthz', '/readyz']) {
    const response = await fetch(cli.origin + path);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {status: 'ok'});
  }
});

test('the log has a line per request: no query, no cookie, no password, no token', async () => {
  const onemap = await serveOnemap();
  const cli = await startCli({routes: routesFor(onemap.origin)}, env);
  const answer: {access_token: string} = await (await fetch(`${cli.origin}/map-token?ticket=in-the-query`)).json();
  await fetch(`${cli.origin}/tiles/wms;pin=in-the-path?LAYERS=in-the-query`, {
    headers: {cookie: 'SESSION=in-the-cookie'},
  });
  await fetch(`${cli.origin}/nothing?x=in-the-query`);
  const requests = cli.log().filter(({message}) => message === 'request');
  assert.deepEqual(
    requests.map(({level, method, path, route, status}) => ({level, method, path, route, status})),
    [
      {level: 'info', method: 'GET', path: '/map-token', route: '/map-token', status: 200},
      {level: 'info', method: 'GET', path: '/tiles/wms', route: '/tiles/', status: 200},
      {level: 'info', method: 'GET', path: '/nothing', route: undefined, status: 404},
    ],
  );
  for (const {time, ms} of requests) {
    assert.ok(!Number.isNaN(Date.parse(time)));
    assert.ok(Number.isInteger(ms));
  }
  for (const secret of ['in-the-', password, answer.access_token]) assert.ok(!cli.out().includes(secret), secret);
  assert.equal(cli.err(), '');
});

test('a wrong password: 502 to the visitor, the reason to the log, the password to neither', async () => {
  const onemap = await serveOnemap();
  const cli = await startCli({routes: routesFor(onemap.origin)}, {ONEMAP_PASSWORD: 'wrong'});
  const response = await fetch(`${cli.origin}/map-token`);
  assert.equal(response.status, 502);
  assert.equal(await response.text(), '{"error":"platform_unavailable"}');
  const trouble = await cli.line('trouble');
  assert.equal(trouble.level, 'error');
  assert.equal(trouble['route'], '/map-token');
  assert.equal(trouble['code'], 'platform-refused');
  assert.ok(!JSON.stringify(trouble).includes('wrong'));
});

test('a platform that is away is told by its code', async () => {
  const cli = await startCli({routes: routesFor('http://127.0.0.1:9')}, env);
  assert.equal((await fetch(`${cli.origin}/map-token`)).status, 502);
  assert.equal((await cli.line('trouble'))['code'], 'platform-unreachable');
});

test('forward: the site says who may, asked with the cookies of the visitor and nothing else', async () => {
  const onemap = await serveOnemap();
  const site = await serveHttp((request, response) => {
    const status = {'sid=anna': 204, 'sid=over': 302, 'sid=bea': 403, 'sid=odd': 500}[request.headers.cookie ?? ''];
    response.writeHead(status ?? 401, status === 302 ? {location: '/login'} : {}).end();
  });
  const forward = {url: `${site.origin}/me?for=map`, cookies: ['sid'], cacheSeconds: 60};
  const cli = await startCli({routes: routesFor(onemap.origin, {forward})}, env);
  const ask = async (cookie?: string): Promise<number> => {
    const headers = {authorization: 'Basic b3RoZXI6cGFzc3dvcmQ=', ...(cookie ? {cookie} : {})};
    return (await fetch(`${cli.origin}/map-token`, {headers})).status;
  };
  assert.equal(await ask(), 401);
  assert.equal(await ask('other=1'), 401);
  assert.deepEqual(site.asked, [], 'who has no cookie is not asked about');

  assert.deepEqual(
    await Promise.all([ask('theme=dark; sid=anna; other=1'), ask('sid=anna'), ask('sid=anna')]),
    [200, 200, 200],
  );
  assert.deepEqual(site.asked, ['GET /me?for=map'], 'asked once for many requests');
  assert.equal(site.last().cookie, 'sid=anna');
  assert.equal(site.last().authorization, undefined);

  assert.equal(await ask('sid=over'), 401);
  assert.equal(await ask('sid=bea'), 401);
  assert.equal(await ask('sid=bea'), 401);
  assert.equal(site.asked.length, 4, 'a no is not kept');
  assert.equal(await ask('sid=odd'), 500);
  assert.equal((await cli.line('trouble'))['reason'], 'Asked about the visitor, the site answered 500.');
  assert.equal(onemap.asked.length, 1);
});

/** What the address of the visitor is for: a page of the same origin may ask, and one of another origin may not. */
const askFrom = async (origin: string, page: string, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${origin}/map-token`, {headers: {origin: page, ...headers}})).status;

const forwarded = {'x-forwarded-proto': 'https', 'x-forwarded-host': 'maps.example'};

test('X-Forwarded-* of nobody is believed unless trustProxy says so', async () => {
  const onemap = await serveOnemap();
  const routes = routesFor(onemap.origin);
  const plain = await startCli({routes}, env);
  assert.equal(await askFrom(plain.origin, plain.origin), 200);
  assert.equal(await askFrom(plain.origin, 'https://maps.example', forwarded), 403);
  const other = await startCli({routes, trustProxy: ['10.0.0.0/8', '::1']}, env);
  assert.equal(await askFrom(other.origin, 'https://maps.example', forwarded), 403);
});

test('with trustProxy the address is the one that the visitor sees', async () => {
  const onemap = await serveOnemap();
  const routes = routesFor(onemap.origin);
  for (const trustProxy of [true, ['127.0.0.0/8']]) {
    const cli = await startCli({routes, trustProxy}, env);
    assert.equal(await askFrom(cli.origin, 'https://maps.example', forwarded), 200);
    assert.equal(await askFrom(cli.origin, 'https://evil.example', forwarded), 403);
    // What is before the last one came from the visitor.
    const invented = {...forwarded, 'x-forwarded-host': 'evil.example, maps.example'};
    assert.equal(await askFrom(cli.origin, 'https://evil.example', invented), 403);
    assert.equal(
      await askFrom(cli.origin, 'https://maps.example', {...forwarded, 'x-forwarded-host': 'maps.example:443'}),
      200,
    );
    for (const host of ['maps.example/path', 'user@maps.example', 'a b'])
      assert.equal(
        await askFrom(cli.origin, 'https://maps.example', {...forwarded, 'x-forwarded-host': host}),
        400,
        host,
      );
    assert.equal(await askFrom(cli.origin, 'https://maps.example', {...forwarded, 'x-forwarded-proto': 'gopher'}), 400);
    const gopher = {'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'maps.example:80'};
    assert.equal(await askFrom(cli.origin, 'https://maps.example', gopher), 400);
  }
});

const refuses = (origin: string): Promise<boolean> =>
  new Promise((resolve) => {
    const {hostname, port} = new URL(origin);
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });

/** A platform that keeps everybody waiting until it is told to answer. */
const serveSlowly = async () => {
  let arrived: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (arrived = resolve));
  let release: () => void = () => undefined;
  const {origin} = await serveHttp((_, response) => {
    release = () => response.writeHead(200, {'content-type': 'application/json'}).end('{}');
    arrived();
  });
  return {origin, asked, release: () => release()};
};

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal}: running requests are answered, new ones are not taken, and it ends with 0`, async () => {
    const platform = await serveSlowly();
    const cli = await startCli({routes: routesFor(platform.origin)}, env);
    const running = fetch(`${cli.origin}/map-token`);
    await platform.asked;
    cli.process.kill(signal);
    await cli.line('stopping');
    assert.ok(await refuses(cli.origin));
    platform.release();
    // The platform has answered without a token. What matters is that the visitor has an answer.
    assert.equal((await running).status, 502);
    assert.equal(await cli.ended, 0);
    assert.equal(cli.log().at(-1)?.['requests'], 'answered');
  });

test('who is not answered in time is cut off', async () => {
  const platform = await serveSlowly();
  const cli = await startCli({stopSeconds: 0.2, routes: routesFor(platform.origin)}, env);
  const running = fetch(`${cli.origin}/map-token`).then(
    () => 'answered',
    () => 'cut off',
  );
  await platform.asked;
  cli.process.kill('SIGTERM');
  assert.equal(await running, 'cut off');
  assert.equal(await cli.ended, 0);
  assert.equal(cli.log().at(-1)?.['requests'], 'cut off');
});

test('an address that is taken: 1, and a line that says so', async () => {
  const first = await startCli({routes: routesFor('http://127.0.0.1:9')}, env);
  const port = Number(new URL(first.origin).port);
  await assert.rejects(
    startCli({listen: {port}, routes: routesFor('http://127.0.0.1:9')}, env),
    /the address is taken/,
  );
});

test('Planviewer’s visitors are sent to the sign-in of whichever address they came by', async () => {
  const cli = await startCli(
    {
      routes: {
        '/auth/': {
          type: 'sign-in',
          endpoints: {authorization: 'https://login.example/authorize', token: 'https://login.example/token'},
          clientId: 'map',
          cookieSecret: {env: 'KEY'},
          baseUrl: 'https://site.example/auth',
        },
        '/planviewer/': {
          type: 'planviewer-provider',
          clients: [
            {clientId: 'pv', clientSecret: {env: 'KEY'}, redirectUris: ['https://planviewer.example/callback']},
          ],
          authenticate: {signIn: '/auth/'},
          key: {env: 'KEY'},
        },
      },
    },
    {KEY: 'k'.repeat(32)},
  );
  const query = new URLSearchParams({client_id: 'pv', redirect_uri: 'https://planviewer.example/callback', state: 's'});
  const path = `/planviewer/authorize?${query.toString()}`;
  const response = await fetch(cli.origin + path, {redirect: 'manual'});
  assert.equal(response.status, 303);
  // A proxy in front that ends TLS has asked by another name, and over http.
  assert.equal(response.headers.get('location'), `/auth/login?${new URLSearchParams({returnTo: path}).toString()}`);
});
