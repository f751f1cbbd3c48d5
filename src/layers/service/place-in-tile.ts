import {wrapX, type Coordinate} from 'ol/coordinate.js';
import {get as getProjection, getPointResolution, transform} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import {toSize} from 'ol/size.js';
import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import type {IdentifyPlace} from '../around.js';

/** A place of the view in another projection: within its one world, with the resolution that it has there. */
export const placeIn = (
  {coordinate, resolution, projection}: IdentifyPlace,
  wanted: Projection,
): {readonly coordinate: Coordinate; readonly resolution: number} => {
  const view = getProjection(projection);
  const there = wrapX(transform(coordinate, projection, wanted), wanted);
  if (!view) return {coordinate: there, resolution};
  const metres = getPointResolution(view, resolution, coordinate, 'm');
  return {coordinate: there, resolution: metres / getPointResolution(wanted, 1, there, 'm')};
};

export interface PlaceInTile {
  readonly tileCoord: TileCoord;
  /** Column and row of the pixel. */
  readonly column: number;
  readonly row: number;
}

/** The tile that shows a place in the view, and the pixel of it. */
export const placeInTile = (place: IdentifyPlace, projection: Projection, tileGrid: TileGrid): PlaceInTile => {
  const {coordinate, resolution} = placeIn(place, projection);
  const z = tileGrid.getZForResolution(resolution);
  const tileCoord = tileGrid.getTileCoordForCoordAndZ(coordinate, z);
  const [west = 0, , , north = 0] = tileGrid.getTileCoordExtent(tileCoord);
  const [x = 0, y = 0] = coordinate;
  const [width = 0, height = 0] = toSize(tileGrid.getTileSize(z));
  const pixel = (distance: number, length: number): number =>
    Math.max(0, Math.min(length - 1, Math.floor(distance / tileGrid.getResolution(z))));
  return {tileCoord, column: pixel(x - west, width), row: pixel(north - y, height)};
};
