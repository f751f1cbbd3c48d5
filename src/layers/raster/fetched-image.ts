import ImageWrapper from 'ol/Image.js';
import ImageState from 'ol/ImageState.js';
import {getHeight, getWidth, type Extent} from 'ol/extent.js';
import {freeImage, type TileImage} from './fetched-tile.js';

export interface FetchedImageOptions {
  readonly extent: Extent;
  /** Without it, as many units per pixel as the extent has on the pixels of the image. */
  readonly resolution: number | undefined;
  readonly fetch: (signal: AbortSignal) => Promise<TileImage>;
  readonly failed: (error: unknown) => void;
}

/**
 * An image of a view that can be aborted, and that owns its bitmap. ol's own writes every failure on the console,
 * aborts included.
 */
export class FetchedImage extends ImageWrapper {
  readonly #options: FetchedImageOptions;
  readonly #controller = new AbortController();
  #image: TileImage | null = null;

  constructor(options: FetchedImageOptions) {
    // One pixel of the image is one CSS pixel: hidpi is for servers that are told the resolution of the screen.
    super(options.extent, options.resolution, 1, ImageState.IDLE);
    this.#options = options;
  }

  override load(): void {
    if (this.state !== ImageState.IDLE) return;
    this.state = ImageState.LOADING;
    this.changed();
    if (!this.disposed) void this.#run(this.#controller.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      const image = await this.#options.fetch(signal);
      if (signal.aborted) {
        freeImage(image);
        return;
      }
      this.#image = image;
      this.resolution ??= [getWidth(this.extent) / image.width, getHeight(this.extent) / image.height];
      this.state = ImageState.LOADED;
    } catch (error) {
      if (signal.aborted) return;
      this.state = ImageState.ERROR;
      this.#options.failed(error);
    }
    this.changed();
  }

  override getImage(): TileImage | null {
    return this.#image;
  }

  /** Aborts what is under way and closes what is there. */
  override disposeInternal(): void {
    this.#controller.abort();
    freeImage(this.#image);
    this.#image = null;
    super.disposeInternal();
  }
}
