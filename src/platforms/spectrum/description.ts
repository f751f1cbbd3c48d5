import type Projection from 'ol/proj/Projection.js';
import {projectionOf} from '../../layers/projections/projection-of.js';
import {boxOf, numberOf, type Box} from '../numbers.js';
import {unusable} from '../wrong.js';

/** How a map of named tiles is cut. Levels are counted from 0 here. */
export interface Tiling {
  readonly projection: Projection;
  readonly minLevel: number;
  readonly maxLevel: number;
  readonly tileSize: number;
  /** What the one tile of level 0 covers, when that is not the whole of the projection. */
  readonly extent: Box | undefined;
  /** Where there are tiles, when that is a part of it. */
  readonly bounds: Box | undefined;
  /** The kinds of tiles, as the ends of their names; `undefined` when the description does not say. */
  readonly types: readonly string[] | undefined;
}

/** Names of the projection of the web from before it had a number (`epsg:41001` in the examples of Spectrum). */
const mercators = ['EPSG:41001', 'EPSG:54004', 'EPSG:3785'];

const projectionFor = async (coordSys: unknown): Promise<Projection> => {
  if (typeof coordSys !== 'string') throw unusable('the description of the map has no "coordSys"');
  const code = coordSys.trim().toUpperCase();
  return projectionOf(mercators.includes(code) ? 'EPSG:3857' : code);
};

/** `image/png`, `application/vnd.mapbox-vector-tile` → `png`, `mvt`. */
const typesOf = (types: unknown): readonly string[] | undefined => {
  if (!Array.isArray(types)) return undefined;
  const names = types.filter((type) => typeof type === 'string').map((type) => type.toLowerCase());
  return names.map((name) => (/mvt|vector-tile|protobuf/.test(name) ? 'mvt' : name.replace(/^.*\//, '')));
};

const near = (a: number, b: number, scale: number): boolean => Math.abs(a - b) < scale / 1000;

const isLike = (one: Box, other: readonly number[]): boolean =>
  one.every((edge, index) => near(edge, other[index] ?? Number.NaN, one[2] - one[0]));

/**
 * The area of level 1. Assumed: where the bounds are a square they are what its one tile covers; where they are not,
 * they lie within the tiling of the web, which its users count as.
 */
const areaOf = (bounds: Box | undefined, projection: Projection): Pick<Tiling, 'extent' | 'bounds'> => {
  const world = projection.getExtent();
  if (!bounds || (world && isLike(bounds, world))) return {extent: undefined, bounds: undefined};
  const [minX, minY, maxX, maxY] = bounds;
  const isSquare = near(maxX - minX, maxY - minY, maxX - minX);
  return isSquare ? {extent: bounds, bounds: undefined} : {extent: undefined, bounds};
};

/**
 * Reads the `Response` of `description.json`. Two forms are known: `minimumLevel` and `maximumLevel`, and the older
 * `numberOfLevels`; both count from 1.
 */
export const readTiling = async (description: Readonly<Record<string, unknown>>): Promise<Tiling> => {
  const projection = await projectionFor(description['coordSys']);
  const lowest = numberOf(description['minimumLevel']) ?? 1;
  const highest = numberOf(description['maximumLevel']) ?? numberOf(description['numberOfLevels']) ?? 20;
  if (!(Number.isInteger(lowest) && Number.isInteger(highest) && lowest >= 1 && highest >= lowest && highest <= 41))
    throw unusable(`the description of the map has levels from ${lowest} to ${highest}, which cannot be shown`);
  const width = numberOf(description['tileWidth']) ?? 256;
  const height = numberOf(description['tileHeight']) ?? width;
  if (width !== height || width < 16 || width > 4096)
    throw unusable(`its tiles have ${width} by ${height} pixels: only squares of 16 to 4096 pixels can be shown`);
  return {
    projection,
    minLevel: lowest - 1,
    maxLevel: highest - 1,
    tileSize: width,
    types: typesOf(description['outputTypes']),
    ...areaOf(boxOf(description['bounds'], ['minX', 'minY', 'maxX', 'maxY']), projection),
  };
};
