import {createServer} from 'node:http';
import type {RequestListener} from 'node:http';

export interface LocalServer {
  readonly origin: string;
  readonly offline: boolean;
  handle(listener: RequestListener): void;
  /** Offline: running connections are destroyed and new ones never answered, as with a pulled cable. */
  setOffline(offline: boolean): void;
  close(): Promise<void>;
}

/**
 * Opens the port before anybody handles requests, because each of the three
 * servers must know the origins of the other two.
 *
 * The page is `localhost` and the others are `127.0.0.1`: two different sites,
 * as in real life. Cookies ignore ports, so three ports of one host would
 * share them.
 */
export async function openServer(host: 'localhost' | '127.0.0.1', wanted: number): Promise<LocalServer> {
  let listener: RequestListener = (_request, response) => {
    response.writeHead(503).end();
  };
  let offline = false;
  const server = createServer((request, response) => listener(request, response));
  server.on('connection', (socket) => {
    if (offline) socket.destroy();
  });

  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });

  return {
    origin: `http://${host}:${await firstFree(listen, wanted)}`,
    get offline() {
      return offline;
    },
    handle(next) {
      listener = next;
    },
    setOffline(next) {
      offline = next;
      if (offline) server.closeAllConnections();
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function firstFree(listen: (port: number) => Promise<number>, wanted: number): Promise<number> {
  const last = wanted === 0 ? 0 : wanted + 50;
  for (let port = wanted; ; port += 1) {
    try {
      return await listen(port);
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port >= last) throw error;
    }
  }
}
