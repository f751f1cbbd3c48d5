import {html, nothing, type TemplateResult} from 'lit';
import {RequestError} from '../../request/request-error.js';
import type {LayerEntry} from '../layer-entry.js';
import {layerWordsOf} from '../status.js';
import type {Words} from '../words/words.js';

export interface LayerListActions {
  setVisible(id: string, visible: boolean): void;
  /** Asks again for what failed of one layer. */
  retryLayer(id: string): void;
}

const note = (words: Words, entry: LayerEntry, {retryLayer}: LayerListActions): TemplateResult | typeof nothing => {
  const {error, isLoading, id} = entry;
  if (error instanceof RequestError && error.awaitsSignIn) return html`<small>${words.layerWaiting}</small>`;
  if (!error) return isLoading ? html`<small>${words.layerLoading}</small>` : nothing;
  if (!(error instanceof RequestError)) return html`<small class="failed">${words.layerFailed}</small>`;
  return html`
    <small class="failed">${words.layerFailed}: ${layerWordsOf(error, words)}</small>
    <button type="button" class="retry" @click=${() => retryLayer(id)}>${words.retry}</button>
  `;
};

/** The title that the config lists layers under, once above all that it is for. */
const heading = ({group}: LayerEntry, above: LayerEntry | undefined): TemplateResult | typeof nothing =>
  group === undefined || group === above?.group ? nothing : html`<li class="heading">${group}</li>`;

/** Topmost first; a group, which stands before what is in it, stays above that. */
const inOrder = (layers: readonly LayerEntry[], depth = 0): readonly LayerEntry[] => {
  const blocks: LayerEntry[][] = [];
  for (const entry of layers) {
    if (entry.depth === depth) blocks.push([entry]);
    else blocks.at(-1)?.push(entry);
  }
  return blocks.toReversed().flatMap(([head, ...inside]) => (head ? [head, ...inOrder(inside, depth + 1)] : []));
};

/** The layers of the map, topmost first, each with a switch. */
export const layerListControl = (
  words: Words,
  layers: readonly LayerEntry[],
  actions: LayerListActions,
): TemplateResult | typeof nothing => {
  if (layers.length === 0) return nothing;
  const shown = inOrder(layers);
  return html`
    <details class="layers card" part="layers">
      <summary>
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m10 3 7 4-7 4-7-4zM3 11l7 4 7-4" /></svg>
        ${words.layers}
      </summary>
      <ul>
        ${shown.map(
          (layer, index) => html`
            ${heading(layer, shown[index - 1])}
            <li class="depth-${Math.min(layer.depth, 3)}">
              <label class=${layer.isGroup ? 'group' : ''}>
                <input
                  type="checkbox"
                  .checked=${layer.isVisible}
                  @change=${({currentTarget}: Event) =>
                    actions.setVisible(layer.id, currentTarget instanceof HTMLInputElement && currentTarget.checked)}
                />
                <span>${layer.title}</span>
              </label>
              ${note(words, layer, actions)}
            </li>
          `,
        )}
      </ul>
    </details>
  `;
};
