import {getIntersection, isEmpty, type Extent} from 'ol/extent.js';
import {transformExtent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import type WMTSTileGrid from 'ol/tilegrid/WMTS.js';
import {createFromCapabilitiesMatrixSet} from 'ol/tilegrid/WMTS.js';
import {RequestError} from '../../request/request-error.js';
import type {TileMatrix, WmtsService} from './capabilities.js';
import type {WmtsChoice} from './choose.js';

const isPositive = (value: number | undefined): boolean => value !== undefined && Number.isFinite(value) && value > 0;

const isWhole = (matrix: TileMatrix): boolean =>
  matrix.Identifier !== undefined
  && matrix.TopLeftCorner?.length === 2
  && [matrix.ScaleDenominator, matrix.TileWidth, matrix.TileHeight, matrix.MatrixWidth, matrix.MatrixHeight].every(
    isPositive,
  );

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

/** The grid of a matrix set, from the coarsest to the finest. */
export const matrixGrid = ({url}: WmtsService, {matrixSet, link, layer, projection}: WmtsChoice): WMTSTileGrid => {
  const matrices = (matrixSet.TileMatrix ?? []).filter(isWhole).map((matrix) => withNorthFirst(matrix, projection));
  try {
    if (matrices.length === 0) throw new Error('no tile matrix is complete');
    return createFromCapabilitiesMatrixSet(
      {...matrixSet, SupportedCRS: projection.getCode(), TileMatrix: matrices},
      extentOf(layer.WGS84BoundingBox, projection),
      [...(link.TileMatrixSetLimits ?? [])],
    );
  } catch (cause) {
    throw new RequestError(`The capabilities do not say how "${matrixSet.Identifier?.slice(0, 60)}" is tiled`, {
      kind: 'format',
      url,
      cause,
    });
  }
};
