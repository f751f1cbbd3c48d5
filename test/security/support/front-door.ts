import {createServer} from 'node:http';

/** The site under another port, by a server that does not forbid to put it into a frame. */
export interface FrontDoor {
  readonly origin: string;
  /** The same page, here; `path` is another one to find it under. */
  at(address: string, path?: string): string;
  stop(): Promise<void>;
}

export const startFrontDoor = async (site: string): Promise<FrontDoor> => {
  const aliases = new Map<string, string>();
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const path = (request.url ?? '/').replace(/\?.*/s, '');
      const answer = await fetch(new URL(aliases.get(path) ?? path, site));
      response.statusCode = answer.status;
      response.setHeader('content-type', answer.headers.get('content-type') ?? 'text/plain');
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    pass().catch(() => response.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const origin = `http://localhost:${port}`;
  return {
    origin,
    at(address, path = new URL(address).pathname) {
      aliases.set(path, new URL(address).pathname);
      return `${origin}${path}`;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
