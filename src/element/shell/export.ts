import {html, type TemplateResult} from 'lit';
import type {Words} from '../words/words.js';

export const exportControl = (words: Words, save: () => void): TemplateResult => html`
  <div class="zoom card" part="export">
    <button type="button" aria-label=${words.exportImage} title=${words.exportImage} @click=${save}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 3v9m-4-4 4 4 4-4M4 16h12" /></svg>
    </button>
  </div>
`;
