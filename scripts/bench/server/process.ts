import {setTimeout as pause} from 'node:timers/promises';
import {createBridgePage} from '../../../demo/servers/bridge-page.js';
import type {Reply} from '../../../demo/servers/exchange.js';
import {first} from '../scenarios.js';
import type {FromServer, StartServer, ToServer} from '../start-server.js';
import {createCertificate} from './certificate.js';
import {openBooks} from './counts.js';
import {benchPage, createFiles, loadPage} from './files.js';
import {openServer, type Outgoing} from './listen.js';
import {drawPictures} from './pictures.js';
import {createTiles} from './tiles.js';
import {liveToken} from './tokens.js';

// The site and the tile host, two sites to the browser, in a process of their own: it must not wait for the one that
// measures.

const books = openBooks();

const say = (message: FromServer): void => void process.send?.(message);

const sendReply = (response: Outgoing, {status, headers = {}, body = ''}: Reply): void => {
  response.statusCode = status;
  for (const [name, value] of Object.entries({'cache-control': 'no-store', ...headers}))
    response.setHeader(name, value);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
};

const start = async ({http, latencyMs, dist, pages, modules}: StartServer): Promise<FromServer> => {
  const certificate = http === 2 ? createCertificate() : undefined;
  const site = await openServer('localhost', certificate);
  const host = await openServer('127.0.0.1', certificate);
  const pictures = await drawPictures();
  const answerTile = createTiles({books, pictures, latencyMs, pageOrigin: site.origin});
  const bridge = createBridgePage({dist, pageOrigin: site.origin});
  const files = createFiles({'/bench/': pages, '/vendor/': modules, '/': dist});

  const respond = async (path: string): Promise<Reply> => {
    const name = /^\/page\/([\w-]+)$/.exec(path)?.[1];
    if (name !== undefined) return benchPage(name);
    const [, how, map] = /^\/load\/(\w+)\/([\w-]+)$/.exec(path) ?? [];
    const template = `${map}/{z}/{x}/{y}.png`;
    if (how === 'img') return loadPage('bare', `/public/${template}`, first, '');
    if (how !== undefined) {
      const origin = how === 'page' ? site.origin : host.origin;
      const more = how === 'bridge' ? `tile-bridge="${origin}/bridge.html"` : '';
      const tag = `token="${liveToken}" allowed-origins="${origin}" ${more}`;
      return loadPage('tag', `${origin}/tiles/${template}`, first, tag);
    }
    return (await files(path)) ?? {status: 404};
  };

  site.handle((request, response) => {
    if (answerTile(request, response)) return;
    const path = request.url ?? '/';
    const map = /^\/token\/([\w-]+)$/.exec(path)?.[1];
    if (map !== undefined) books.add(map, 'refreshes');
    const reply = map === undefined ? respond(path) : Promise.resolve({status: 200, body: liveToken});
    void Promise.all([reply, pause(latencyMs)]).then(([each]) => sendReply(response, each));
  });
  host.handle((request, response) => {
    if (answerTile(request, response)) return;
    const reply = bridge(request.url ?? '/') ?? Promise.resolve({status: 404});
    void Promise.all([reply, pause(latencyMs)]).then(([each]) => sendReply(response, each));
  });
  return {type: 'started', site: site.origin, host: host.origin, tileBytes: pictures.meanBytes};
};

process.on('message', (message: ToServer) => {
  if (message.type === 'counts') say({type: 'counts', of: message.of, counts: books.of(message.of)});
  else void start(message).then(say);
});
// Nobody is left to ask for anything.
process.on('disconnect', () => process.exit());
