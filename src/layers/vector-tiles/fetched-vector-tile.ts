import TileState from 'ol/TileState.js';
import VectorTile from 'ol/VectorTile.js';
import type {Extent} from 'ol/extent.js';
import MVT from 'ol/format/MVT.js';
import type Projection from 'ol/proj/Projection.js';
import type {FeatureLike} from 'ol/Feature.js';
import type {TileCoord} from 'ol/tilecoord.js';

/** Where a tile of the service lies, for whoever reads its features. */
export interface TilePlace {
  readonly tileCoord: TileCoord;
  readonly extent: Extent;
  readonly projection: Projection;
}

export interface FetchedVectorTileOptions extends TilePlace {
  readonly resolution: number;
  readonly load: (place: TilePlace, signal: AbortSignal) => Promise<FeatureLike[]>;
  readonly failed: (error: unknown, tileCoord: TileCoord) => void;
}

/** Somebody who waits for a tile of the service. */
export interface TileUser {
  settled(): void;
}

// ol's tiles want a format, which only its own loading asks for.
const format = new MVT();

/** A tile of the service, with its features. It is aborted, and let go, when nobody on the screen is made from it. */
export class FetchedVectorTile extends VectorTile<FeatureLike> {
  readonly users = new Set<TileUser>();
  readonly #options: FetchedVectorTileOptions;
  #controller: AbortController | undefined;

  constructor(options: FetchedVectorTileOptions) {
    super(options.tileCoord, TileState.IDLE, String(options.tileCoord), format, () => undefined);
    this.#options = options;
    this.extent = options.extent;
    this.projection = options.projection;
    this.resolution = options.resolution;
  }

  override load(): void {
    if (this.state !== TileState.IDLE) return;
    this.state = TileState.LOADING;
    this.#controller = new AbortController();
    void this.#run(this.#controller.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const {load, failed, tileCoord} = this.#options;
    try {
      const features = await load(this.#options, signal);
      if (signal.aborted) return;
      this.setFeatures(features);
    } catch (error) {
      if (signal.aborted) return;
      this.state = TileState.ERROR;
      failed(error, tileCoord);
    }
    for (const user of [...this.users]) user.settled();
  }

  /** A failed tile is asked for again when it is next wanted. */
  forgive(): void {
    if (this.state === TileState.ERROR) this.state = TileState.IDLE;
  }

  abort(): void {
    this.#controller?.abort();
  }
}
