import type Projection from 'ol/proj/Projection.js';
import ReprojTile from 'ol/reproj/Tile.js';
import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import type {Options as TileOptions} from 'ol/Tile.js';
import {ReprojectedTile, type GetSourceTile, type ReprojectedTileOptions} from './reprojected-tile.js';

export type {ReprojectedTile} from './reprojected-tile.js';

/** One side of a reprojection. */
export interface TileSystem {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
}

export interface ReprojectOptions extends Pick<
  ReprojectedTileOptions,
  'tileCoord' | 'key' | 'sourceTile' | 'repaired' | 'disposed'
> {
  readonly tileOptions: TileOptions;
  readonly from: TileSystem;
  readonly to: TileSystem;
  /** `tileCoord` as it is in this world. */
  readonly wrapped: TileCoord;
  readonly pixelRatio: number;
}

/** A tile of one projection drawn from tiles of another. A chunk of its own, since most maps need none. */
export const reproject = ({
  from,
  to,
  wrapped,
  pixelRatio,
  tileOptions,
  ...options
}: ReprojectOptions): ReprojectedTile =>
  new ReprojectedTile({
    ...tileOptions,
    ...options,
    project: (getTile: GetSourceTile) =>
      new ReprojTile(
        from.projection,
        from.tileGrid,
        to.projection,
        to.tileGrid,
        options.tileCoord,
        wrapped,
        pixelRatio,
        0,
        getTile,
        undefined,
        false,
        tileOptions,
      ),
  });
