import type OlMap from 'ol/Map.js';
import type {SecureMapError} from '../credentials/errors.js';
import type {LayerContext, LayerHandle} from '../layers/layer-kind.js';
import type {LayerConfig} from '../layers/registry.js';
import type {RequestError} from '../request/request-error.js';

/** A layer as the shell shows it. */
export interface LayerEntry {
  readonly id: string;
  readonly title: string;
  readonly attribution: string | undefined;
  readonly isVisible: boolean;
  readonly isLoading: boolean;
  /** What went wrong last; gone when the layer has loaded without fault again. */
  readonly error: RequestError | SecureMapError | undefined;
}

/** Who a layer belongs to: a new config replaces the layers of the config only. */
export type LayerOwner = 'config' | 'attribute' | 'page';

export interface LayersHost {
  readonly map: OlMap;
  readonly createLayer: (config: LayerConfig, context: LayerContext) => Promise<LayerHandle>;
  /** The part of a layer's context that is not about its own loading. */
  readonly contextFor: (
    config: LayerConfig,
    id: string,
    baseUrl: string,
  ) => Omit<LayerContext, 'onLoadStart' | 'onLoadEnd' | 'onError'>;
  readonly onChange: () => void;
  readonly onLoadStart: (id: string) => void;
  readonly onLoadEnd: (id: string) => void;
  readonly onLayerError: (id: string, error: RequestError) => void;
  readonly onProblem: (error: SecureMapError) => void;
}

/** What the controller knows of one layer. */
export interface LayerSlot {
  readonly id: string;
  readonly owner: LayerOwner;
  readonly config: LayerConfig;
  readonly baseUrl: string;
  visible: boolean;
  handle: LayerHandle | undefined;
  isLoading: boolean;
  isFaultless: boolean;
  error: RequestError | SecureMapError | undefined;
}
