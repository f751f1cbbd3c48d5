import {setTimeout as pause} from 'node:timers/promises';
import type {Books} from './counts.js';
import type {Incoming, Outgoing} from './listen.js';
import type {Pictures} from './pictures.js';
import {liveToken} from './tokens.js';

export interface TileOptions {
  readonly books: Books;
  readonly pictures: Pictures;
  /** Before every answer, of preflights as well: it stands for the way to a distant server. */
  readonly latencyMs: number;
  readonly pageOrigin: string;
}

const path = /^\/(tiles|public)\/([\w-]+)\/(\d+)\/(\d+)\/(\d+)\.png$/;

/**
 * Tiles, for everybody or for whoever has a token, and nothing of the server's own work in them: comparing two words is
 * all the check there is. False for anything else.
 */
export const createTiles = ({books, pictures, latencyMs, pageOrigin}: TileOptions) => {
  const answer = (request: Incoming, response: Outgoing, [, kind, name = '', z, x, y]: readonly string[]): void => {
    if (request.headers.origin === pageOrigin) {
      response.setHeader('access-control-allow-origin', pageOrigin);
      response.setHeader('vary', 'origin');
      // Otherwise pages of other origins cannot see that this is HTTP/2.
      response.setHeader('timing-allow-origin', pageOrigin);
    }
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'OPTIONS') {
      response.statusCode = 204;
      response.setHeader('access-control-allow-headers', 'authorization');
      response.setHeader('access-control-max-age', '7200');
      response.end();
      return;
    }
    if (kind === 'tiles' && request.headers.authorization !== `Bearer ${liveToken}`) {
      books.add(name, 'unauthorized');
      response.statusCode = 401;
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
      response.setHeader('access-control-expose-headers', 'www-authenticate');
      response.end();
      return;
    }
    books.add(name, 'answered');
    const picture = pictures.of(Number(z), Number(x), Number(y));
    response.setHeader('content-type', 'image/png');
    response.setHeader('content-length', picture.length);
    response.end(picture);
  };

  return (request: Incoming, response: Outgoing): boolean => {
    const found = path.exec(request.url ?? '');
    if (!found) return false;
    const [, , name = ''] = found;
    books.add(name, request.method === 'OPTIONS' ? 'preflights' : 'requests');
    const gone = new AbortController();
    response.on('close', () => {
      if (response.writableEnded) return;
      books.add(name, 'aborted');
      gone.abort();
    });
    void pause(latencyMs, undefined, {signal: gone.signal}).then(
      () => answer(request, response, found),
      () => undefined,
    );
    return true;
  };
};
