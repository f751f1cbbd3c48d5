import type {GenericSchema, InferOutput} from 'valibot';
import type {Request} from '../request/request.js';
import type {TransportName} from '../request/transports/registry.js';

/** How a platform wants the credential, unless the tag says so itself. */
export interface Attach {
  /** `header` by default. */
  readonly transport?: TransportName | undefined;
  /** Name of the header, parameter or field. */
  readonly name?: string | undefined;
  /** What stands before the token; `''` for nothing. */
  readonly prefix?: string | undefined;
  /** `origin`: tells the platform's own server, and no other, the origin of the page (RFC 9110 §10.1.3 `Referer`). */
  readonly referrerPolicy?: 'origin' | undefined;
}

/** What the page may give to make a map configuration of what the platform answers. */
export type ConfigAdapter = (
  document: unknown,
  settings: {readonly server: URL; readonly map: string; readonly url: string},
) => object | Promise<object>;

/** What the tag says of the map that it shows. */
export interface PlatformSettings<O = unknown> {
  /** `server`, made absolute; the platform's own where it has one and the tag names none; else the page. */
  readonly server: URL;
  /** `map`; empty when the tag has none. */
  readonly map: string;
  /** `platform-options`, as the platform's schema reads them. */
  readonly options: O;
  /** `config`, made absolute. */
  readonly config?: URL | undefined;
  readonly configAdapter?: ConfigAdapter | undefined;
}

/** What a platform may use to read what it has to know. */
export interface PlatformContext {
  /** The authorized fetch: the credential goes along where the page's markup lets it go. */
  readonly request: Request;
  /** Fires when the map is not wanted any more. */
  readonly signal: AbortSignal;
  /** Tells the owner of the site, on the console. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** A page of the platform that stands in the place of the map. */
export interface PlatformFrame {
  /** Absolute. */
  readonly src: string;
}

/** One kind of map server, as the browser sees it. One file each; a page may hand over one of its own as `platform`. */
export interface Platform<S extends GenericSchema = GenericSchema> {
  /** The attributes that it cannot do without. */
  readonly needs?: readonly ('server' | 'map')[];
  /** Where it is when the tag names no `server`. */
  readonly server?: string;
  /** True when `config` (in place of `server` and `map`) and `configAdapter` mean something beside it. */
  readonly takesConfig?: boolean;
  /** The keys and values of `platform-options`; without it they come as they are. */
  readonly options?: S;
  /** How the credential travels. Called with options that nobody has checked yet, before anything is asked. */
  attach?(options: Readonly<Record<string, unknown>>): Attach | undefined;
  /** The map configuration: as in `config`, with addresses relative to `baseUrl`. */
  layers(settings: PlatformSettings<InferOutput<S>>, context: PlatformContext): Promise<object> | object;
  /** What is shown in the place of a map; when there is something, `layers` is not called. */
  frame?(settings: PlatformSettings<InferOutput<S>>): PlatformFrame | undefined;
  /** The address of the document that `layers` answers with; `server` by default. */
  baseUrl?(settings: PlatformSettings<InferOutput<S>>): string;
}
