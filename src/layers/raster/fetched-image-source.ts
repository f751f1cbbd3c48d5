import type ImageWrapper from 'ol/Image.js';
import ImageState from 'ol/ImageState.js';
import BaseEvent from 'ol/events/Event.js';
import {containsExtent, getHeight, getWidth, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import type {Size} from 'ol/size.js';
import ImageSource, {getRequestExtent} from 'ol/source/Image.js';
import {FetchedImage} from './fetched-image.js';
import type {TileImage} from './fetched-tile.js';

/** How much more than the view is asked for, so that small movements need no new image. */
const ratio = 1.5;

export interface FetchedImageSourceOptions {
  readonly imageUrl: (extent: Extent, size: Size, projection: Projection) => string;
  readonly fetch: (url: string, signal: AbortSignal) => Promise<TileImage>;
  readonly failed: (error: unknown, url: string) => void;
}

/**
 * One image for the view through one function that fetches. A new view aborts the image of the last one; a failed
 * image is not asked for again until `retry`, which ol's own source never does (ol 10.11, `ol/source/Image`).
 */
export class FetchedImageSource extends ImageSource {
  readonly #options: FetchedImageSourceOptions;
  #current: FetchedImage | undefined;
  #projection: Projection | undefined;
  /** Loaded, and still on the screen perhaps. */
  readonly #former = new Set<FetchedImage>();

  constructor(options: FetchedImageSourceOptions) {
    // Without a projection of its own it is asked for images in that of the view.
    super({});
    this.#options = options;
  }

  readonly #announce = (event: Event | BaseEvent): void => {
    if (event instanceof BaseEvent) this.handleImageChange(event);
  };

  override getImageInternal(
    extent: Extent,
    resolution: number,
    _pixelRatio: number,
    projection: Projection,
  ): ImageWrapper | null {
    if (this.disposed) return null;
    const current = this.#current;
    if (
      current?.getResolution() === resolution
      && this.#projection === projection
      && containsExtent(current.getExtent(), extent)
    )
      return current;
    this.#giveUp();
    const wanted = getRequestExtent(extent, resolution, 1, ratio);
    const size = [Math.round(getWidth(wanted) / resolution), Math.round(getHeight(wanted) / resolution)];
    const url = this.#options.imageUrl(wanted, size, projection);
    const image = new FetchedImage({
      extent: wanted,
      resolution,
      fetch: (signal) => this.#options.fetch(url, signal),
      failed: (error) => this.#options.failed(error, url),
    });
    image.addEventListener('change', this.#announce);
    this.#current = image;
    this.#projection = projection;
    return image;
  }

  #giveUp(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current?.getState() === ImageState.LOADED) this.#former.add(current);
    else current?.dispose();
    // What is given up does not tell any more that it ended.
    this.loading = false;
  }

  /** The layer is not shown: what is under way is for nothing. */
  abort(): void {
    if (this.#current?.getState() === ImageState.LOADING) this.#giveUp();
  }

  /** Frees what a newer image has replaced on the screen. */
  freeFormer(shown: unknown): void {
    for (const image of this.#former) {
      if (image.getImage() === shown) continue;
      this.#former.delete(image);
      image.dispose();
    }
  }

  retry(): void {
    if (this.#current?.getState() === ImageState.ERROR) this.#giveUp();
  }

  drop(): void {
    this.#giveUp();
    this.freeFormer(undefined);
  }

  override disposeInternal(): void {
    this.drop();
    super.disposeInternal();
  }
}
