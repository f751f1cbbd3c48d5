import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

export interface Site {
  readonly origin: string;
  close(): void;
}

/** The files of some folders, each under a path of its own, with a strict policy on every page. */
export const serve = async (
  folders: Readonly<Record<string, string>>,
  pages: Readonly<Record<string, string>>,
  policy: string,
): Promise<Site> => {
  const find = async (path: string): Promise<Buffer | string | undefined> => {
    const page = pages[path];
    if (page !== undefined) return page;
    const mount = Object.keys(folders).find((prefix) => path.startsWith(prefix));
    if (mount === undefined) return undefined;
    return readFile(join(folders[mount]!, normalize(path.slice(mount.length)))).catch(() => undefined);
  };
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url ?? '/', 'http://localhost');
    void find(pathname).then((body) => {
      response.writeHead(body === undefined ? 404 : 200, {
        'Content-Type': types[extname(pathname)] ?? 'text/html; charset=utf-8',
        'Content-Security-Policy': policy,
      });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port}: AddressInfo = Object(server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
