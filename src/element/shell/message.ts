import {html, nothing, type TemplateResult} from 'lit';
import type {Status, StatusAction} from '../status.js';
import type {Words} from '../words/words.js';

const label = (words: Words, action: StatusAction): string =>
  ({'sign-in': words.signIn, stay: words.stay, cancel: words.cancel, retry: words.retry, dismiss: words.dismiss})[
    action
  ];

/**
 * What happened and what the visitor can do. The live region is always there, so that a screen reader hears what comes
 * into it.
 */
export const messageRegion = (
  words: Words,
  status: Status | undefined,
  act: (action: StatusAction) => void,
): TemplateResult => html`
  <div class="message" role="status" aria-live="polite">
    ${
      status
        ? html`
            <div class="card ${status.tone}" part="status status-${status.tone}">
              <div class="words">
                <strong>${status.title}</strong>
                <p>${status.text}</p>
                ${
                  status.details.length === 0
                    ? nothing
                    : html`<ul>
                        ${status.details.map((detail) => html`<li>${detail}</li>`)}
                      </ul>`
                }
              </div>
              <div class="actions">
                ${status.actions.map(
                  (action) => html`
                    <button
                      type="button"
                      class="button ${action === 'sign-in' ? 'primary' : ''}"
                      part="action"
                      @click=${() => act(action)}
                    >
                      ${label(words, action)}
                    </button>
                  `,
                )}
              </div>
            </div>
          `
        : nothing
    }
  </div>
`;
