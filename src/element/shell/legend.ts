import {html, type TemplateResult} from 'lit';
import type {Words} from '../words/words.js';

/** What the signs on the map mean; asked for when it is opened. */
export const legendControl = (words: Words, open: (isOpen: boolean) => void, panel: unknown): TemplateResult => html`
  <details
    class="layers card"
    part="legend"
    @toggle=${({currentTarget}: Event) => open(currentTarget instanceof HTMLDetailsElement && currentTarget.open)}
  >
    <summary>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 5h2M9 5h7M4 10h2M9 10h7M4 15h2M9 15h7" /></svg>
      ${words.legend}
    </summary>
    ${panel}
  </details>
`;
