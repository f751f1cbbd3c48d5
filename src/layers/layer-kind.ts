import type BaseLayer from 'ol/layer/Base.js';
import type {GenericSchema, InferOutput} from 'valibot';
import type {Environment} from '../credentials/environment.js';
import type {RequestError} from '../request/request-error.js';
import type {InTurn} from '../request/load-queue.js';
import type {Request} from '../request/request.js';
import type {Identify, Legend} from './around.js';

/** What a layer may use of the map it is on. */
export interface LayerContext {
  /** The authorized fetch, bound to this layer's identity. Every request of the layer goes through it. */
  readonly request: Request;
  /**
   * True when no credential can go on a request for this URL (no source on the map, or `"credential": "none"`), so that
   * the browser's own image loading serves as well.
   */
  readonly isPublic: (url: string) => boolean;
  /**
   * Whether an address that a service named may be asked: one within the scope of the layer's credential, or any where
   * no credential is used. Tells the page of an origin that may not. See `advertisedUrl`.
   */
  readonly mayFollow: (url: string) => boolean;
  /**
   * Does `work` once for all layers of the map that ask with the same `key` and identity, such as reading the
   * capabilities of a service. Forgotten when it failed, and when the visitor changes.
   */
  readonly share: <T>(key: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /**
   * For what comes in great numbers, such as tiles: does the request when it is its turn among all of the map, so that
   * a server that hangs or is busy (429) does not hold up the other layers.
   */
  readonly inTurn: InTurn;
  readonly clock: Pick<Environment, 'now' | 'after'>;
  /** Fires when the layer is not wanted any more while it is still being made. */
  readonly signal: AbortSignal;
  /** What relative URLs in the layer's config are relative to: the document they stand in. */
  readonly baseUrl: string;
  /** The layer's own address is one that the document at `baseUrl` names, which is of others. */
  readonly isAdvertised?: boolean | undefined;
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
  /** True when it was made from what its service told this visitor: for another one it is made anew. */
  readonly isPersonal?: boolean | undefined;
  /** What the service says of the layer itself, where the config says nothing: plain text, links kept. */
  readonly attribution?: string | undefined;
  /** Asks again for what failed. What is on the screen stays until the new answer is there. */
  retry(): void;
  /** Another visitor, or none: drops everything loaded and asks anew for what is in view. */
  reset(): void;
  /** Aborts what is under way and frees what was loaded, bitmaps included. */
  dispose(): void;
  /** What is at a place of the map; absent where nobody could say. */
  readonly identify?: Identify | undefined;
  /** What the signs of the layer mean; absent where nobody could say. */
  readonly legend?: ((signal: AbortSignal) => Promise<readonly Legend[]>) | undefined;
}

/** A layer type of the configuration. One file each; the registry makes the types, the schema and the tests follow. */
export interface LayerKind<S extends GenericSchema = GenericSchema> {
  /** All fields with the messages that a wrong value gets; made with `layerFields`, or a `v.variant` of several. */
  readonly schema: S;
  /**
   * Makes the layer. Rejects with a `RequestError` when the service could not be asked what the layer needs: it is made
   * again when the map retries, or when the visitor has signed in. Any other error is one of the configuration.
   */
  create(config: InferOutput<S>, context: LayerContext): Promise<LayerHandle> | LayerHandle;
}
