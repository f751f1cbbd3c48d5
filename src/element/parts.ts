import type Projection from 'ol/proj/Projection.js';
import type {SecureMapError} from '../credentials/errors.js';
import type {LayerConfig} from '../layers/registry.js';
import type {LayerContext, LayerHandle} from '../layers/layer-kind.js';
import type {ParsedConfig} from '../config/parse-config.js';
import type {ParsedLayers} from '../config/parse-layers.js';
import type {Source} from '../config/recognise/source.js';
import type {PlatformTag, PlatformMap} from '../platforms/load-map.js';
import type {Attach, Platform, PlatformContext} from '../platforms/platform.js';
import type {Request} from '../request/request.js';
import type {SourceFields, SourceKind} from '../sources/source-kind.js';

/**
 * What the element needs of the registries. The element knows none of them: the composition root hands them over, so
 * that a page can build a tag with fewer or other parts.
 */
export interface Parts {
  readonly chooseSource: (fields: SourceFields) => SourceKind | undefined;
  readonly fetchConfig: (url: string, request: Request, signal: AbortSignal) => Promise<unknown>;
  readonly parseConfig: (document: unknown, source?: Source) => Promise<ParsedConfig>;
  /** How a platform wants the credential, which has to be known before it is loaded. */
  readonly attachOf: (platform: string | Platform | undefined, options: unknown) => Attach | undefined;
  /** What the platform of the tag answers with. */
  readonly loadMap: (fields: PlatformTag, context: PlatformContext) => Promise<PlatformMap>;
  readonly parseLayers: (value: unknown) => Promise<ParsedLayers>;
  /** The projection of a name, brought when ol does not have it. */
  readonly loadProjection: (name: string) => Promise<Projection>;
  /** Makes the projections of a config known. The answer is what is wrong with some of them. */
  readonly defineProjections: (definitions: Readonly<Record<string, string>>) => Promise<readonly SecureMapError[]>;
  readonly createLayer: (config: LayerConfig, context: LayerContext) => Promise<LayerHandle>;
  /** Where `callback.html` is: beside the module of the tag. */
  readonly moduleUrl: string | undefined;
}
