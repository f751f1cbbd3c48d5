import type {Coordinate} from 'ol/coordinate.js';
import type {Pixel} from 'ol/pixel.js';

/** Where the visitor asks what is there. */
export interface IdentifyPlace {
  /** In the projection of the view. */
  readonly coordinate: Coordinate;
  readonly pixel: Pixel;
  /** Units of the view's projection per CSS pixel. */
  readonly resolution: number;
  /** The projection of the view, e.g. `EPSG:3857`. */
  readonly projection: string;
}

/** Something that is at a place. Names and values are text, whatever markup the service may have put into them. */
export interface IdentifiedFeature {
  readonly id?: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  /** GeoJSON in the view's projection, where the service tells it. */
  readonly geometry?: unknown;
  /** What a service says that answers in words only. */
  readonly text?: string | undefined;
}

export type Identify = (place: IdentifyPlace, signal: AbortSignal) => Promise<readonly IdentifiedFeature[]>;

/** One sign with its meaning, or a picture of all of them. */
export interface Legend {
  readonly title?: string | undefined;
  readonly image: ImageBitmap | HTMLImageElement;
}
