import {css} from 'lit';

/** The map, what lies on it where, and what every control looks like. */
export const frameStyles = css`
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
  #map,
  [part='frame'] {
    position: absolute;
    inset: 0;
  }
  [part='frame'] {
    width: 100%;
    height: 100%;
    border: 0;
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
`;
