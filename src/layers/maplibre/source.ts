import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import {describe} from '../service/describe.js';
import {readTileJson, tileJsonGrid, tileJsonUrls, tileSizeOf, type TileJson} from '../tilejson/read-tilejson.js';
import {resolved} from './resolved.js';
import type {Json} from './style-document.js';

interface Tiles {
  readonly type: 'vector' | 'raster';
  readonly tileGrid: TileGrid;
  readonly tileUrl: (tileCoord: TileCoord) => string;
}

interface Features {
  readonly type: 'geojson';
  /** Where the features stand, or the document that has them. */
  readonly url: string;
  readonly data: unknown;
}

/** A source of a style, with what had to be asked before its layers can be made. */
export type Source = (Tiles | Features) & {readonly attribution: string | undefined};

const tilesOf = (type: Tiles['type'], said: Json, document: TileJson, context: LayerContext): Tiles => {
  const tileSize = tileSizeOf(said, 512);
  const told = {mayFollow: (url: string) => context.mayFollow(url) || true};
  return {
    type,
    tileGrid: tileJsonGrid({...document, tileSize: type === 'vector' ? 512 : tileSize}),
    // Foreign ones are asked without a credential, as `resolved` says.
    tileUrl: tileJsonUrls(document, told),
  };
};

/** Reads what a source names. `undefined` for those whose layers are not shown (heights, videos). */
export const readSource = async (said: Json, baseUrl: string, context: LayerContext): Promise<Source | undefined> => {
  const {type, url, data, attribution} = said;
  const own = typeof attribution === 'string' ? attribution : undefined;
  if (type === 'geojson') {
    const from = typeof data === 'string' ? resolved(data, baseUrl, context) : baseUrl;
    return {type, url: from, data: typeof data === 'string' ? undefined : data, attribution: own};
  }
  if (type !== 'vector' && type !== 'raster') return undefined;
  if (typeof url === 'string') {
    const document = await describe(context, resolved(url, baseUrl, context), 'tilejson', readTileJson);
    return {...tilesOf(type, said, document, context), attribution: own ?? document.attribution};
  }
  if (!Array.isArray(said['tiles']))
    throw new RequestError('A source of the style has neither "url" nor "tiles"', {kind: 'format', url: baseUrl});
  const document = await readTileJson(Response.json(said), baseUrl);
  return {...tilesOf(type, said, document, context), attribution: own};
};

export const readData = async (source: Features, request: (url: string) => Promise<Response>): Promise<unknown> =>
  source.data ?? readJson(await request(source.url), source.url);
