import {getIntersection, buffer, isEmpty, type Extent} from 'ol/extent.js';
import {equivalent, transformExtent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import type {FeatureLike} from 'ol/Feature.js';
import VectorTileSource from 'ol/source/VectorTile.js';
import {withinExtentAndZ, type TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import type VectorRenderTile from 'ol/VectorRenderTile.js';
import {FetchedRenderTile} from './fetched-render-tile.js';
import {FetchedVectorTile, type FetchedVectorTileOptions, type TileUser} from './fetched-vector-tile.js';

export interface FetchedVectorTileSourceOptions extends Pick<FetchedVectorTileOptions, 'load' | 'failed'> {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
}

/**
 * A tile of the screen is drawn from one tile of the service, or from a few where the projections differ. More are
 * wanted far below the lowest level of the service only, where nothing could be made out.
 */
const mostNeeded = 16;

/**
 * Vector tiles through one function that loads. Knows every tile that it made, so that what no longer is wanted can be
 * aborted, what failed asked for again, and everything dropped. ol's own source does none of it (ol 10.11,
 * `ol/source/VectorTile`).
 */
export class FetchedVectorTileSource extends VectorTileSource<FeatureLike> {
  readonly #options: FetchedVectorTileSourceOptions;
  readonly #screenTiles = new Set<FetchedRenderTile>();
  readonly #tiles = new Map<string, FetchedVectorTile>();

  constructor(options: FetchedVectorTileSourceOptions) {
    super({projection: options.projection, tileGrid: options.tileGrid});
    this.#options = options;
  }

  override getTile(z: number, x: number, y: number, _pixelRatio: number, projection: Projection): FetchedRenderTile {
    const tileCoord = [z, x, y];
    const wrapped = this.disposed ? null : this.getTileCoordForTileUrlFunction(tileCoord, projection);
    const tile = new FetchedRenderTile({
      tileCoord,
      wrapped: wrapped ?? tileCoord,
      key: this.getKey(),
      needs: wrapped ? this.#needsOf(wrapped, projection) : [],
      take: (place, user) => this.#take(place, user),
      giveBack: (given, user) => this.#giveBack(given, user),
      released: (gone) => {
        this.#screenTiles.delete(gone);
        this.#noteLoading();
      },
    });
    this.#screenTiles.add(tile);
    tile.addEventListener('change', this.#noteLoading);
    return tile;
  }

  override getSourceTiles(
    _pixelRatio: number,
    _projection: Projection,
    tile: VectorRenderTile,
  ): ReturnType<VectorTileSource<FeatureLike>['getSourceTiles']> {
    return tile.sourceTiles;
  }

  /** What ol's queue does not count, the map still waits for before it is complete. */
  readonly #noteLoading = (): void => {
    this.loading = [...this.#screenTiles].some(({isLoading}) => isLoading);
  };

  #needsOf(wrapped: TileCoord, projection: Projection): TileCoord[] {
    const {projection: own, tileGrid} = this.#options;
    const screenGrid = this.getTileGridForProjection(projection);
    const resolution = screenGrid.getResolution(wrapped[0] ?? 0);
    // Smaller by a pixel, so that nothing is asked for of which half a pixel would be seen.
    const extent = buffer(screenGrid.getTileCoordExtent(wrapped), -resolution);
    const isSame = equivalent(projection, own);
    const wanted = this.#within(isSame ? extent : this.#toOwn(extent, projection));
    if (isEmpty(wanted)) return [];
    const units = isSame ? 1 : (projection.getMetersPerUnit() ?? 1) / (own.getMetersPerUnit() ?? 1);
    const level = tileGrid.getZForResolution(resolution * units, this.zDirection);
    const range = tileGrid.getTileRangeForExtentAndZ(wanted, level);
    if (range.getWidth() * range.getHeight() > mostNeeded) return [];
    const needs: TileCoord[] = [];
    tileGrid.forEachTileCoord(wanted, level, (tileCoord) => {
      // The grid of the screen has no ends.
      if (withinExtentAndZ(tileCoord, tileGrid)) needs.push([...tileCoord]);
    });
    return needs;
  }

  /** Tiles of the screen may go beyond the world, where other projections have no numbers. */
  #toOwn(extent: Extent, projection: Projection): Extent {
    const world: Extent | null = projection.getExtent();
    return transformExtent(world ? getIntersection(extent, world) : extent, projection, this.#options.projection, 4);
  }

  #within(extent: Extent): Extent {
    const bounds = this.#options.tileGrid.getExtent();
    return bounds ? getIntersection(extent, bounds) : extent;
  }

  #take(tileCoord: TileCoord, user: TileUser): FetchedVectorTile {
    const {projection, tileGrid, load, failed} = this.#options;
    const key = String(tileCoord);
    const tile =
      this.#tiles.get(key)
      ?? new FetchedVectorTile({
        tileCoord,
        extent: tileGrid.getTileCoordExtent(tileCoord),
        resolution: tileGrid.getResolution(tileCoord[0] ?? 0),
        projection,
        load,
        failed,
      });
    this.#tiles.set(key, tile);
    tile.users.add(user);
    return tile;
  }

  #giveBack(tile: FetchedVectorTile, user: TileUser): void {
    tile.users.delete(user);
    if (tile.users.size > 0) return;
    tile.abort();
    const key = tile.getTileUrl();
    if (this.#tiles.get(key) === tile) this.#tiles.delete(key);
  }

  /** Aborts what the frame does not want: `wanted` has the keys of the tiles of the view, and may be empty. */
  keepOnly(wanted: Readonly<Record<string, boolean>>): void {
    for (const tile of this.#screenTiles) if (!wanted[tile.getKey()]) tile.abort();
  }

  /** What failed loads again when it is in view. */
  retry(): void {
    const broken = [...this.#screenTiles].filter(({isBroken}) => isBroken);
    for (const tile of this.#tiles.values()) tile.forgive();
    for (const tile of broken) tile.reopen();
  }

  /** Aborts and drops every tile. */
  drop(): void {
    for (const tile of [...this.#screenTiles]) tile.release();
  }

  override disposeInternal(): void {
    this.drop();
    super.disposeInternal();
  }
}
