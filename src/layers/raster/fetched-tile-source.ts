import type DataTile from 'ol/DataTile.js';
import type Tile from 'ol/Tile.js';
import TileState from 'ol/TileState.js';
import type BaseEvent from 'ol/events/Event.js';
import {equivalent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import TileSource, {TileSourceEvent} from 'ol/source/Tile.js';
import type LRUCache from 'ol/structs/LRUCache.js';
import {getCacheKey, type TileCoord} from 'ol/tilecoord.js';
import {getForProjection} from 'ol/tilegrid.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import {again} from '../../request/ask-again.js';
import {FetchedTile, type TileImage} from './fetched-tile.js';
import type {reproject, ReprojectedTile} from './reproject.js';

export interface FetchedTileSourceOptions {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
  readonly tileUrl: (tileCoord: TileCoord) => string;
  readonly fetch: (url: string, signal: AbortSignal, tileCoord: TileCoord) => Promise<TileImage>;
  readonly failed: (error: unknown, url: string) => void;
  /** Draws the layer again. `changed()` of a source would empty the renderer's caches instead. */
  readonly repaint: () => void;
}

const eventOf: Readonly<Record<number, string>> = {
  [TileState.LOADING]: 'tileloadstart',
  [TileState.LOADED]: 'tileloadend',
  [TileState.ERROR]: 'tileloaderror',
};

/**
 * Tiles through one function that fetches. Knows every tile that it made, so that what no longer is wanted can be
 * aborted, what failed asked for again, and everything freed.
 *
 * Not `ol/source/ImageTile`: its tiles cannot be aborted or healed from outside, and it brings 7 kB of WebGL for
 * reprojection, which the 2D canvas does as well and on every machine.
 */
export class FetchedTileSource extends TileSource<DataTile> {
  readonly #options: FetchedTileSourceOptions;
  readonly #tiles = new Set<FetchedTile>();
  readonly #sourceTiles = new Set<FetchedTile>();
  readonly #reprojected = new Set<ReprojectedTile>();
  readonly #loadingTiles = new Set<FetchedTile>();
  #retries = 0;
  #isLoadingReprojection = false;
  #reprojectTile: typeof reproject | undefined;

  constructor(options: FetchedTileSourceOptions) {
    const {projection, tileGrid} = options;
    // Fading in is a frame for each sixtieth of a second, and a map that is late by a quarter (ADR 20).
    super({projection, tileGrid, wrapX: true, interpolate: true, transition: 0});
    this.#options = options;
    // The renderer takes revision 0 for "never drawn" and ignores the first refresh() (ol 10.11, `ol/renderer/canvas/TileLayer`).
    this.changed();
  }

  override getTileGridForProjection(projection: Projection): TileGrid {
    return equivalent(this.#options.projection, projection) ? this.#options.tileGrid : getForProjection(projection);
  }

  override getTile(
    z: number,
    x: number,
    y: number,
    pixelRatio: number,
    projection: Projection,
    cache?: LRUCache<Tile>,
  ): DataTile | null {
    if (!equivalent(this.#options.projection, projection))
      return this.#reproject([z, x, y], pixelRatio, projection, cache);
    return this.#make([z, x, y], this.#tiles);
  }

  /** `tileCoord` may be worlds away; what is asked for is its like in this one. Tiles are told apart by the former. */
  #make(tileCoord: TileCoord, among: Set<FetchedTile>): FetchedTile | null {
    const requested = this.getTileCoordForTileUrlFunction(tileCoord);
    if (!requested || this.disposed) return null;
    const {tileUrl, fetch, failed} = this.#options;
    const url = tileUrl(requested);
    const tile = new FetchedTile({
      ...this.tileOptions,
      tileCoord,
      key: this.getKey(),
      isQueued: among === this.#tiles,
      fetch: (signal) =>
        again(
          () => fetch(url, signal, requested),
          () => this.#retries,
          signal,
        ),
      failed: (error) => failed(error, url),
      disposed: (gone) => among.delete(gone),
    });
    among.add(tile);
    tile.addEventListener('change', this.#announce);
    return tile;
  }

  readonly #announce = ({target}: Event | BaseEvent): void => {
    if (!(target instanceof FetchedTile) || target.isLeavingQueue) return;
    if (target.getState() === TileState.LOADING) this.#loadingTiles.add(target);
    else this.#loadingTiles.delete(target);
    this.#noteLoading();
    const type = eventOf[Number(target.getState())];
    if (type) this.dispatchEvent(new TileSourceEvent(type, target));
  };

  /** What ol's queue does not count any more, the map still waits for before it is complete. */
  #noteLoading(): void {
    this.loading = this.#loadingTiles.size > 0 || this.#isLoadingReprojection;
  }

  #sourceTile([z, x, y]: readonly [number, number, number], cache: LRUCache<Tile> | undefined): FetchedTile | null {
    const cacheKey = getCacheKey(this, this.getKey(), z, x, y);
    const known = cache?.containsKey(cacheKey) ? cache.get(cacheKey) : undefined;
    if (known instanceof FetchedTile) return known;
    const tile = this.#make([z, x, y], this.#sourceTiles);
    if (tile) cache?.set(cacheKey, tile);
    return tile;
  }

  #reproject(
    tileCoord: TileCoord,
    pixelRatio: number,
    projection: Projection,
    cache: LRUCache<Tile> | undefined,
  ): DataTile | null {
    const wrapped = this.getTileCoordForTileUrlFunction(tileCoord, projection);
    if (!wrapped || this.disposed) return null;
    const {projection: own, tileGrid, repaint} = this.#options;
    if (!this.#reprojectTile) return this.#loadReprojection();
    const tile = this.#reprojectTile({
      tileOptions: this.tileOptions,
      tileCoord,
      wrapped,
      key: this.getKey(),
      from: {projection: own, tileGrid},
      to: {projection, tileGrid: this.getTileGridForProjection(projection)},
      pixelRatio: this.getTilePixelRatio(pixelRatio),
      sourceTile: (z, x, y) => this.#sourceTile([z, x, y], cache),
      repaired: repaint,
      disposed: (gone) => this.#reprojected.delete(gone),
    });
    this.#reprojected.add(tile);
    return tile;
  }

  /** There are no tiles until it is here; then the layer is drawn again. */
  #loadReprojection(): null {
    if (this.#isLoadingReprojection) return null;
    this.#isLoadingReprojection = true;
    this.#noteLoading();
    import('./reproject.js')
      .then(({reproject}) => (this.#reprojectTile = reproject))
      .catch((error: unknown) => this.#options.failed(error, import.meta.url))
      .finally(() => {
        this.#isLoadingReprojection = false;
        this.#noteLoading();
        if (!this.disposed && this.#reprojectTile) this.#options.repaint();
      });
    return null;
  }

  /** Aborts what the frame does not want: `wanted` has the keys of the tiles of the view, and may be empty. */
  keepOnly(wanted: Readonly<Record<string, boolean>>): void {
    const needed = new Set<FetchedTile>();
    for (const tile of this.#reprojected) {
      if (wanted[tile.getKey()]) {
        tile.repair();
        for (const source of tile.sources) needed.add(source);
      } else {
        tile.abort();
      }
    }
    for (const tile of this.#sourceTiles) if (!needed.has(tile)) tile.abort();
    for (const tile of this.#tiles) {
      if (tile.getState() === TileState.LOADING && !wanted[tile.getKey()]) tile.abort();
    }
  }

  /** What failed loads again when it is in view. */
  retry(): void {
    this.#retries += 1;
    for (const tile of [...this.#tiles, ...this.#sourceTiles, ...this.#reprojected]) tile.forgive();
    this.#options.repaint();
  }

  /** Aborts and frees every tile. Whoever holds them still, holds nothing. */
  drop(): void {
    for (const tile of [...this.#reprojected, ...this.#sourceTiles, ...this.#tiles]) tile.dispose();
  }

  override disposeInternal(): void {
    this.drop();
    super.disposeInternal();
  }
}
