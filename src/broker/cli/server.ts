import {createAdaptorServer} from '@hono/node-server';
import {createServer, Server} from 'node:http';
import {json} from '../answer.js';
import type {Handler} from '../handler.js';
import {asVisited, type Trust} from './forwarded.js';

export interface ServerOptions {
  readonly handler: Handler;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly trust: Trust;
}

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Takes no new requests; resolves when the running ones are answered, or after so many seconds: then they are cut off. */
  stop(seconds: number): Promise<'answered' | 'cut off'>;
}

const limits = {headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000};

const listen = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('There is no port.'));
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve(`http://${name}:${address.port}`);
    });
  });

/** A handler on Node's own HTTP server. Rejects when the address cannot be had. */
export const startServer = async ({handler, host, port, trust}: ServerOptions): Promise<RunningServer> => {
  let isStopping = false;
  const server = createAdaptorServer({
    createServer,
    serverOptions: limits,
    async fetch(request, {incoming}) {
      const visited = asVisited(request, trust(incoming.socket.remoteAddress));
      const response = visited ? await handler(visited) : json(400, {error: 'bad_forwarded_header'});
      // Otherwise the connection would be kept for the next request, which nobody answers.
      if (isStopping) response.headers.set('connection', 'close');
      return response;
    },
  });
  if (!(server instanceof Server)) throw new TypeError('The adapter made no HTTP/1.1 server.');
  server.on('request', (_, response) => {
    response.once('close', () => {
      if (isStopping) setImmediate(() => server.closeIdleConnections());
    });
  });
  const origin = await listen(server, host, port);

  return {
    origin,
    stop(seconds) {
      isStopping = true;
      return new Promise((resolve) => {
        let outcome: 'answered' | 'cut off' = 'answered';
        const timer = setTimeout(() => {
          outcome = 'cut off';
          server.closeAllConnections();
        }, seconds * 1000);
        server.close(() => {
          clearTimeout(timer);
          resolve(outcome);
        });
      });
    },
  };
};
