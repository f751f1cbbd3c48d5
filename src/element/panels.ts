import {nothing} from 'lit';
import type {Coordinate} from 'ol/coordinate.js';
import type {Pixel} from 'ol/pixel.js';
import {toSecureMapError, type SecureMapError} from '../credentials/errors.js';
import type {LayerEntry} from './layer-entry.js';
import type {ExportOptions} from './panels/export-image.js';
import type {IdentifyHost} from './panels/identify.js';
import type {OpenPanels} from './panels/open-panels.js';
import {attributionText} from './shell/attribution.js';
import type {Words} from './words/words.js';

export interface PanelsHost extends IdentifyHost {
  readonly root: () => ShadowRoot | null;
  readonly entries: () => readonly LayerEntry[];
  readonly onProblem: (error: SecureMapError) => void;
}

/** What opens when the visitor asks for it, and is loaded then. */
export class Panels {
  readonly #host: PanelsHost;
  #open: OpenPanels | undefined;
  #isLegendOpen = false;

  constructor(host: PanelsHost) {
    this.#host = host;
    host.map.on('singleclick', ({coordinate, pixel}) => void this.#ask(coordinate, pixel));
  }

  /** What is at the place that was asked for. */
  found(words: Words): unknown {
    return this.#open?.found(words) ?? nothing;
  }

  legends(words: Words): unknown {
    return (this.#isLegendOpen && this.#open?.legends(words)) || nothing;
  }

  async openLegends(isOpen: boolean): Promise<void> {
    this.#isLegendOpen = isOpen;
    if (isOpen) await this.#load();
    else this.#open?.closeLegends();
    this.#host.onChange();
  }

  /** For a keyboard: what is in the middle of the map. */
  async askCenter(): Promise<void> {
    const {map} = this.#host;
    const coordinate = map.getView().getCenter();
    if (coordinate) await this.#ask(coordinate, map.getPixelFromCoordinate(coordinate));
  }

  /** Closed by the visitor; or another one came, and what was told was for the one before. */
  clear(): void {
    this.#open?.clear();
  }

  /** The map as it is to be seen, without the controls. */
  async exportImage(options: ExportOptions): Promise<Blob> {
    const {exportImage} = await import('./panels/export-image.js');
    const texts = new Set(this.#host.entries().flatMap(({attribution, isVisible}) => (isVisible && attribution) || []));
    return exportImage(this.#host.map, [...texts].map(attributionText).join(' · '), options);
  }

  async saveImage(name = 'map'): Promise<void> {
    try {
      const {save} = await import('./panels/export-image.js');
      save(await this.exportImage({}), name);
    } catch (error) {
      this.#host.onProblem(toSecureMapError(error, 'request-failed', 'The map could not be saved as an image.'));
    }
  }

  async #ask(coordinate: Coordinate, pixel: Pixel): Promise<void> {
    const answers = this.#host.slots().some(({config, handle}) => config.identify && handle?.identify);
    if (answers) (await this.#load())?.ask(coordinate, pixel);
  }

  async #load(): Promise<OpenPanels | undefined> {
    try {
      const {OpenPanels} = await import('./panels/open-panels.js');
      this.#open ??= new OpenPanels(this.#host);
    } catch {
      // The next who opens one tries again.
    }
    return this.#open;
  }
}
