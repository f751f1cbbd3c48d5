import type OlMap from 'ol/Map.js';
import type {SecureMapError} from '../credentials/errors.js';
import type {LayerContext, LayerHandle} from '../layers/layer-kind.js';
import type {LayerConfig} from '../layers/registry.js';
import type {RequestError} from '../request/request-error.js';

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
    signal: AbortSignal,
  ) => Omit<LayerContext, 'onLoadStart' | 'onLoadEnd' | 'onError' | 'signal' | 'isAdvertised'>;
  readonly onChange: () => void;
  readonly onLoadStart: (id: string) => void;
  readonly onLoadEnd: (id: string) => void;
  readonly onLayerError: (id: string, error: RequestError) => void;
  readonly onProblem: (error: SecureMapError) => void;
}
