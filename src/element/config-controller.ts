import type {ParsedConfig} from '../config/parse-config.js';
import type {PlatformTag} from '../platforms/load-map.js';
import type {PlatformFrame} from '../platforms/platform.js';
import {isAbort, SecureMapError, toSecureMapError} from '../credentials/errors.js';
import type {Request} from '../request/request.js';
import {RequestError} from '../request/request-error.js';
import type {Parts} from './parts.js';

export interface ConfigHost {
  readonly parts: () => Pick<Parts, 'fetchConfig' | 'loadMap' | 'parseConfig'>;
  readonly request: Request;
  /** A config is here, or none any more. `baseUrl` is the document's own address. */
  readonly apply: (config: ParsedConfig | undefined, baseUrl: string, signal: AbortSignal) => Promise<void>;
  /** A page in the place of the map; `undefined` when there is a map. */
  readonly showFrame: (frame: PlatformFrame | undefined) => Promise<void>;
  readonly warn: ((message: string) => void) | undefined;
  readonly onError: (error: SecureMapError | undefined) => void;
}

/** `waiting`: for a sign-in, or for the network; `failed`: for the owner of the site. */
type ConfigState = 'none' | 'loading' | 'waiting' | 'loaded' | 'failed';

/** Loads what the `config` attribute names, or the map on a platform. The newest one wins. */
export class ConfigController {
  readonly #host: ConfigHost;
  #wanted: unknown;
  #platform: PlatformTag | undefined;
  #run: AbortController | undefined;
  #state: ConfigState = 'none';

  constructor(host: ConfigHost) {
    this.#host = host;
  }

  get isLoading(): boolean {
    return this.#state === 'loading';
  }

  /**
   * Takes a URL or the document itself; or a platform, which may read the former. Resolves when it is on the map, waits
   * for a sign-in, or has failed.
   */
  async set(config: unknown, platform?: PlatformTag): Promise<void> {
    this.#wanted = config;
    this.#platform = platform;
    await this.#load();
  }

  /** Loads again what is not there yet: after a sign-in, or when the network may be back. */
  async retry(): Promise<void> {
    if (this.#state === 'waiting' || this.#state === 'failed') await this.#load();
  }

  /** Begins anew unless it is here: what is under way was asked for in another way. */
  async again(): Promise<void> {
    if (this.#state === 'loading') await this.#load();
    else await this.retry();
  }

  /** Another visitor, or none: a config that was loaded with a credential belonged to the one before. */
  async reset(): Promise<void> {
    if (!this.#platform && typeof this.#wanted !== 'string') return;
    this.abort();
    await this.#host.apply(undefined, document.baseURI, new AbortController().signal);
    this.#state = 'waiting';
  }

  /** Ends what is under way; {@link retry} begins it again. */
  abort(): void {
    if (this.#state === 'loading') this.#state = 'waiting';
    this.#run?.abort();
    this.#run = undefined;
  }

  async #load(): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    this.#state = 'loading';
    this.#host.onError(undefined);
    try {
      await this.#apply(this.#wanted, run.signal);
      if (run.signal.aborted) return;
      this.#state = this.#wanted === undefined && !this.#platform ? 'none' : 'loaded';
      // Also for a document without layers there is something new to show: its title, and that it is there.
      this.#host.onError(undefined);
    } catch (error) {
      if (run.signal.aborted || isAbort(error)) return;
      const waits = error instanceof RequestError && error.awaitsSignIn;
      this.#state = waits ? 'waiting' : 'failed';
      this.#host.onError(waits ? undefined : toSecureMapError(error, 'config-unavailable', 'config: cannot be used.'));
    }
  }

  async #apply(config: unknown, signal: AbortSignal): Promise<void> {
    const {fetchConfig, loadMap} = this.#host.parts();
    if (this.#platform) {
      const {request, warn} = this.#host;
      const loaded = await loadMap(this.#platform, {request, signal, warn});
      signal.throwIfAborted();
      await this.#host.showFrame(loaded.frame);
      if (!loaded.frame) return this.#applyParsed(loaded.document, loaded.url, signal);
      return this.#host.apply(undefined, document.baseURI, signal);
    }
    await this.#host.showFrame(undefined);
    if (config === undefined || config === null) return this.#host.apply(undefined, document.baseURI, signal);
    if (typeof config !== 'string') return this.#applyParsed(config, undefined, signal);
    const url = URL.parse(config, document.baseURI);
    if (!url) throw new SecureMapError('invalid-attribute', 'config: is not a URL.');
    const loaded = await fetchConfig(url.href, this.#host.request, signal);
    signal.throwIfAborted();
    return this.#applyParsed(loaded, url.href, signal);
  }

  async #applyParsed(loaded: unknown, url: string | undefined, signal: AbortSignal): Promise<void> {
    const source = url === undefined ? undefined : {url, request: this.#host.request, signal};
    const config = await this.#host.parts().parseConfig(loaded, source);
    signal.throwIfAborted();
    return this.#host.apply(config, url ?? document.baseURI, signal);
  }
}
