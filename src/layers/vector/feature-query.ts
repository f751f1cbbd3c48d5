import type Feature from 'ol/Feature.js';
import type {Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import type {RequestOptions} from '../../request/request.js';
import type {RequestError} from '../../request/request-error.js';

/** What a part of the map is loaded with. */
export interface FeatureQuery {
  /** In `projection`; without end for a layer that is loaded at once. */
  readonly extent: Extent;
  readonly resolution: number;
  /** The one of the view, in which the features are to be. */
  readonly projection: Projection;
  /** Fires when the part is not wanted any more. */
  readonly signal: AbortSignal;
  /** The authorized fetch. Counts as loading until the whole part is there. */
  readonly request: (url: string, options?: Omit<RequestOptions, 'signal'>) => Promise<Response>;
  /** Shows a page of features. `false` when the layer has as many as can be shown: there is no use in another page. */
  readonly add: (page: readonly Feature[]) => boolean;
  /** There are more features here than the service hands out. */
  readonly cutOff: () => void;
  /** Tells of something that is missing, where the rest is good. */
  readonly tell: (error: RequestError) => void;
}
