import type {FeatureLike} from 'ol/Feature.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {readBody} from '../../request/read-body.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import type {TilePlace} from './fetched-vector-tile.js';
import type {MvtReader} from './read-mvt.js';

/** Fifty times what the makers of tiles allow themselves; more would stop the page. */
const mostBytes = 25_000_000;

export const joinBytes = async (chunks: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> => {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : new Uint8Array(await new Blob(chunks).arrayBuffer());
};

/** Loads the features of tiles by their URLs. A tile that the server does not have (404, 204) is an empty one. */
export const loadMvt =
  (
    {request, inTurn}: Pick<LayerContext, 'request' | 'inTurn'>,
    tileUrl: (tileCoord: TileCoord) => string,
    read: MvtReader,
  ) =>
  (place: TilePlace, signal: AbortSignal): Promise<FeatureLike[]> => {
    const url = tileUrl(place.tileCoord);
    return inTurn(url, signal, async () => {
      try {
        const response = await request(url, {signal});
        const bytes = await joinBytes(await readBody(response, url, mostBytes));
        return signal.aborted ? [] : read(bytes, place, url);
      } catch (error) {
        if (error instanceof RequestError && error.status === 404) return [];
        throw error;
      }
    });
  };
