import type BaseLayer from 'ol/layer/Base.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import type {LayerHandle} from '../layers/layer-kind.js';
import type {LayerConfig} from '../layers/registry.js';
import type {RequestError} from '../request/request-error.js';
import type {LayerEntry, LayerOwner, LayersHost, LayerSlot} from './layer-slot.js';

/** The layers on the map, in the order of the documents that name them. */
export class LayersController {
  readonly #host: LayersHost;
  #slots: LayerSlot[] = [];
  /** What the visitor switched on or off. Stays through a config that comes again. */
  readonly #choices = new Map<string, boolean>();
  #isSuspended = false;

  constructor(host: LayersHost) {
    this.#host = host;
  }

  get entries(): readonly LayerEntry[] {
    return this.#slots.map(({id, config, visible, isLoading, error}) => ({
      id,
      title: config.title ?? id,
      attribution: config.attribution,
      isVisible: visible,
      isLoading,
      error,
    }));
  }

  get(id: string): BaseLayer | undefined {
    return this.#slots.find((slot) => slot.id === id)?.handle?.layer;
  }

  /** Replaces all layers of an owner. Resolves when each is on the map or has said why not. */
  async replaceAll(owner: LayerOwner, configs: readonly LayerConfig[], baseUrl: string): Promise<void> {
    for (const slot of this.#slots.filter((known) => known.owner === owner)) this.#drop(slot);
    const written = configs.map(({id}) => id);
    await Promise.all(
      configs.map((config, index) =>
        this.#add(owner, {...config, id: config.id ?? this.#freeId(index, written)}, baseUrl),
      ),
    );
  }

  async add(config: LayerConfig, baseUrl: string): Promise<string> {
    const id = await this.#add('page', config, baseUrl);
    const problem = this.#slots.find((slot) => slot.id === id)?.error;
    if (problem && !this.get(id)) throw problem;
    return id;
  }

  remove(id: string): boolean {
    const slot = this.#slots.find((known) => known.id === id);
    if (slot) this.#drop(slot);
    return slot !== undefined;
  }

  /** Which layers are on and which off, by id. */
  get visibility(): ReadonlyMap<string, boolean> {
    return new Map(this.#slots.map(({id, visible}) => [id, visible]));
  }

  /** Choices of before, for layers that are here or still to come. */
  choose(choices: ReadonlyMap<string, boolean>): void {
    for (const [id, visible] of choices) this.setVisible(id, visible);
  }

  setVisible(id: string, visible: boolean): void {
    this.#choices.set(id, visible);
    const slot = this.#slots.find((known) => known.id === id);
    if (!slot) return;
    slot.visible = visible;
    slot.handle?.layer.setVisible(visible);
    this.#host.onChange();
  }

  /** Asks again for whatever failed. */
  retry(): void {
    for (const slot of this.#slots) {
      // What failed before counts no more, also where other parts of the layer have been under way all the while.
      slot.isFaultless = true;
      slot.handle?.retry();
    }
  }

  /** Another visitor, or none: nothing of what was loaded may stay. */
  reset(): void {
    for (const slot of this.#slots) {
      slot.error = undefined;
      slot.handle?.reset();
    }
    this.#host.onChange();
  }

  /** Out of the document: nothing under way, nothing held. The configs stay, so that {@link resume} can begin anew. */
  suspend(): void {
    this.#isSuspended = true;
    for (const slot of this.#slots) this.#release(slot);
  }

  resume(): void {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    for (const slot of this.#slots) void this.#create(slot);
  }

  async #add(owner: LayerOwner, config: LayerConfig, baseUrl: string): Promise<string> {
    const id = config.id ?? this.#freeId(this.#slots.length);
    if (this.#slots.some((slot) => slot.id === id)) {
      const error = new SecureMapError(
        'invalid-layer',
        `layers: the id "${id.slice(0, 60)}" is used by another layer already.`,
      );
      if (owner === 'page') throw error;
      this.#host.onProblem(error);
      return id;
    }
    const slot: LayerSlot = {
      id,
      owner,
      config,
      baseUrl,
      visible: this.#choices.get(id) ?? config.visible ?? true,
      handle: undefined,
      isLoading: false,
      isFaultless: true,
      error: undefined,
    };
    // What the config names lies below what the page's own markup adds.
    const above = this.#slots.findIndex((known) => known.owner !== 'config');
    this.#slots.splice(owner === 'config' && above >= 0 ? above : this.#slots.length, 0, slot);
    if (!this.#isSuspended) await this.#create(slot);
    return id;
  }

  async #create(slot: LayerSlot): Promise<void> {
    const {id, config, baseUrl} = slot;
    const isCurrent = (): boolean => this.#slots.includes(slot) && !this.#isSuspended && !slot.handle;
    try {
      const handle = await this.#host.createLayer(config, {
        ...this.#host.contextFor(config, id, baseUrl),
        onLoadStart: () => this.#started(slot),
        onLoadEnd: () => this.#ended(slot),
        onError: (error) => this.#failed(slot, error),
      });
      if (!isCurrent()) return handle.dispose();
      slot.handle = handle;
      handle.layer.set('id', id);
      handle.layer.setVisible(slot.visible);
      // Code of the page may switch the layer by `getLayer(id)`: the shell follows.
      handle.layer.on('change:visible', () => {
        slot.visible = handle.layer.getVisible();
        this.#host.onChange();
      });
      this.#place(slot, handle);
    } catch (error) {
      if (!isCurrent()) return;
      slot.error = isSecureMapError(error)
        ? error
        : new SecureMapError('invalid-layer', `The layer "${id.slice(0, 60)}" could not be made.`, {cause: error});
      this.#host.onProblem(slot.error);
    }
    this.#host.onChange();
  }

  /** Layers may be ready in any order, but stand on the map in the order of the documents. */
  #place(slot: LayerSlot, {layer}: LayerHandle): void {
    const below = this.#slots.slice(0, this.#slots.indexOf(slot)).filter(({handle}) => handle).length;
    this.#host.map.getLayers().insertAt(Math.min(below, this.#host.map.getLayers().getLength()), layer);
  }

  #drop(slot: LayerSlot): void {
    this.#slots = this.#slots.filter((known) => known !== slot);
    this.#release(slot);
    this.#host.onChange();
  }

  #release(slot: LayerSlot): void {
    const {handle} = slot;
    slot.handle = undefined;
    slot.isLoading = false;
    if (!handle) return;
    this.#host.map.removeLayer(handle.layer);
    handle.dispose();
  }

  #started(slot: LayerSlot): void {
    slot.isLoading = true;
    slot.isFaultless = true;
    this.#host.onLoadStart(slot.id);
    this.#host.onChange();
  }

  #ended(slot: LayerSlot): void {
    slot.isLoading = false;
    if (slot.isFaultless) slot.error = undefined;
    this.#host.onLoadEnd(slot.id);
    this.#host.onChange();
  }

  #failed(slot: LayerSlot, error: RequestError): void {
    slot.isFaultless = false;
    slot.error = error;
    this.#host.onLayerError(slot.id, error);
    this.#host.onChange();
  }

  /** The name of a layer that the author gave none: not one that another layer of its document has. */
  #freeId(index: number, written: readonly (string | undefined)[] = []): string {
    const taken = new Set([...written, ...this.#slots.map(({id}) => id)]);
    let number = index + 1;
    while (taken.has(`layer-${number}`)) number += 1;
    return `layer-${number}`;
  }
}
