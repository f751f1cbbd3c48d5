import {toPng} from './atlas.js';
import type {Atlas} from './atlas.js';
import type {Reply} from './exchange.js';
import {drawBaseMap} from './render.js';

const SIZE = 256;
const MAX_ZOOM = 18;
const CACHE_LIMIT = 2000;

/** Web Mercator tiles: answers `/{z}/{x}/{y}.png`. */
export function createTiles(atlas: Atlas): (path: string) => Promise<Reply> {
  // Promises, so that two requests for one tile draw it once.
  const drawn = new Map<string, Promise<Uint8Array>>();

  return async (path) => {
    const [z, x, y] = (/^\/(\d{1,2})\/(\d{1,6})\/(\d{1,6})\.png$/u.exec(path) ?? []).slice(1).map(Number);
    if (z === undefined || x === undefined || y === undefined) return notFound();
    const count = 2 ** z;
    if (z > MAX_ZOOM || x >= count || y >= count) return notFound();

    const span = 360 / count;
    const west = x * span - 180;
    const north = 180 - y * span;
    const window = {west, east: west + span, north, south: north - span, mercator: true, width: SIZE, height: SIZE};
    let picture = drawn.get(path);
    if (picture === undefined) {
      picture = toPng(drawBaseMap(atlas.forWindow(window), window));
      drawn.set(path, picture);
      const oldest = drawn.size > CACHE_LIMIT ? drawn.keys().next().value : undefined;
      if (oldest !== undefined) drawn.delete(oldest);
    }
    return {status: 200, headers: {'content-type': 'image/png'}, body: await picture};
  };
}

function notFound(): Reply {
  return {status: 404, headers: {'content-type': 'text/plain; charset=utf-8'}, body: 'No such tile.'};
}
