import {html, nothing, type TemplateResult} from 'lit';
import {RequestError} from '../../request/request-error.js';
import type {LayerEntry} from '../layer-slot.js';
import type {Words} from '../words/words.js';

const note = (words: Words, {error, isLoading}: LayerEntry): TemplateResult | typeof nothing => {
  if (error instanceof RequestError && error.awaitsSignIn) return html`<small>${words.layerWaiting}</small>`;
  if (error) return html`<small class="failed">${words.layerFailed}</small>`;
  return isLoading ? html`<small>${words.layerLoading}</small>` : nothing;
};

/** The layers of the map, topmost first, each with a switch. */
export const layerListControl = (
  words: Words,
  layers: readonly LayerEntry[],
  setVisible: (id: string, visible: boolean) => void,
): TemplateResult | typeof nothing => {
  if (layers.length === 0) return nothing;
  return html`
    <details class="layers card" part="layers">
      <summary>
        <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m10 3 7 4-7 4-7-4zM3 11l7 4 7-4" /></svg>
        ${words.layers}
      </summary>
      <ul>
        ${[...layers].reverse().map(
          (layer) => html`
            <li>
              <label>
                <input
                  type="checkbox"
                  .checked=${layer.isVisible}
                  @change=${({currentTarget}: Event) =>
                    setVisible(layer.id, currentTarget instanceof HTMLInputElement && currentTarget.checked)}
                />
                <span>${layer.title} ${note(words, layer)}</span>
              </label>
            </li>
          `,
        )}
      </ul>
    </details>
  `;
};
