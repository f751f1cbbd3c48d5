import {html, type TemplateResult} from 'lit';
import type {Words} from '../words/words.js';

export const zoomControl = (words: Words, zoomBy: (delta: number) => void): TemplateResult => html`
  <div class="zoom card" part="zoom" role="group">
    <button type="button" aria-label=${words.zoomIn} title=${words.zoomIn} @click=${() => zoomBy(1)}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 4v12M4 10h12" /></svg>
    </button>
    <button type="button" aria-label=${words.zoomOut} title=${words.zoomOut} @click=${() => zoomBy(-1)}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 10h12" /></svg>
    </button>
  </div>
`;
