import assert from 'node:assert/strict';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {describe, it} from 'node:test';
import {gzipSync} from 'node:zlib';
import {createMapProxy, createTokenBroker, type Handler, type ServerCredential} from '../../src/broker/index.js';
import {startUpstream, type Upstream} from './support/upstream.js';

// What only a real network shows: which headers the runtime sends, how it decodes, and what becomes of a request that is left.

const TILE = Buffer.alloc(20_000, 7);

const withUpstream =
  (answer: (request: IncomingMessage, response: ServerResponse) => void, test: (upstream: Upstream) => Promise<void>) =>
  async (): Promise<void> => {
    const upstream = await startUpstream(answer);
    try {
      await test(upstream);
    } finally {
      await upstream.close();
    }
  };

const proxyOf = ({origin}: Upstream, credential: ServerCredential = {token: 'token'}): Handler =>
  createMapProxy({
    upstream: origin,
    paths: ['/'],
    credential: () => Promise.resolve(credential),
    authorize: () => true,
  });

const get = (init: RequestInit = {}): Request => new Request('https://site.example/tiles/1', init);

describe('over a socket', () => {
  it(
    'cookies, a referer and a header of its own arrive',
    withUpstream(
      (_request, response) => response.end('ok'),
      async (upstream) => {
        const credential = {
          ...{token: 'token', cookies: {SESSION: 'session'}},
          headers: {referer: 'https://site.example', token: 'token'},
        };
        assert.equal((await proxyOf(upstream, credential)(get())).status, 200);
        const {cookie, referer, token, authorization} = upstream.requests[0]?.headers ?? {};
        assert.deepEqual(
          [cookie, referer, token, authorization],
          ['SESSION=session', 'https://site.example', 'token', 'Bearer token'],
        );
      },
    ),
  );

  it(
    'a packed answer is handed on unpacked, with no length that is not its own',
    withUpstream(
      (_request, response) => {
        const packed = gzipSync(TILE);
        response.writeHead(200, {
          'content-type': 'image/png',
          'content-encoding': 'gzip',
          'content-length': packed.length,
        });
        response.end(packed);
      },
      async (upstream) => {
        const response = await proxyOf(upstream)(get());
        assert.equal(response.headers.get('content-encoding'), null);
        assert.equal(response.headers.get('content-length'), null);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), TILE);
      },
    ),
  );

  it(
    'a plain answer keeps its length',
    withUpstream(
      (_request, response) =>
        response.writeHead(200, {'content-type': 'image/png', 'content-length': TILE.length}).end(TILE),
      async (upstream) => {
        const response = await proxyOf(upstream)(get());
        assert.equal(response.headers.get('content-length'), String(TILE.length));
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), TILE);
      },
    ),
  );

  it(
    'an answer that breaks off is a 502, or an error in the middle of what has begun',
    withUpstream(
      (request, response) => {
        const length = request.url === '/tiles/small' ? 1000 : 1_000_000;
        response.writeHead(200, {'content-type': 'image/png', 'content-length': length});
        response.write(TILE.subarray(0, 500), () => request.socket.destroy());
      },
      async (upstream) => {
        const proxy = proxyOf(upstream);
        assert.equal((await proxy(new Request('https://site.example/tiles/small'))).status, 502);
        const large = await proxy(new Request('https://site.example/tiles/large'));
        assert.equal(large.status, 200);
        await assert.rejects(large.arrayBuffer());
      },
    ),
  );

  it(
    'no redirect is followed, of a token or of a part of the map',
    withUpstream(
      (_request, response) => response.writeHead(302, {location: '/elsewhere'}).end(),
      async (upstream) => {
        const broker = createTokenBroker({
          platform: 'onemap',
          server: upstream.origin,
          secret: {username: 'viewer', password: 'password'},
          authorize: () => true,
        });
        assert.equal((await broker(get())).status, 502);
        assert.equal((await proxyOf(upstream)(get())).status, 502);
        assert.deepEqual(
          upstream.requests.map(({url}) => url),
          ['/api/login_check', '/tiles/1'],
        );
      },
    ),
  );

  it('a server that is not there is a 502', async () => {
    const gone = await startUpstream(() => undefined);
    await gone.close();
    assert.equal((await proxyOf(gone)(get())).status, 502);
  });

  it('who leaves while the answer is awaited ends the request to the platform', async () => {
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    let closed = (): void => undefined;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    await withUpstream(
      (request) => {
        request.socket.on('close', () => closed());
        arrived();
      },
      async (upstream) => {
        const leaving = new AbortController();
        const answer = proxyOf(upstream)(get({signal: leaving.signal}));
        await arrival;
        leaving.abort();
        assert.equal((await answer).status, 400);
        await closing;
      },
    )();
  });

  it('who leaves in the middle of an answer ends it at the platform', async () => {
    let closed = (): void => undefined;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    await withUpstream(
      (request, response) => {
        request.socket.on('close', () => closed());
        response.writeHead(200, {'content-type': 'image/png'});
        response.write(TILE);
      },
      async (upstream) => {
        const reader = (await proxyOf(upstream)(get())).body?.getReader();
        assert.ok((await reader?.read())?.value);
        await reader?.cancel();
        await closing;
      },
    )();
  });
});
