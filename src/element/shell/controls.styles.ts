import {css} from 'lit';

export const controlStyles = css`
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
  .layers .heading,
  .layers .group {
    font-weight: 600;
  }
  .layers .heading {
    padding-top: 8px;
  }
  .layers .depth-1 {
    padding-inline-start: 22px;
  }
  .layers .depth-2 {
    padding-inline-start: 44px;
  }
  .layers .depth-3 {
    padding-inline-start: 66px;
  }
  .layers .retry {
    padding: 2px 8px;
    border-radius: var(--_radius);
    font-size: 13px;
    font-weight: 600;
    text-decoration: underline;
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
`;
