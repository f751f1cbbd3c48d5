import {createServer} from 'node:http';
import type {IncomingHttpHeaders, ServerResponse} from 'node:http';
import {text} from 'node:stream/consumers';

export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly form: URLSearchParams;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Announces more than it sends and drops the connection. */
  readonly cut?: boolean;
}

export type Answer = (request: Seen) => Reply | undefined | Promise<Reply | undefined>;

/** A server that keeps every request with all its headers, and that lets every page read everything. */
export interface RecordingServer {
  readonly port: number;
  /** `127.0.0.1`, as the map server of the demo. */
  readonly origin: string;
  /** A name that begins like the map server's. */
  readonly lookAlike: string;
  /** Without the preflights. */
  readonly seen: readonly Seen[];
  readonly preflights: readonly Seen[];
  /** What it answers with from now on; `undefined` is an empty JSON object. */
  answer(next: Answer | undefined): void;
  /** Resolves with the first request that fits, one of those that came already or one to come. */
  until(fits: (request: Seen) => boolean): Promise<Seen>;
  reset(): void;
  stop(): Promise<void>;
}

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: {'content-type': 'application/json', ...headers},
  body: JSON.stringify(body),
});

export const html = (body: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  headers: {'content-type': 'text/html; charset=utf-8', ...headers},
  body: `<!doctype html><title>A page</title>${body}`,
});

export const sendTo = (address: string): Reply => ({status: 302, headers: {location: address}});

const write = (response: ServerResponse, {status = 200, headers = {}, body = '', cut = false}: Reply): void => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  const bytes = Buffer.from(body);
  if (!cut) return void response.end(bytes);
  response.setHeader('content-length', bytes.length + 10);
  response.write(bytes, () => response.destroy());
};

export const startRecordingServer = async (usual: Answer = () => json({})): Promise<RecordingServer> => {
  const seen: Seen[] = [];
  const preflights: Seen[] = [];
  const waiting = new Set<(request: Seen) => void>();
  let current: Answer = usual;

  const server = createServer((request, response) => {
    const work = async (): Promise<void> => {
      const {method = '', url = '', headers} = request;
      const {pathname: path, searchParams: query} = new URL(url, 'http://localhost');
      const body = await text(request);
      const entry: Seen = {method, url, path, query, headers, body, form: new URLSearchParams(body)};
      response.setHeader('access-control-allow-origin', headers.origin ?? '*');
      response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*');
      response.setHeader('access-control-allow-methods', 'GET, POST, PUT');
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-expose-headers', 'retry-after');
      response.setHeader('cache-control', 'no-store');
      if (method === 'OPTIONS') {
        preflights.push(entry);
        response.writeHead(204).end();
        return;
      }
      if (path === '/favicon.ico') return void response.writeHead(204).end();
      seen.push(entry);
      for (const tell of waiting) tell(entry);
      write(response, (await current(entry)) ?? (await usual(entry)) ?? json({error: 'not_found'}, 404));
    };
    work().catch(() => response.destroy());
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
    preflights,
    answer: (next) => void (current = next ?? usual),
    until: (fits) =>
      new Promise((resolve) => {
        const known = seen.find(fits);
        if (known) return resolve(known);
        const tell = (request: Seen): void => {
          if (!fits(request)) return;
          waiting.delete(tell);
          resolve(request);
        };
        waiting.add(tell);
      }),
    reset() {
      seen.length = 0;
      preflights.length = 0;
      waiting.clear();
      current = usual;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Something that a test lets happen when it wants to. */
export const createGate = (): {readonly opened: Promise<undefined>; open(): void} => {
  let open = (): void => undefined;
  const opened = new Promise<undefined>((resolve) => (open = () => resolve(undefined)));
  return {opened, open: () => open()};
};
