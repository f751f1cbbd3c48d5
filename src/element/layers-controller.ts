import type {Collection} from 'ol';
import type BaseLayer from 'ol/layer/Base.js';
import type LayerGroup from 'ol/layer/Group.js';
import type {ParsedLayer} from '../config/parse-layers.js';
import {SecureMapError} from '../credentials/errors.js';
import type {LayerEntry} from './layer-entry.js';
import {LayerSlot} from './layer-slot.js';
import type {LayerOwner, LayersHost} from './layers-host.js';

const idTaken = (id = ''): SecureMapError =>
  new SecureMapError('invalid-layer', `layers: the id "${id.slice(0, 60)}" is used by another layer already.`);

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
    return this.#slots.map(({id, config, depth, visible, isLoading, error, handle}) => ({
      id,
      title: config.title ?? id,
      depth,
      isGroup: config.type === 'group',
      group: config.group,
      attribution: config.attribution ?? handle?.attribution,
      isVisible: visible,
      isLoading,
      error,
    }));
  }

  /** Those that are on the map, from the lowest up. */
  get slots(): readonly LayerSlot[] {
    return this.#slots.filter(({handle}) => handle);
  }

  get(id: string): BaseLayer | undefined {
    return this.#slots.find((slot) => slot.id === id)?.handle?.layer;
  }

  /** Replaces all layers of an owner. Resolves when each is on the map or has said why not. */
  async replaceAll(owner: LayerOwner, layers: readonly ParsedLayer[], baseUrl: string): Promise<void> {
    for (const slot of this.#slots.filter((known) => known.owner === owner)) this.#drop(slot);
    const slots = this.#add(owner, layers, baseUrl);
    await Promise.all(slots.map((slot) => this.#make(slot)));
  }

  /** Adds a layer of the page, with what is in it when it is a group. Resolves with its id. */
  async add(layers: readonly ParsedLayer[], baseUrl: string): Promise<string> {
    const twice = layers.find(({config}) => this.#isTaken(config.id));
    if (twice) throw idTaken(twice.config.id);
    const slots = this.#add('page', layers, baseUrl);
    await Promise.all(slots.map((slot) => this.#make(slot)));
    const [first] = slots;
    if (first?.error && !first.handle) throw first.error;
    return first?.id ?? '';
  }

  /** Removes a layer, and with a group all that is in it. */
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
    slot.setVisible(visible);
    this.#host.onChange();
  }

  /** Resolves when every layer is on the map, or has said why not. */
  async settled(): Promise<void> {
    await Promise.all(this.#slots.map(({made}) => made));
  }

  /** Asks again for what failed of one layer. */
  retryLayer(id: string): void {
    this.#slots.find((slot) => slot.id === id)?.retry();
  }

  /** Asks again for whatever failed. */
  retry(): void {
    if (!this.#isSuspended) for (const slot of this.#slots) slot.retry();
  }

  /** Another visitor, or none: nothing of what was loaded may stay. */
  reset(): void {
    if (!this.#isSuspended) for (const slot of this.#slots) slot.reset();
    // Now, and not in the next frame, which a tab in the background has a second later or never.
    if (this.#host.map.getTargetElement()) this.#host.map.renderSync();
    this.#host.onChange();
  }

  /** Out of the document: nothing under way, nothing held. The configs stay, so that {@link resume} can begin anew. */
  suspend(): void {
    this.#isSuspended = true;
    for (const slot of this.#slots) slot.release();
  }

  resume(): void {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    for (const slot of this.#slots) void slot.make();
  }

  /** The view has another projection: layers are of the one that they were made for. */
  remake(): void {
    if (this.#isSuspended) return;
    this.suspend();
    this.resume();
  }

  #add(owner: LayerOwner, layers: readonly ParsedLayer[], baseUrl: string): readonly LayerSlot[] {
    const added: (LayerSlot | undefined)[] = [];
    const before = owner === 'page' ? this.#slots.length : 0;
    for (const [index, {config, parent: place, isAdvertised}] of layers.entries()) {
      const id = config.id ?? this.#freeId(before + index, layers);
      const parent = place === undefined ? undefined : added[place];
      const isTaken = this.#isTaken(id);
      if (isTaken) this.#host.onProblem(idTaken(id));
      if (isTaken || (place !== undefined && !parent)) {
        added.push(undefined);
        continue;
      }
      const slot = new LayerSlot(this.#host, {
        id,
        owner,
        config,
        baseUrl,
        isAdvertised,
        parent,
        isVisible: this.#choices.get(id) ?? config.visible ?? true,
        place: (own, layer) => this.#place(own, layer),
        takeOff: (own, layer) => this.#collectionOf(own)?.remove(layer),
      });
      // What the config names lies below what the page's own markup adds.
      const above = this.#slots.findIndex((known) => known.owner !== 'config');
      this.#slots.splice(owner === 'config' && above >= 0 ? above : this.#slots.length, 0, slot);
      added.push(slot);
    }
    return added.filter((slot) => slot !== undefined);
  }

  async #make(slot: LayerSlot): Promise<void> {
    if (!this.#isSuspended) await slot.make();
  }

  #collectionOf({parent}: LayerSlot): Collection<BaseLayer> | undefined {
    // Only groups have layers in them.
    return parent ? (parent.handle?.layer as LayerGroup | undefined)?.getLayers() : this.#host.map.getLayers();
  }

  /** Layers may be ready in any order, but stand on the map in the order of the documents. */
  #place(slot: LayerSlot, layer: BaseLayer): void {
    const siblings = this.#slots.slice(0, this.#slots.indexOf(slot)).filter(({parent}) => parent === slot.parent);
    const below = siblings.filter(({handle}) => handle).length;
    const collection = this.#collectionOf(slot);
    collection?.insertAt(Math.min(below, collection.getLength()), layer);
  }

  #drop(slot: LayerSlot): void {
    for (const child of this.#slots.filter(({parent}) => parent === slot)) this.#drop(child);
    this.#slots = this.#slots.filter((known) => known !== slot);
    slot.release();
    this.#host.onChange();
  }

  #isTaken(id: string | undefined): boolean {
    return this.#slots.some((slot) => slot.id === id);
  }

  /** The name of a layer that the author gave none: not one that another layer of its document has. */
  #freeId(index: number, written: readonly ParsedLayer[]): string {
    const taken = new Set([...this.#slots.map(({id}) => id), ...written.map(({config}) => config.id)]);
    let number = index + 1;
    while (taken.has(`layer-${number}`)) number += 1;
    return `layer-${number}`;
  }
}
