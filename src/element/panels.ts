import {nothing} from 'lit';
import {toSecureMapError, type SecureMapError} from '../credentials/errors.js';
import {Identify, type IdentifyHost} from './identify.js';
import type {LayerEntry, LayerSlot} from './layer-slot.js';
import type {ExportOptions} from './panels/export-image.js';
import {attributionText} from './shell/attribution.js';
import type * as panels from './panels/panels.js';
import type {Words} from './words/words.js';

type Loaded = typeof panels;

export interface PanelsHost extends IdentifyHost {
  readonly root: () => ShadowRoot | null;
  readonly entries: () => readonly LayerEntry[];
  readonly onProblem: (error: SecureMapError) => void;
}

/** What opens when the visitor asks for it. Its parts are loaded then. */
export class Panels {
  /** What is at a place. */
  readonly identify: Identify;
  readonly #host: PanelsHost;
  #loaded: Loaded | undefined;
  #isLoading = false;
  #legends: InstanceType<Loaded['Legends']> | undefined;
  #movePin: ReturnType<Loaded['createPin']> | undefined;
  #isLegendOpen = false;

  constructor(host: PanelsHost) {
    this.#host = host;
    this.identify = new Identify({
      ...host,
      onChange: () => {
        this.#load();
        this.#movePin?.(this.identify.found?.coordinate);
        host.onChange();
      },
    });
  }

  /** What is at the place that was asked for. */
  found(words: Words): unknown {
    const {found} = this.identify;
    return found && this.#loaded ? this.#loaded.identifyPanel(words, found, () => this.identify.clear()) : nothing;
  }

  legends(words: Words, slots: readonly LayerSlot[]): unknown {
    if (!this.#isLegendOpen || !this.#loaded) return nothing;
    this.#legends ??= new this.#loaded.Legends(() => this.#host.onChange());
    return this.#legends.panel(words, slots);
  }

  openLegends(isOpen: boolean): void {
    this.#isLegendOpen = isOpen;
    if (isOpen) this.#load();
    else this.#legends?.clear();
    this.#host.onChange();
  }

  /** Another visitor, or none: what was told was for the one before. */
  clear(): void {
    this.identify.clear();
    this.#legends?.clear();
  }

  /** The map as it is to be seen, without the controls. */
  async exportImage(options: ExportOptions): Promise<Blob> {
    const {exportImage} = await import('./panels/export-image.js');
    const texts = new Set(this.#host.entries().flatMap(({attribution, isVisible}) => (isVisible && attribution) || []));
    return exportImage(this.#host.map, [...texts].map(attributionText).join(' · '), options);
  }

  async saveImage(name = 'map'): Promise<void> {
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await this.exportImage({}));
      link.download = `${name}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.#host.onProblem(toSecureMapError(error, 'request-failed', 'The map could not be saved as an image.'));
    }
  }

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('./panels/panels.js').then(
      (loaded) => {
        this.#loaded = loaded;
        const sheet = loaded.panelStyles.styleSheet;
        this.#host.root()?.adoptedStyleSheets.push(...(sheet ? [sheet] : []));
        this.#movePin = loaded.createPin(this.#host.map);
        this.#movePin(this.identify.found?.coordinate);
        this.#host.onChange();
      },
      // The next who opens one tries again.
      () => (this.#isLoading = false),
    );
  }
}
