import type {TemplateResult} from 'lit';
import type {Coordinate} from 'ol/coordinate.js';
import type {Pixel} from 'ol/pixel.js';
import type {PanelsHost} from '../panels.js';
import type {Words} from '../words/words.js';
import {createPin, identifyPanel} from './identify-panel.js';
import {Identify} from './identify.js';
import {Legends} from './legends.js';
import {panelStyles} from './panel.styles.js';

/** The panels of one map, from the first that was opened on. */
export class OpenPanels {
  readonly #host: PanelsHost;
  readonly #identify: Identify;
  readonly #legends: Legends;
  readonly #movePin: (to: Coordinate | undefined) => void;

  constructor(host: PanelsHost) {
    this.#movePin = createPin(host.map);
    this.#host = host;
    this.#legends = new Legends(() => host.onChange());
    this.#identify = new Identify(host);
    const {styleSheet} = panelStyles;
    if (styleSheet) host.root()?.adoptedStyleSheets.push(styleSheet);
  }

  found(words: Words): TemplateResult | undefined {
    const {found} = this.#identify;
    // With each frame of the shell, since a layer that goes takes with it what it said.
    this.#movePin(found?.coordinate);
    return found && identifyPanel(words, found, () => this.#identify.clear());
  }

  legends(words: Words): TemplateResult {
    return this.#legends.panel(words, this.#host.slots());
  }

  closeLegends(): void {
    this.#legends.clear();
  }

  ask(coordinate: Coordinate, pixel: Pixel): void {
    void this.#identify.ask(coordinate, pixel);
  }

  clear(): void {
    this.#identify.clear();
    this.#legends.clear();
  }
}
