import {getIntersection, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import type {TileCoord} from 'ol/tilecoord.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import * as v from 'valibot';
import {projectionOf} from '../layer-options.js';
import {leastTile} from '../service/least-tile.js';

const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const side = v.pipe(v.number(), v.integer(), v.minValue(leastTile));
const numbers = v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]);

/** A TileMatrixSet as OGC 17-083r4 has it in JSON. */
const tileMatrixSet = v.object({
  crs: v.union([v.string(), v.object({uri: v.string()})]),
  orderedAxes: v.optional(v.pipe(v.array(v.string()), v.minLength(2))),
  tileMatrices: v.pipe(
    v.array(
      v.object({
        id: v.string(),
        cellSize: positive,
        pointOfOrigin: numbers,
        cornerOfOrigin: v.optional(v.picklist(['topLeft', 'bottomLeft'])),
        tileWidth: side,
        tileHeight: side,
        matrixWidth: count,
        matrixHeight: count,
        variableMatrixWidths: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0, 'cannot have variable widths'))),
      }),
    ),
    v.minLength(1),
    v.maxLength(60),
  ),
});

export type TileMatrixSet = v.InferOutput<typeof tileMatrixSet>;

const limits = v.array(
  v.object({
    tileMatrix: v.string(),
    minTileRow: v.number(),
    maxTileRow: v.number(),
    minTileCol: v.number(),
    maxTileCol: v.number(),
  }),
);

export type Limits = v.InferOutput<typeof limits>;

/** What is wrong with a part of a service's document, and where. */
const said = ({message, path}: v.BaseIssue<unknown>): string =>
  `${path ? path.map(({key}) => String(key)).join('.') : 'it'}: ${message}`.slice(0, 200);

const checked = <T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): T => {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${what} of the service cannot be used: ${said(issue)}`);
};

/** Throws an `Error` with words for what is wrong. */
export const readTileMatrixSet = (value: unknown): TileMatrixSet => checked(tileMatrixSet, value, 'The TileMatrixSet');
export const readLimits = (value: unknown): Limits | undefined =>
  value === undefined ? undefined : checked(limits, value, 'The tileMatrixSetLimits');

const quad = (crs: string, cellSize: number, corner: [number, number], columns: number): TileMatrixSet => ({
  crs,
  orderedAxes: ['E', 'N'],
  tileMatrices: Array.from({length: 25}, (_, level) => ({
    id: String(level),
    cellSize: cellSize / 2 ** level,
    pointOfOrigin: corner,
    tileWidth: 256,
    tileHeight: 256,
    matrixWidth: columns * 2 ** level,
    matrixHeight: 2 ** level,
  })),
});

const halfWorld = 20_037_508.342789244;

/** Those that everybody knows and no service has to define (OGC 17-083r4, annex D). */
const wellKnown: Readonly<Record<string, () => TileMatrixSet>> = {
  WebMercatorQuad: () => quad('EPSG:3857', (2 * halfWorld) / 256, [-halfWorld, halfWorld], 1),
  WorldCRS84Quad: () => quad('CRS:84', 180 / 256, [-180, 90], 2),
};

export const wellKnownTileMatrixSet = (name: string): TileMatrixSet | undefined =>
  Object.hasOwn(wellKnown, name) ? wellKnown[name]?.() : undefined;

export interface MatrixGrid {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
  /** The names that the service has for a tile. */
  readonly placeOf: (tileCoord: TileCoord) => {
    readonly tileMatrix: string;
    readonly row: number;
    readonly column: number;
  };
}

const isNorthFirst = (axes: readonly string[] | undefined, projection: Projection): boolean =>
  axes ? /^(n|y|lat)/i.test(axes[0] ?? '') : projection.getAxisOrientation().startsWith('ne');

/** The grid of tiles that a TileMatrixSet describes, within the limits of what the service has. */
export const matrixGrid = async (set: TileMatrixSet, within?: Limits): Promise<MatrixGrid> => {
  const projection = await projectionOf(typeof set.crs === 'string' ? set.crs : set.crs.uri);
  const northFirst = isNorthFirst(set.orderedAxes, projection);
  const sorted = set.tileMatrices.toSorted((a, b) => b.cellSize - a.cellSize);
  const distinct = sorted.filter(({cellSize}, i) => cellSize !== sorted[i - 1]?.cellSize);
  const limited = (id: string) => within?.find(({tileMatrix}) => tileMatrix === id);
  const has = within ? distinct.map(({id}) => limited(id) !== undefined) : distinct.map(() => true);
  // Levels beyond those that the service has are not asked for: ol draws them from the nearest that it has.
  const matrices = distinct.slice(0, has.lastIndexOf(true) + 1);
  const tops = matrices.map(({pointOfOrigin: [first, second], cornerOfOrigin, ...matrix}) => {
    const [x, y] = northFirst ? [second, first] : [first, second];
    return [x, cornerOfOrigin === 'bottomLeft' ? y + matrix.cellSize * matrix.tileHeight * matrix.matrixHeight : y];
  });
  let extent: Extent | undefined;
  for (const [i, {id, cellSize, tileWidth, tileHeight}] of matrices.entries()) {
    const limit = limited(id);
    const [left = 0, top = 0] = tops[i] ?? [];
    if (!limit || matrices[i]?.cornerOfOrigin === 'bottomLeft') continue;
    const [width, height] = [cellSize * tileWidth, cellSize * tileHeight];
    const own: Extent = [
      left + limit.minTileCol * width,
      top - (limit.maxTileRow + 1) * height,
      left + (limit.maxTileCol + 1) * width,
      top - limit.minTileRow * height,
    ];
    extent = extent ? getIntersection(extent, own) : own;
  }
  const tileGrid = new TileGrid({
    resolutions: matrices.map(({cellSize}) => cellSize),
    origins: tops,
    sizes: matrices.map(({matrixWidth, matrixHeight}) => [matrixWidth, matrixHeight]),
    tileSizes: matrices.map(({tileWidth, tileHeight}) => [tileWidth, tileHeight]),
    minZoom: Math.max(0, has.indexOf(true)),
    ...(extent ? {extent} : {}),
  });
  return {
    projection,
    tileGrid,
    placeOf([z = 0, column = 0, row = 0]) {
      const matrix = matrices[z];
      const fromBelow = matrix?.cornerOfOrigin === 'bottomLeft';
      return {tileMatrix: matrix?.id ?? '', column, row: fromBelow ? matrix.matrixHeight - 1 - row : row};
    },
  };
};
