import type BaseLayer from 'ol/layer/Base.js';
import type {GenericSchema, InferOutput} from 'valibot';
import type {RequestError} from '../request/request-error.js';
import type {Request} from '../request/request.js';

/** What a layer may use of the map it is on. */
export interface LayerContext {
  /** The authorized fetch, bound to this layer's identity. Every request of the layer goes through it. */
  readonly request: Request;
  /**
   * True when no credential can go on a request for this URL (no source on the map, or `"credential": "none"`), so that
   * the browser's own image loading serves as well.
   */
  readonly isPublic: (url: string) => boolean;
  /** What relative URLs in the layer's config are relative to: the document they stand in. */
  readonly baseUrl: string;
  /** The projection of the view, e.g. `EPSG:3857`. */
  readonly projection: string;
  /** Loading began after a time with nothing under way. */
  readonly onLoadStart: () => void;
  /** Nothing is under way any more. */
  readonly onLoadEnd: () => void;
  /** A part of the layer could not be loaded. Not called for aborted requests. */
  readonly onError: (error: RequestError) => void;
}

/** A layer on the map, with what its life needs beside what `ol` offers. */
export interface LayerHandle {
  readonly layer: BaseLayer;
  /** Asks again for what failed. What is on the screen stays until the new answer is there. */
  retry(): void;
  /** Another visitor, or none: drops everything loaded and asks anew for what is in view. */
  reset(): void;
  /** Aborts what is under way and frees what was loaded, bitmaps included. */
  dispose(): void;
}

/** A layer type of the configuration. One file each; the registry makes the types, the schema and the tests follow. */
export interface LayerKind<S extends GenericSchema = GenericSchema> {
  /** All fields with the messages that a wrong value gets; made with `layerFields`, or a `v.variant` of several. */
  readonly schema: S;
  create(config: InferOutput<S>, context: LayerContext): Promise<LayerHandle> | LayerHandle;
}
