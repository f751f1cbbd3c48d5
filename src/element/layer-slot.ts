import type BaseLayer from 'ol/layer/Base.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {LayerHandle} from '../layers/layer-kind.js';
import type {LayerConfig} from '../layers/registry.js';
import {askAgain} from '../request/ask-again.js';
import {RequestError} from '../request/request-error.js';
import type {LayerOwner, LayersHost} from './layers-host.js';

export interface LayerSlotOptions {
  readonly id: string;
  readonly owner: LayerOwner;
  readonly config: LayerConfig;
  readonly baseUrl: string;
  readonly isAdvertised: boolean | undefined;
  readonly parent: LayerSlot | undefined;
  readonly isVisible: boolean;
  /** Puts the layer onto the map, where it belongs among the others. */
  readonly place: (slot: LayerSlot, layer: BaseLayer) => void;
  readonly takeOff: (slot: LayerSlot, layer: BaseLayer) => void;
}

/** One layer of the map: made when it can be, made again when that failed or when another visitor came. */
export class LayerSlot {
  readonly #host: Omit<LayersHost, 'map'>;
  readonly #options: LayerSlotOptions;
  visible: boolean;
  handle: LayerHandle | undefined;
  isLoading = false;
  error: RequestError | SecureMapError | undefined;
  #isFaultless = true;
  #retries = 0;
  #run: AbortController | undefined;
  /** The try that is under way, or whose layer is on the map: what those before it say is of no interest any more. */
  #current: AbortController | undefined;
  /** Somebody asked to try again while a try was under way. */
  #isAgain = false;
  #made: Promise<void> = Promise.resolve();

  constructor(host: Omit<LayersHost, 'map'>, options: LayerSlotOptions) {
    this.#host = host;
    this.#options = options;
    this.visible = options.isVisible;
  }

  get id(): string {
    return this.#options.id;
  }

  get owner(): LayerOwner {
    return this.#options.owner;
  }

  get config(): LayerConfig {
    return this.#options.config;
  }

  get parent(): LayerSlot | undefined {
    return this.#options.parent;
  }

  get depth(): number {
    return this.parent ? this.parent.depth + 1 : 0;
  }

  /** Resolves when the try that is under way is over. */
  get made(): Promise<void> {
    return this.#made;
  }

  /** Resolves when the layer is on the map, or has said why not. */
  make(): Promise<void> {
    this.#run?.abort();
    this.#run = this.#current = new AbortController();
    this.#made = this.#make(this.#run);
    return this.#made;
  }

  retry(): void {
    this.#retries += 1;
    // What failed before counts no more, also where other parts of the layer have been under way all the while.
    this.#isFaultless = true;
    if (this.handle) this.handle.retry();
    else if (this.#run) this.#isAgain = true;
    else if (!this.error || this.error instanceof RequestError) void this.make();
  }

  reset(): void {
    this.error = undefined;
    if (this.handle && !this.handle.isPersonal) return this.handle.reset();
    this.release();
    void this.make();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.handle?.layer.setVisible(visible);
  }

  /** Off the map: nothing under way, nothing held. */
  release(): void {
    const {handle} = this;
    this.#run?.abort();
    this.#run = undefined;
    this.handle = undefined;
    this.isLoading = false;
    if (handle) {
      this.#options.takeOff(this, handle.layer);
      handle.dispose();
    }
    this.#current = undefined;
  }

  async #make(run: AbortController): Promise<void> {
    const {signal} = run;
    const {config, id, baseUrl, isAdvertised, parent, place} = this.#options;
    try {
      await parent?.made;
      signal.throwIfAborted();
      const context = this.#host.contextFor(config, id, baseUrl, signal);
      const handle = await this.#host.createLayer(config, {
        ...context,
        request: askAgain(context.request, () => (run === this.#current ? this.#retries : undefined)),
        signal,
        isAdvertised,
        onLoadStart: () => this.#started(run),
        onLoadEnd: () => this.#ended(run),
        onError: (error) => {
          if (run === this.#current) this.#failed(error);
        },
      });
      if (signal.aborted) return handle.dispose();
      this.#run = undefined;
      this.#isAgain = false;
      this.#settle(handle);
      place(this, handle.layer);
    } catch (error) {
      if (signal.aborted) return;
      this.#run = undefined;
      if (this.#isAgain) {
        this.#isAgain = false;
        return this.make();
      }
      this.#refused(error);
    }
    this.#host.onChange();
  }

  #settle(handle: LayerHandle): void {
    const {layer} = handle;
    this.handle = handle;
    layer.set('id', this.id);
    layer.setVisible(this.visible);
    // Code of the page may switch the layer by `getLayer(id)`: the shell follows.
    layer.on('change:visible', () => {
      this.visible = layer.getVisible();
      this.#host.onChange();
    });
  }

  #refused(error: unknown): void {
    if (error instanceof RequestError) {
      if (!error.awaitsSignIn) this.#failed(error);
      return;
    }
    this.error = isSecureMapError(error)
      ? error
      : new SecureMapError('invalid-layer', `The layer "${this.id.slice(0, 60)}" could not be made.`, {cause: error});
    this.#host.onProblem(this.error);
  }

  #started(run: AbortController): void {
    if (run === this.#current) this.isLoading = this.#isFaultless = true;
    this.#host.onLoadStart(this.id);
    this.#host.onChange();
  }

  #ended(run: AbortController): void {
    if (run === this.#current) {
      this.isLoading = false;
      if (this.#isFaultless) this.error = undefined;
    }
    this.#host.onLoadEnd(this.id);
    this.#host.onChange();
  }

  #failed(error: RequestError): void {
    this.#isFaultless = false;
    this.error = error;
    this.#host.onLayerError(this.id, error);
    this.#host.onChange();
  }
}
