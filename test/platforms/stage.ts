import {fileURLToPath} from 'node:url';
import {text} from 'node:stream/consumers';
import {openExchange, sendReply, type Reply} from '../../demo/servers/exchange.js';
import {toReply, toRequest} from '../../demo/servers/fetch-exchange.js';
import {openServer, type LocalServer} from '../../demo/servers/local-server.js';
import {createStaticFiles} from '../../demo/servers/static-files.js';
import type {Handler} from '../../src/broker/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** `DIST` names another build to test. */
const dist = process.env['DIST'] ?? fileURLToPath(new URL('../../dist', import.meta.url));

type Host = 'localhost' | '127.0.0.1';

/** A site and its surroundings: what is known of a visitor at the site, and of the time at every server. */
export interface Stage {
  /** Whether the site knows the visitor. */
  isKnown: boolean;
  /** Milliseconds that the clocks of all servers are ahead of that of this machine. */
  ahead: number;
  readonly now: () => number;
  /** The origin of the site. */
  readonly origin: string;
  /** A server of its own for a platform: of another site than the page, or of the same. Its origin. */
  serve(handle: Handler, host?: Host): Promise<string>;
  /** What the site has: handlers by the path that they are served under, and a page with this in it. Its address. */
  open(handlers: ReadonlyMap<string, Handler>, markup: string, path?: string): string;
  close(): Promise<void>;
}

const page = (markup: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A page with a map of a platform</title>
    <link rel="icon" href="data:,">
    <style>body { margin: 0; } secure-map { inline-size: 512px; block-size: 384px; }</style>
    <script type="module" src="/secure-map.js"></script>
  </head>
  <body>${markup}</body>
</html>`;

const connect = (server: LocalServer, handle: Handler): void => {
  server.handle((message, response) => {
    const exchange = openExchange(message, response, server.origin);
    text(message)
      .then(async (body) => toReply(await handle(toRequest(exchange, body))))
      .then((reply) => sendReply(response, reply))
      .catch(() => response.destroy());
  });
};

export const createStage = async (): Promise<Stage> => {
  const servers: LocalServer[] = [];
  const start = async (host: Host): Promise<LocalServer> => {
    const server = await openServer(host, 0);
    servers.push(server);
    return server;
  };
  const files = createStaticFiles({root, dist, values: {}});
  const fromFile = ({status, headers = {}, body}: Reply): Response =>
    new Response(body === undefined || typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    });
  const site = await start('localhost');
  const pages = new Map<string, string>();
  const stage: Stage = {
    origin: site.origin,
    isKnown: true,
    ahead: 0,
    now: () => Date.now() + stage.ahead,
    async serve(handle, host = '127.0.0.1') {
      const server = await start(host);
      connect(server, handle);
      return server.origin;
    },
    open(handlers, markup, path = '/page') {
      pages.set(path, markup);
      connect(site, async (request) => {
        const {pathname} = new URL(request.url);
        const markup = pages.get(pathname);
        if (markup !== undefined) return new Response(page(markup), {headers: {'content-type': 'text/html'}});
        const mount = [...handlers.keys()].find((each) => pathname === each || pathname.startsWith(`${each}/`));
        const handler = mount === undefined ? undefined : handlers.get(mount);
        return handler ? handler(request) : fromFile(await files(pathname));
      });
      return site.origin + path;
    },
    close: async () => void (await Promise.all(servers.map((server) => server.close()))),
  };
  return stage;
};
