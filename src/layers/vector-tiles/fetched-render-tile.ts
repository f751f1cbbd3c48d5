import TileState from 'ol/TileState.js';
import VectorRenderTile from 'ol/VectorRenderTile.js';
import type {TileCoord} from 'ol/tilecoord.js';
import type {FetchedVectorTile, TileUser} from './fetched-vector-tile.js';

export interface FetchedRenderTileOptions {
  readonly tileCoord: TileCoord;
  /** `tileCoord` as it is in this world. */
  readonly wrapped: TileCoord;
  readonly key: string;
  /** The tiles of the service that it is drawn from. */
  readonly needs: readonly TileCoord[];
  readonly take: (tileCoord: TileCoord, user: TileUser) => FetchedVectorTile;
  readonly giveBack: (tile: FetchedVectorTile, user: TileUser) => void;
  readonly released: (tile: FetchedRenderTile) => void;
}

/**
 * A tile of the screen, drawn from one or more tiles of the service. ol's own keeps an error for ever, and what it
 * waits for is never aborted.
 */
export class FetchedRenderTile extends VectorRenderTile implements TileUser {
  readonly #options: FetchedRenderTileOptions;
  #taken: FetchedVectorTile[] = [];

  constructor(options: FetchedRenderTileOptions) {
    const state = options.needs.length > 0 ? TileState.IDLE : TileState.EMPTY;
    super(
      options.tileCoord,
      state,
      options.wrapped,
      (tile) => tile.sourceTiles,
      () => undefined,
    );
    this.key = options.key;
    this.#options = options;
  }

  override load(): void {
    if (this.state !== TileState.IDLE) return;
    this.#leaveQueue();
    this.state = TileState.LOADING;
    this.changed();
    if (this.#taken.length === 0)
      this.#taken = this.#options.needs.map((tileCoord) => this.#options.take(tileCoord, this));
    for (const tile of this.#taken) tile.load();
    this.settled();
  }

  /**
   * ol holds one of sixteen places for a tile until its answer is there. Who asks when is for the map's own queue: a
   * failure gives the place back, and ol goes on listening (ol 10.11, `ol/TileQueue`).
   */
  #leaveQueue(): void {
    this.state = TileState.ERROR;
    this.changed();
  }

  /** One of the tiles that it is made from has loaded, or failed. */
  settled(): void {
    if (this.state !== TileState.LOADING) return;
    const states: readonly number[] = this.#taken.map((tile) => tile.getState());
    if (states.some((state) => state < TileState.LOADED)) return;
    this.sourceTiles.push(...this.#taken);
    // With a part of what it needs it is drawn with holes; `reopen` fills them.
    this.state = states.includes(TileState.LOADED) ? TileState.LOADED : TileState.ERROR;
    this.changed();
  }

  #letGo(): void {
    const taken = this.#taken;
    this.#taken = [];
    this.sourceTiles.length = 0;
    for (const tile of taken) this.#options.giveBack(tile, this);
  }

  get isLoading(): boolean {
    return this.state === TileState.LOADING;
  }

  /** Stops loading; the tile loads again when it is wanted again. See `FetchedTile.abort`. */
  abort(): void {
    if (!this.isLoading) return;
    this.#letGo();
    this.state = TileState.EMPTY;
    this.changed();
    this.state = TileState.IDLE;
  }

  /** A part of what it is drawn from failed. */
  get isBroken(): boolean {
    return this.#taken.some((tile) => tile.getState() === TileState.ERROR);
  }

  /** The failed parts have been forgiven: they are asked for when the map next wants the tile, or now if it waits. */
  reopen(): void {
    if (this.isLoading) {
      for (const tile of this.#taken) tile.load();
      return;
    }
    this.sourceTiles.length = 0;
    this.state = TileState.IDLE;
  }

  override release(): void {
    this.#letGo();
    super.release();
    this.#options.released(this);
  }
}
