import {html, nothing, type TemplateResult} from 'lit';
import type {Coordinate} from 'ol/coordinate.js';
import type OlMap from 'ol/Map.js';
import Overlay from 'ol/Overlay.js';
import type {IdentifiedFeature} from '../../layers/around.js';
import type {Found, FoundInLayer} from './identify.js';
import type {Words} from '../words/words.js';

const MOST_FEATURES = 50;
const MOST_PROPERTIES = 100;
const LONGEST_VALUE = 2_000;

const toText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
};

/** Addresses of the web are links, everything else is text. */
const shownValue = (value: unknown): unknown => {
  const text = toText(value);
  const url = /^https?:\/\/\S+$/.test(text) ? URL.parse(text) : null;
  return url && !url.username && !url.password
    ? html`<a href=${url.href} target="_blank" rel="noopener noreferrer">${text}</a>`
    : text;
};

const featureTable = ({properties, text}: IdentifiedFeature): TemplateResult => {
  const rows = Object.entries(properties).filter(([, value]) => toText(value) !== '');
  return html`
    ${text ? html`<p class="said">${text}</p>` : nothing}
    ${
      rows.length === 0
        ? nothing
        : html`<table>
            <tbody>
              ${rows.slice(0, MOST_PROPERTIES).map(
                ([name, value]) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    <td>${shownValue(value)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
    }
  `;
};

const layerPart = (words: Words, {slot, features, isFailed}: FoundInLayer): TemplateResult | typeof nothing => {
  if (features.length === 0 && !isFailed) return nothing;
  return html`
    <section>
      <h3>
        ${slot.config.title ?? slot.id}${isFailed ? html` <small class="failed">${words.layerFailed}</small>` : nothing}
      </h3>
      ${features.slice(0, MOST_FEATURES).map(featureTable)}
    </section>
  `;
};

/** What is at the place that the visitor pressed. */
export const identifyPanel = (words: Words, found: Found, close: () => void): TemplateResult => {
  const isEmpty = found.layers.every(({features, isFailed}) => features.length === 0 && !isFailed);
  return html`
    <section
      class="panel card"
      part="identify"
      aria-label=${words.identify}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header>
        <h2>${words.identify}</h2>
        <button type="button" class="close" aria-label=${words.close} title=${words.close} @click=${close}>
          <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m5 5 10 10M15 5 5 15" /></svg>
        </button>
      </header>
      <div class="content" role="status" tabindex="0">
        ${found.layers.map((layer) => layerPart(words, layer))}
        ${found.isLoading ? html`<p>${words.layerLoading}…</p>` : isEmpty ? html`<p>${words.nothingHere}</p>` : nothing}
      </div>
    </section>
  `;
};

/** Marks a place on the map. The answer moves the mark, or takes it away. */
export const createPin = (map: OlMap): ((coordinate: Coordinate | undefined) => void) => {
  const element = document.createElement('div');
  element.className = 'pin';
  element.setAttribute('part', 'pin');
  const overlay = new Overlay({element, positioning: 'center-center', stopEvent: false});
  map.addOverlay(overlay);
  return (coordinate) => overlay.setPosition(coordinate);
};
