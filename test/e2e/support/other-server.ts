import {createServer} from 'node:http';
import type {IncomingHttpHeaders} from 'node:http';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server that has no business with the credential, and would love to have it: it lets every page read everything. */
export interface OtherServer {
  readonly port: number;
  /** `127.0.0.1`, as the map server. */
  readonly origin: string;
  /** A name that begins like the map server's. */
  readonly lookAlike: string;
  readonly seen: readonly SeenRequest[];
  /** What it answers with from now on; 401 at first. */
  answer(status: number, body?: string, type?: string): void;
  stop(): Promise<void>;
}

export const startOtherServer = async (): Promise<OtherServer> => {
  const seen: SeenRequest[] = [];
  let reply = {status: 401, body: 'Sign in first.', type: 'text/plain'};
  const server = createServer(({method = '', url = '', headers}, response) => {
    seen.push({method, url, headers});
    response.setHeader('access-control-allow-origin', headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'authorization, x-token, content-type');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', reply.type);
    response.writeHead(method === 'OPTIONS' ? 204 : reply.status).end(method === 'OPTIONS' ? '' : reply.body);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    lookAlike: `http://127.0.0.1.localhost:${port}`,
    seen,
    answer: (status, body = '', type = 'text/plain') => void (reply = {status, body, type}),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
