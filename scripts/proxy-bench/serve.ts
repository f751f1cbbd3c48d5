import {createServer, type RequestListener} from 'node:http';
import {Readable} from 'node:stream';
import type {ReadableStream} from 'node:stream/web';
import {getRequestListener} from '@hono/node-server';
import {createMapProxy} from '../../src/broker/index.js';

// One of the servers of the measurement, as a process of its own: `tsx serve.ts upstream|bare|proxy [UPSTREAM]`. Tells its
// port on the standard output.

const [kind = '', upstream = ''] = process.argv.slice(2);
const token = 'a-token-of-some-length-'.repeat(20);

/** As large as a tile often is. */
const tile = Buffer.alloc(15_000, 'tile');

const bare: RequestListener = (request, response) => {
  const pass = async (): Promise<void> => {
    const answer = await fetch(upstream + (request.url ?? ''), {headers: {authorization: `Bearer ${token}`}});
    response.writeHead(answer.status, {'content-type': answer.headers.get('content-type') ?? ''});
    if (answer.body) Readable.fromWeb(answer.body as ReadableStream).pipe(response);
    else response.end();
  };
  pass().catch(() => response.destroy());
};

const listeners: Readonly<Record<string, () => RequestListener>> = {
  upstream: () => (_, response) => {
    response.writeHead(200, {'content-type': 'image/png', 'content-length': tile.length}).end(tile);
  },
  bare: () => bare,
  proxy: () => {
    const proxy = createMapProxy({
      upstream,
      paths: ['/tiles'],
      authorize: () => true,
      credential: () => Promise.resolve({token}),
    });
    const listener = getRequestListener((request) => proxy(request));
    return (request, response) => void listener(request, response);
  },
};

const listener = listeners[kind]?.();
if (!listener) throw new Error(`${kind} is none of ${Object.keys(listeners).join(', ')}.`);
const server = createServer({keepAliveTimeout: 60_000}, listener).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`port ${address?.port}`);
});
