import {getIntersection, isEmpty, type Extent} from 'ol/extent.js';
import {transformExtent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import TileRange from 'ol/TileRange.js';
import {RequestError} from '../../request/request-error.js';
import {leastTile} from '../service/least-tile.js';
import type {TileMatrix, WmtsService} from './capabilities.js';
import type {WmtsChoice} from './choose.js';

const isPositive = (value: number | undefined): boolean => value !== undefined && Number.isFinite(value) && value > 0;

const isWhole = (matrix: TileMatrix): boolean =>
  matrix.Identifier !== undefined
  && matrix.TopLeftCorner?.length === 2
  && [matrix.ScaleDenominator, matrix.MatrixWidth, matrix.MatrixHeight].every(isPositive)
  && [matrix.TileWidth, matrix.TileHeight].every((side = 0) => side >= leastTile && side < Infinity);

/** Services that write longitude before latitude where the definition has it the other way are known by their corner. */
const withNorthFirst = (matrix: TileMatrix, projection: Projection): TileMatrix => {
  const [first = 0, second = 0] = matrix.TopLeftCorner ?? [];
  const isSwapped =
    projection.getAxisOrientation().startsWith('ne') && projection.getUnits() === 'degrees' && Math.abs(first) > 90.1;
  return isSwapped ? {...matrix, TopLeftCorner: [second, first]} : matrix;
};

/** Where the layer has anything at all, so that nothing is asked for elsewhere. */
const extentOf = (box: readonly number[] | undefined, projection: Projection): Extent | undefined => {
  if (!box || !box.every(Number.isFinite)) return undefined;
  const extent = transformExtent([...box], 'EPSG:4326', projection, 8);
  const world = projection.getExtent();
  const within = world && !projection.canWrapX() ? getIntersection(extent, world) : extent;
  return within.every(Number.isFinite) && !isEmpty(within) ? within : undefined;
};

interface Level {
  readonly matrix: TileMatrix;
  /** Where the layer has anything, when the service says so. */
  readonly range?: TileRange;
}

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The levels that the service has of a layer, from the coarsest to the finest. */
const levelsOf = ({matrixSet, link, projection}: WmtsChoice): readonly Level[] => {
  const limits = link.TileMatrixSetLimits ?? [];
  return (matrixSet.TileMatrix ?? [])
    .filter(isWhole)
    .toSorted((a, b) => count(b.ScaleDenominator) - count(a.ScaleDenominator))
    .flatMap((matrix) => {
      const own = withNorthFirst(matrix, projection);
      if (limits.length === 0) return [{matrix: own}];
      // Some services have the name of the set before that of the matrix in one of both places.
      const names = [matrix.Identifier, `${matrixSet.Identifier}:${matrix.Identifier}`];
      const limit = limits.find(({TileMatrix: name}) => typeof name === 'string' && names.includes(name));
      if (!limit) return [];
      const {MinTileCol, MaxTileCol, MinTileRow, MaxTileRow} = limit;
      const range = new TileRange(count(MinTileCol), count(MaxTileCol), count(MinTileRow), count(MaxTileRow));
      return [{matrix: own, range}];
    });
};

export interface MatrixGrid {
  readonly tileGrid: TileGrid;
  /** The name of the matrix of a level. */
  readonly matrixId: (z: number) => string;
}

/** By hand: ol's own would come with the first load of every map, since `ol/tilegrid` names it (ol 10.11). */
export const matrixGrid = ({url}: WmtsService, choice: WmtsChoice): MatrixGrid => {
  const {matrixSet, layer, projection} = choice;
  const levels = levelsOf(choice);
  const metres = projection.getMetersPerUnit();
  if (levels.length === 0 || !metres)
    throw new RequestError(`The capabilities do not say how "${matrixSet.Identifier?.slice(0, 60)}" is tiled`, {
      kind: 'format',
      url,
    });
  const northFirst = projection.getAxisOrientation().startsWith('ne');
  const extent = extentOf(layer.WGS84BoundingBox, projection);
  const tileGrid = new TileGrid({
    // A pixel of 0.28 mm (OGC 07-057r7, 6.1).
    resolutions: levels.map(({matrix}) => (count(matrix.ScaleDenominator) * 0.28e-3) / metres),
    origins: levels.map(({matrix: {TopLeftCorner: [first = 0, second = 0] = []}}) =>
      northFirst ? [second, first] : [first, second],
    ),
    tileSizes: levels.map(({matrix}) => [count(matrix.TileWidth), count(matrix.TileHeight)]),
    // Within sizes ol looks at the extent as well; limits are what the layer has already.
    ...(choice.link.TileMatrixSetLimits?.length
      ? {tileRanges: levels.flatMap(({range}) => range ?? [])}
      : {sizes: levels.map(({matrix}) => [count(matrix.MatrixWidth), count(matrix.MatrixHeight)])}),
    ...(extent ? {extent} : {}),
  });
  return {tileGrid, matrixId: (z) => levels[z]?.matrix.Identifier ?? ''};
};
