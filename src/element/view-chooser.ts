import type {ViewConfig} from '../config/map-config.js';
import {isSecureMapError, SecureMapError} from '../credentials/errors.js';
import {toDegrees, type MapController, type ViewSettings} from './map-controller.js';
import type {Parts} from './parts.js';
import {saveSnapshot, takeSnapshot, type Snapshot} from './view-snapshot.js';

export interface ViewChooserHost extends Element {
  readonly parts: Pick<Parts, 'loadProjection'>;
}

const cannotUse = (field: string, cause: unknown): SecureMapError => {
  if (!isSecureMapError(cause)) throw cause;
  const words = cause.message.charAt(0).toLowerCase() + cause.message.slice(1);
  return new SecureMapError('invalid-config', `${field}: ${words}`, {cause});
};

/** Who has a say in the view: the visitor who comes back from a sign-in, then the attributes, then the config. */
export class ViewChooser {
  readonly #element: ViewChooserHost;
  readonly #map: MapController;
  readonly #onProjection: () => void;
  #attributes: ViewSettings = {};
  #config: ViewSettings = {};
  #known = '';
  #newest: Promise<void> = Promise.resolve();
  #snapshot: Snapshot | undefined;
  #wasTaken = false;

  /** `onProjection`: what was made for the projection before is of no use any more. */
  constructor(element: ViewChooserHost, map: MapController, onProjection: () => void) {
    this.#element = element;
    this.#map = map;
    this.#onProjection = onProjection;
  }

  /** Resolves when the view is as the attributes want it, or has said why not. */
  get settled(): Promise<void> {
    return this.#newest.catch(() => undefined);
  }

  /** Takes back what was saved before the page was left for a sign-in; the answer is which layers were on. */
  takeSnapshot(): Snapshot['layers'] | undefined {
    // Once: an element that is put into the page again is where the visitor left it.
    if (this.#wasTaken) return undefined;
    this.#wasTaken = true;
    this.#snapshot = takeSnapshot(this.#element);
    if (this.#snapshot) this.#map.restore(this.#snapshot);
    return this.#snapshot?.layers;
  }

  saveSnapshot(layers: Snapshot['layers']): void {
    saveSnapshot(this.#element, {...this.#map.view, layers});
  }

  /** `isFirst`: those that the tag came with. What the page asks for later moves a visitor who came back as well. */
  setAttributes(view: ViewSettings, isFirst: boolean): Promise<void> {
    const mine: Promise<void> = this.#load(view).then(({settings, problem}) => {
      if (mine !== this.#newest) return;
      if (!isFirst) this.#snapshot = undefined;
      this.#attributes = settings;
      this.#show();
      if (problem) throw problem;
    });
    return (this.#newest = mine);
  }

  /** A config that comes again after a sign-in says the same as before: the visitor stays where they are. */
  async setConfig(view: ViewConfig | undefined, signal: AbortSignal): Promise<void> {
    if (!view || JSON.stringify(view) === this.#known) return;
    const {settings, problem} = await this.#load(view);
    if (signal.aborted) return;
    if (this.#known) this.#snapshot = undefined;
    this.#config = settings;
    this.#known = JSON.stringify(view);
    this.#show();
    if (problem) throw problem;
  }

  /** In degrees and with a projection that ol knows. What cannot be had is left out, and told. */
  async #load({
    crs,
    projection,
    ...view
  }: ViewSettings & {readonly crs?: string | undefined}): Promise<{settings: ViewSettings; problem?: SecureMapError}> {
    let settings: ViewSettings = crs === undefined ? view : {...view, center: undefined, extent: undefined};
    try {
      if (crs !== undefined) settings = toDegrees(view, await this.#code(crs, 'view.crs'));
      if (projection !== undefined)
        settings = {...settings, projection: await this.#code(projection, 'view.projection')};
      return {settings};
    } catch (error) {
      if (isSecureMapError(error)) return {settings, problem: error};
      throw error;
    }
  }

  async #code(name: string, field: string): Promise<string> {
    try {
      return (await this.#element.parts.loadProjection(name)).getCode();
    } catch (error) {
      throw cannotUse(field, error);
    }
  }

  #show(): void {
    const {projection} = this.#map;
    this.#map.setView({...this.#config, ...this.#attributes});
    if (this.#snapshot) this.#map.restore(this.#snapshot);
    if (this.#map.projection !== projection) this.#onProjection();
  }
}
