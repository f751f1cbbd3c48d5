import {css} from 'lit';

export const styles = css`
  :host {
    --_accent: var(--secure-map-accent, light-dark(#0b5cad, #7cb8ff));
    --_on-accent: var(--secure-map-on-accent, light-dark(#fff, #06203d));
    --_surface: var(--secure-map-surface, light-dark(#fff, #1d232b));
    --_text: var(--secure-map-text, light-dark(#1b2430, #e8edf3));
    --_muted: var(--secure-map-muted, light-dark(#55606e, #a7b2c0));
    --_line: var(--secure-map-line, light-dark(#d4dae2, #3a4552));
    --_warning: var(--secure-map-warning, light-dark(#9a5b00, #ffc266));
    --_error: var(--secure-map-error, light-dark(#b3261e, #ff9a90));
    --_background: var(--secure-map-background, light-dark(#e9eef3, #12171d));
    --_radius: var(--secure-map-radius, 8px);
    --_gap: var(--secure-map-gap, 12px);
    --_size: var(--secure-map-control-size, 40px);
    position: relative;
    display: block;
    min-height: var(--secure-map-min-height, 240px);
    overflow: hidden;
    contain: content;
    color-scheme: light dark;
    color: var(--_text);
    background: var(--_background);
    font:
      400 15px/1.45 system-ui,
      sans-serif;
    font-family: var(--secure-map-font, system-ui, sans-serif);
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  [hidden] {
    display: none !important;
  }
  #map {
    position: absolute;
    inset: 0;
  }
  #map:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: -3px;
  }
  .corner {
    position: absolute;
    display: flex;
    flex-direction: column;
    gap: 8px;
    max-width: calc(100% - 2 * var(--_gap));
    pointer-events: none;
  }
  .corner > *,
  .corner ::slotted(*) {
    pointer-events: auto;
  }
  .top {
    top: var(--_gap);
  }
  .bottom {
    bottom: var(--_gap);
  }
  .start {
    inset-inline-start: var(--_gap);
    align-items: flex-start;
  }
  .end {
    inset-inline-end: var(--_gap);
    align-items: flex-end;
  }
  .card {
    color: var(--_text);
    background: var(--_surface);
    border-radius: var(--_radius);
    box-shadow:
      0 0 0 1px color-mix(in srgb, var(--_line) 70%, transparent),
      0 2px 8px rgb(0 0 0 / 18%);
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
    border: 0;
    background: none;
  }
  button:focus-visible,
  summary:focus-visible,
  a:focus-visible,
  input:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .button {
    min-height: var(--_size);
    padding: 0 16px;
    border-radius: var(--_radius);
    font-weight: 600;
    white-space: nowrap;
  }
  .button:hover,
  summary:hover {
    background: color-mix(in srgb, var(--_surface), var(--_text) 8%);
  }
  .primary {
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .primary:hover {
    background: color-mix(in srgb, var(--_accent), var(--_text) 18%);
  }
  .zoom {
    display: grid;
    overflow: clip;
    overflow-clip-margin: 6px;
  }
  .zoom button {
    display: grid;
    place-items: center;
    width: var(--_size);
    height: var(--_size);
  }
  .zoom button + button {
    border-top: 1px solid var(--_line);
  }
  .zoom button:hover {
    background: color-mix(in srgb, var(--_surface), var(--_text) 8%);
  }
  svg {
    display: block;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .account {
    display: flex;
    align-items: center;
    gap: 4px;
    max-width: 100%;
  }
  .account .name {
    min-width: 0;
    padding-inline-start: 14px;
    overflow: hidden;
    color: var(--_muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  summary {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: var(--_size);
    padding: 0 14px 0 10px;
    border-radius: var(--_radius);
    cursor: pointer;
    font-weight: 600;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  .layers ul {
    max-height: 40vh;
    margin: 0;
    padding: 4px 14px 12px;
    overflow: auto;
    list-style: none;
  }
  .layers label {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 32px;
    cursor: pointer;
  }
  .layers input {
    flex: none;
    width: 18px;
    height: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }
  .layers small {
    color: var(--_muted);
  }
  .layers small.failed {
    color: var(--_error);
  }
  .scale {
    padding: 2px 8px 4px;
    font-size: 12px;
    text-align: center;
  }
  .scale svg {
    width: auto;
    height: 6px;
  }
  .attribution {
    max-width: min(60ch, 100%);
    padding: 3px 8px;
    font-size: 12px;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .attribution a {
    color: inherit;
  }
  .progress {
    position: absolute;
    inset: 0 0 auto;
    height: 3px;
    overflow: hidden;
    opacity: 0;
    transition: opacity 0.15s;
    pointer-events: none;
  }
  .progress.busy {
    opacity: 1;
    transition-delay: 0.3s;
  }
  .progress::before {
    content: '';
    position: absolute;
    inset: 0;
    width: 40%;
    background: var(--_accent);
    animation: slide 1.2s ease-in-out infinite;
  }
  @keyframes slide {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(250%);
    }
  }
  .message {
    position: absolute;
    inset: auto 0 calc(var(--_gap) + 36px);
    max-height: calc(100% - 100px);
    display: grid;
    justify-items: center;
    padding: 0 var(--_gap);
    pointer-events: none;
  }
  .message .card {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    justify-content: space-between;
    width: min(560px, 100%);
    padding: 14px 16px;
    box-sizing: border-box;
    border-inline-start: 4px solid var(--_accent);
    pointer-events: auto;
  }
  .message .warning {
    border-inline-start-color: var(--_warning);
  }
  .message .error {
    border-inline-start-color: var(--_error);
  }
  .message .words {
    flex: 1 1 240px;
  }
  .message strong,
  .message p {
    display: block;
    margin: 0;
  }
  .message p {
    color: var(--_muted);
  }
  .message ul {
    margin: 6px 0 0;
    padding-inline-start: 18px;
    color: var(--_muted);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .message .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .message .button:not(.primary) {
    box-shadow: inset 0 0 0 1px var(--_line);
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    .progress::before {
      width: 100%;
      animation: none;
    }
  }
`;
