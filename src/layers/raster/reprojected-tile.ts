import DataTile from 'ol/DataTile.js';
import type ImageTile from 'ol/ImageTile.js';
import type {Options as TileOptions} from 'ol/Tile.js';
import TileState from 'ol/TileState.js';
import type ReprojTile from 'ol/reproj/Tile.js';
import type {TileCoord} from 'ol/tilecoord.js';
import type {FetchedTile} from './fetched-tile.js';
import {leaveQueue} from './leave-queue.js';

export type GetSourceTile = (z: number, x: number, y: number, pixelRatio: number) => ImageTile;

export interface ReprojectedTileOptions extends TileOptions {
  readonly tileCoord: TileCoord;
  readonly key: string;
  readonly sourceTile: (z: number, x: number, y: number, pixelRatio: number) => FetchedTile | null;
  readonly project: (getTile: GetSourceTile) => ReprojTile;
  /** The picture of a tile that is on the screen already is a better one now. */
  readonly repaired: () => void;
  readonly disposed: (tile: ReprojectedTile) => void;
}

/**
 * A tile of the view's projection, drawn from tiles of the source's projection. ol's own does the drawing; it can do
 * so once only and keeps what it drew from the tiles that did not fail, so each try has a new one.
 */
export class ReprojectedTile extends DataTile {
  readonly #options: ReprojectedTileOptions;
  readonly #sources = new Set<FetchedTile>();
  #drawing: ReprojTile | undefined;
  #drawn: ReprojTile | undefined;
  #hasHoles = false;
  #isDue = false;

  constructor(options: ReprojectedTileOptions) {
    super({...options, loader: () => Promise.reject(new Error('load() is overridden'))});
    this.key = options.key;
    this.#options = options;
  }

  /** The tiles that are needed for what is being drawn. */
  get sources(): Iterable<FetchedTile> {
    return this.#drawing ? this.#sources : [];
  }

  override load(): void {
    if (this.state !== TileState.IDLE && this.state !== TileState.ERROR) return;
    leaveQueue(this);
    this.state = TileState.LOADING;
    this.changed();
    if (this.getState() === TileState.LOADING) this.#draw();
  }

  #draw(): void {
    this.#sources.clear();
    const drawing = this.#options.project((...at) => {
      const tile = this.#options.sourceTile(...at);
      if (tile) this.#sources.add(tile);
      // ol's types ask for its own ImageTile; it calls load(), getState(), getImage() and events of it, and skips null.
      return tile as unknown as ImageTile;
    });
    this.#drawing = drawing;
    drawing.addEventListener('change', () => this.#finish(drawing));
    drawing.load();
    if (drawing.getState() === TileState.EMPTY) this.#finish(drawing);
  }

  #finish(drawing: ReprojTile): void {
    const state: unknown = drawing.getState();
    if (drawing !== this.#drawing || state === TileState.LOADING) return;
    this.#drawing = undefined;
    this.#hasHoles = [...this.#sources].some((tile) => tile.getState() === TileState.ERROR);
    const repairs = this.state === TileState.LOADED;
    if (state === TileState.LOADED) {
      this.#drawn?.dispose();
      this.#drawn = drawing;
      this.state = TileState.LOADED;
    } else if (!repairs) {
      this.state = state;
    }
    this.changed();
    if (repairs) this.#options.repaired();
  }

  /** Stops; what was drawn earlier stays. */
  abort(): void {
    const drawing = this.#drawing;
    if (!drawing) return;
    this.#drawing = undefined;
    this.#sources.clear();
    drawing.dispose();
    if (this.state === TileState.LOADED) {
      this.#isDue = true;
      return;
    }
    // As in FetchedTile.abort.
    this.state = TileState.EMPTY;
    this.changed();
    this.state = TileState.IDLE;
  }

  /** Failed source tiles will be asked for again: draw anew when next wanted. */
  forgive(): void {
    if (this.state === TileState.ERROR) this.state = TileState.IDLE;
    else if (this.#hasHoles) this.#isDue = true;
  }

  /** Called while the tile is on the screen: fills its holes after `forgive`, behind the picture that is there. */
  repair(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#draw();
  }

  override getData(): HTMLCanvasElement | OffscreenCanvas | null {
    return this.#drawn?.getImage() ?? null;
  }

  override disposeInternal(): void {
    this.abort();
    super.disposeInternal();
    this.#drawn?.dispose();
    this.#drawn = undefined;
    this.#options.disposed(this);
  }
}
