import {html, nothing, type TemplateResult} from 'lit';
import type {Legend} from '../../layers/around.js';
import type {LayerSlot} from '../layer-slot.js';
import type {Words} from '../words/words.js';

interface ShownLegend {
  readonly title: string | undefined;
  readonly canvas: HTMLCanvasElement;
}

type LegendState = readonly ShownLegend[] | 'loading' | 'failed';

const MOST_SIGNS = 200;

/** Drawn at once, so that nothing has to be kept, and nothing is asked of `img-src`. */
const draw = ({title, image}: Legend): ShownLegend => {
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', title ?? '');
  if (image instanceof ImageBitmap) image.close();
  return {title, canvas};
};

/** What the signs of the layers mean, asked for while the visitor looks at it. */
export class Legends {
  readonly #onChange: () => void;
  readonly #states = new Map<LayerSlot['handle'], LegendState>();
  #stop = new AbortController();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Forgets everything: the panel is closed, or another visitor has come. */
  clear(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#states.clear();
  }

  panel(words: Words, slots: readonly LayerSlot[]): TemplateResult {
    for (const handle of this.#states.keys())
      if (slots.every((slot) => slot.handle !== handle)) this.#states.delete(handle);
    const shown = slots
      .filter(({config, handle, visible}) => config.legend && handle?.legend && visible)
      .toReversed()
      .map((slot) => this.#part(words, slot));
    return html`<div class="legends">${shown.length === 0 ? html`<p>${words.noLegend}</p>` : shown}</div>`;
  }

  #part(words: Words, {id, config, handle}: LayerSlot): TemplateResult {
    const state = this.#states.get(handle) ?? this.#load(handle);
    return html`
      <section>
        <h3>${config.title ?? id}</h3>
        ${
          state === 'loading'
            ? html`<small>${words.layerLoading}</small>`
            : state === 'failed'
              ? html`<small class="failed">${words.layerFailed}</small>`
              : html`<ul>
                  ${state.map(
                    ({title, canvas}) =>
                      html`<li>
                        ${canvas}${title && title !== config.title ? html`<span>${title}</span>` : nothing}
                      </li>`,
                  )}
                </ul>`
        }
      </section>
    `;
  }

  #load(handle: LayerSlot['handle']): LegendState {
    this.#states.set(handle, 'loading');
    const {signal} = this.#stop;
    const settle = (state: LegendState): void => {
      if (signal.aborted) return;
      this.#states.set(handle, state);
      this.#onChange();
    };
    handle?.legend?.(signal).then(
      (legends) => settle(legends.slice(0, MOST_SIGNS).map(draw)),
      () => settle('failed'),
    );
    return 'loading';
  }
}
