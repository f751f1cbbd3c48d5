import DataTile from 'ol/DataTile.js';
import TileState from 'ol/TileState.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {leaveQueue} from './leave-queue.js';
import type {Options as TileOptions} from 'ol/Tile.js';

export type TileImage = ImageBitmap | HTMLImageElement;

export const freeImage = (image: TileImage | null): void => {
  // ol never closes bitmaps, and the garbage collector does not feel their weight (ol 10.11).
  if (image instanceof ImageBitmap) image.close();
};

export interface FetchedTileOptions extends TileOptions {
  readonly tileCoord: TileCoord;
  readonly key: string;
  /** Loaded by ol's queue, and not by a reprojection. */
  readonly isQueued: boolean;
  readonly fetch: (signal: AbortSignal) => Promise<TileImage>;
  readonly failed: (error: unknown) => void;
  readonly disposed: (tile: FetchedTile) => void;
}

/**
 * A tile that can be aborted and asked for again, and that owns its image. ol's tiles keep an error for ever, hold
 * their place in the loading queue until the answer is there, and are aborted only when they fall out of the cache.
 */
export class FetchedTile extends DataTile {
  readonly #options: FetchedTileOptions;
  #controller: AbortController | undefined;
  #image: TileImage | null = null;
  #error: Error | null = null;
  #isLeaving = false;

  constructor(options: FetchedTileOptions) {
    super({
      ...options,
      loader: () => Promise.reject(new Error('load() is overridden')),
    });
    this.key = options.key;
    this.#options = options;
  }

  override load(): void {
    if (this.state !== TileState.IDLE && this.state !== TileState.ERROR) return;
    const controller = new AbortController();
    this.#controller = controller;
    if (this.#options.isQueued) {
      this.#isLeaving = true;
      leaveQueue(this);
      this.#isLeaving = false;
    }
    this.state = TileState.LOADING;
    this.changed();
    // Whoever heard of the change may have aborted already.
    if (!controller.signal.aborted) void this.#run(controller.signal);
  }

  /** True while the state means nothing to others than ol's queue. */
  get isLeavingQueue(): boolean {
    return this.#isLeaving;
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const image = await this.#options.fetch(signal);
      if (signal.aborted) {
        freeImage(image);
        return;
      }
      this.#image = image;
      this.state = TileState.LOADED;
    } catch (error) {
      if (signal.aborted) return;
      this.#error = error instanceof Error ? error : new Error('The tile failed', {cause: error});
      this.state = TileState.ERROR;
      this.#options.failed(error);
    }
    this.#controller = undefined;
    this.changed();
  }

  /**
   * Stops loading; the tile loads again when it is wanted again. The queue gives a place back only when it sees a
   * final state, so the tile passes through EMPTY, and is IDLE only after every listener has been told
   * (ol 10.11, `ol/TileQueue`).
   */
  abort(): void {
    if (this.state !== TileState.LOADING) return;
    this.#controller?.abort();
    this.#controller = undefined;
    this.state = TileState.EMPTY;
    this.changed();
    this.state = TileState.IDLE;
  }

  /** A failed tile loads again when the map next wants it, in its turn in the queue. */
  forgive(): void {
    if (this.state === TileState.ERROR) this.state = TileState.IDLE;
  }

  override getData(): TileImage | null {
    return this.#image;
  }

  /** What reprojection asks for instead of `getData`. */
  getImage(): TileImage | null {
    return this.#image;
  }

  override getError(): Error | null {
    return this.#error;
  }

  override disposeInternal(): void {
    this.abort();
    super.disposeInternal();
    freeImage(this.#image);
    this.#image = null;
    this.#options.disposed(this);
  }
}
