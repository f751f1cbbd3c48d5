import type {ViewConfig} from '../config/map-config.js';
import {toDegrees, type MapController, type ViewSettings} from './map-controller.js';
import {saveSnapshot, takeSnapshot, type Snapshot} from './view-snapshot.js';

/** Who has a say in the view: the visitor who comes back from a sign-in, then the attributes, then the config. */
export class ViewChooser {
  readonly #element: Element;
  readonly #map: MapController;
  #attributes: ViewSettings = {};
  #config: ViewSettings = {};
  #known = '';
  #snapshot: Snapshot | undefined;
  #wasTaken = false;

  constructor(element: Element, map: MapController) {
    this.#element = element;
    this.#map = map;
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
  setAttributes(view: ViewSettings, isFirst: boolean): void {
    if (!isFirst) this.#snapshot = undefined;
    this.#attributes = view;
    this.#show();
  }

  /** A config that comes again after a sign-in says the same as before: the visitor stays where they are. */
  setConfig(view: ViewConfig | undefined): void {
    if (!view || JSON.stringify(view) === this.#known) return;
    if (this.#known) this.#snapshot = undefined;
    this.#config = toDegrees(view);
    this.#known = JSON.stringify(view);
    this.#show();
  }

  #show(): void {
    this.#map.setView({...this.#config, ...this.#attributes});
    if (this.#snapshot) this.#map.restore(this.#snapshot);
  }
}
