import {transformExtent} from 'ol/proj.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import {createXYZ} from 'ol/tilegrid.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {renderXYZTemplate} from 'ol/uri.js';
import {isRecord} from '../../credentials/is-record.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {leastTile} from '../service/least-tile.js';

/** A TileJSON document (2.x and 3.0), as far as it is used. */
export interface TileJson {
  readonly url: string;
  readonly templates: readonly string[];
  readonly isTms: boolean;
  readonly isVector: boolean;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly tileSize: number;
  /** West, south, east, north in degrees. */
  readonly bounds: readonly number[] | undefined;
  readonly attribution: string | undefined;
}

const whole = (value: unknown, otherwise: number, most: number): number => {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most ? number : otherwise;
};

/** Not in the specification, but what tiles of 512 pixels are told by. */
export const tileSizeOf = (said: Readonly<Record<string, unknown>>, otherwise: number): number => {
  const size = whole(said['tileSize'] ?? said['tile_size'], otherwise, 4096);
  return size < leastTile ? otherwise : size;
};

const isBounds = (value: unknown): value is readonly number[] =>
  Array.isArray(value)
  && value.length === 4
  && value.every(Number.isFinite)
  && (value as number[])[0] !== (value as number[])[2]
  && Number(value[1]) < Number(value[3]);

const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && /\{z\}/.test(value) && /\{x\}/.test(value) && /\{-?y\}/.test(value);

export const readTileJson = async (response: Response, url: string): Promise<TileJson> => {
  const value = await readJson(response, url);
  const tiles: unknown = isRecord(value) ? value['tiles'] : undefined;
  const templates = Array.isArray(tiles) ? (tiles as readonly unknown[]).filter(isTemplate) : [];
  if (!isRecord(value) || templates.length === 0)
    throw new RequestError('The answer is not a TileJSON document: it has no "tiles" with {z}, {x} and {y}', {
      kind: 'format',
      url,
    });
  const {bounds, attribution} = value;
  const minZoom = whole(value['minzoom'], 0, 30);
  return {
    url,
    templates,
    isTms: value['scheme'] === 'tms',
    isVector:
      Array.isArray(value['vector_layers'])
      || /^(?:pbf|mvt)$/.test(String(value['format']))
      || templates.every((template) => /\.(?:pbf|mvt)(?:\?|$)/i.test(template)),
    minZoom,
    maxZoom: Math.max(minZoom, whole(value['maxzoom'], 30, 30)),
    tileSize: tileSizeOf(value, 256),
    bounds: isBounds(bounds) ? bounds : undefined,
    attribution: typeof attribution === 'string' ? attribution.slice(0, 1000) : undefined,
  };
};

const furthest = 85.0511287798066;

/** The tiling of the web, without what lies outside of the bounds. */
export const tileJsonGrid = ({minZoom, maxZoom, tileSize, bounds}: TileJson): TileGrid => {
  const world = createXYZ({maxZoom, minZoom, tileSize});
  const [west = -180, south = -90, east = 180, north = 90] = bounds ?? [];
  // Bounds over the 180th meridian.
  if (!bounds || west > east) return world;
  const clamped = [west, Math.max(south, -furthest), east, Math.min(north, furthest)];
  return new TileGrid({
    minZoom,
    tileSize,
    resolutions: world.getResolutions(),
    origin: world.getOrigin(0),
    extent: transformExtent(clamped, 'EPSG:4326', 'EPSG:3857'),
  });
};

/** The URLs of the tiles, spread over the templates. Rows are counted from below by `tms` and by `{-y}`. */
export const tileJsonUrls = (
  {url, templates, isTms}: TileJson,
  context: Pick<LayerContext, 'mayFollow'>,
): ((tileCoord: TileCoord) => string) => {
  const at = (template: string, z: number, x: number, y: number): string => {
    const last = 2 ** z - 1;
    return new URL(renderXYZTemplate(template, z, x, isTms ? last - y : y, last), url).href;
  };
  for (const template of templates) {
    const {origin} = new URL(advertisedUrl(renderXYZTemplate(template, 0, 0, 0, 0), url, context));
    // Each of the placeholders is another number in one of these: where they are the host, the host is another one.
    for (const [z, x, y] of [[1, 0, 1] as const, [1, 1, 0] as const])
      if (URL.parse(renderXYZTemplate(template, z, x, y, 1), url)?.origin !== origin)
        throw new RequestError('The document names an address that has a placeholder for its host', {
          kind: 'format',
          url,
        });
  }
  return ([z = 0, x = 0, y = 0]) => at(templates[(x + y) % templates.length] ?? '', z, x, y);
};
