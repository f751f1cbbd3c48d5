import type {LayerConfig} from '../layers/registry.js';
import type {LayerContext, LayerHandle} from '../layers/layer-kind.js';
import type {ParsedConfig} from '../config/parse-config.js';
import type {ParsedLayers} from '../config/parse-layers.js';
import type {Request} from '../request/request.js';
import type {SourceFields, SourceKind} from '../sources/source-kind.js';

/**
 * What the element needs of the registries. The element knows none of them: the composition root hands them over, so
 * that a page can build a tag with fewer or other parts.
 */
export interface Parts {
  readonly chooseSource: (fields: SourceFields) => SourceKind | undefined;
  readonly fetchConfig: (url: string, request: Request, signal: AbortSignal) => Promise<unknown>;
  readonly parseConfig: (document: unknown) => Promise<ParsedConfig>;
  readonly parseLayers: (value: unknown) => Promise<ParsedLayers>;
  readonly createLayer: (config: LayerConfig, context: LayerContext) => Promise<LayerHandle>;
  /** Where `callback.html` is: beside the module of the tag. */
  readonly moduleUrl: string | undefined;
}
