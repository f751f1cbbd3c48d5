import type ImageWrapper from 'ol/Image.js';
import ImageState from 'ol/ImageState.js';
import BaseEvent from 'ol/events/Event.js';
import {containsExtent, equals, getHeight, getWidth, intersects, type Extent} from 'ol/extent.js';
import {equivalent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import ReprojImage from 'ol/reproj/Image.js';
import type {Size} from 'ol/size.js';
import ImageSource, {getRequestExtent} from 'ol/source/Image.js';
import {FetchedImage} from './fetched-image.js';
import type {TileImage} from './fetched-tile.js';

/** How much more than the view is asked for, so that small movements need no new image. */
const ratio = 1.5;
/** The resolution that a reprojection asks for is another one in every part of the world. */
const nearly = 0.05;

export interface FetchedImageSourceOptions {
  /** What the images are asked for in, where it is not that of the view; they are reprojected then. */
  readonly projection?: Projection | undefined;
  /** What the image shows when it is one and the same for every view, in `projection`. */
  readonly fixedExtent?: Extent | undefined;
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
  #reprojected: ReprojImage | undefined;
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

  /** As that of ol, which keeps what it reprojected from an image that was given up, and would wait for it for ever. */
  override getImage(extent: Extent, resolution: number, pixelRatio: number, view: Projection): ImageWrapper | null {
    const own = this.#options.projection;
    if (!own || equivalent(own, view)) return this.getImageInternal(extent, resolution, pixelRatio, view);
    const known = this.#reprojected;
    if (known?.getResolution() === resolution && known.getProjection() === view && equals(known.getExtent(), extent))
      return known;
    known?.dispose();
    this.#reprojected = new ReprojImage(
      own,
      view,
      extent,
      resolution,
      1,
      (...wanted) => this.#ask(...wanted, own),
      true,
    );
    return this.#reprojected;
  }

  #ask(extent: Extent, resolution: number, pixelRatio: number, projection: Projection): ImageWrapper {
    // ol's types know of no answer "nothing"; its code does.
    return this.getImageInternal(extent, resolution, pixelRatio, projection) as ImageWrapper;
  }

  override getImageInternal(
    extent: Extent,
    resolution: number,
    _pixelRatio: number,
    projection: Projection,
  ): ImageWrapper | null {
    const {fixedExtent} = this.#options;
    if (this.disposed || (fixedExtent && !intersects(fixedExtent, extent))) return null;
    if (this.#current && this.#serves(this.#current, extent, resolution, projection)) return this.#current;
    this.#giveUp();
    const wanted = fixedExtent ?? getRequestExtent(extent, resolution, 1, ratio);
    const size = [Math.round(getWidth(wanted) / resolution), Math.round(getHeight(wanted) / resolution)];
    const url = this.#options.imageUrl(wanted, size, projection);
    const image = new FetchedImage({
      extent: wanted,
      resolution: fixedExtent ? undefined : resolution,
      fetch: (signal) => this.#options.fetch(url, signal),
      failed: (error) => this.#options.failed(error, url),
    });
    image.addEventListener('change', this.#announce);
    this.#current = image;
    this.#projection = projection;
    return image;
  }

  #serves(current: FetchedImage, extent: Extent, resolution: number, projection: Projection): boolean {
    const {projection: own, fixedExtent} = this.#options;
    if (this.#projection !== projection) return false;
    if (fixedExtent) return true;
    const tolerance = own ? nearly : 0;
    return (
      Math.abs(Number(current.getResolution()) / resolution - 1) <= tolerance
      && containsExtent(current.getExtent(), extent)
    );
  }

  #giveUp(): void {
    const current = this.#current;
    this.#current = undefined;
    this.#reprojected = undefined;
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
