import {css} from 'lit';

/** What comes with the first panel that opens. */
export const panelStyles = css`
  .panel {
    display: flex;
    flex-direction: column;
    width: min(360px, 100%);
    max-height: min(50cqh, 420px);
  }
  .panel header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-inline-start: 14px;
    border-bottom: 1px solid var(--_line);
  }
  .panel h2,
  .panel h3,
  .legends h3 {
    margin: 0;
    font-size: 15px;
    font-weight: 600;
  }
  .panel .close {
    display: grid;
    place-items: center;
    width: var(--_size);
    height: var(--_size);
    border-radius: var(--_radius);
  }
  .panel .close:hover {
    background: color-mix(in srgb, var(--_surface), var(--_text) 8%);
  }
  .panel .content {
    padding: 10px 14px 14px;
    overflow: auto;
    overflow-wrap: anywhere;
  }
  .panel .content:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: -3px;
  }
  .panel section + section {
    margin-top: 14px;
  }
  .panel p {
    margin: 6px 0 0;
  }
  .panel .said {
    white-space: pre-wrap;
  }
  .panel table {
    width: 100%;
    margin-top: 6px;
    border-collapse: collapse;
    font-size: 14px;
  }
  .panel th,
  .panel td {
    padding: 4px 0;
    border-top: 1px solid var(--_line);
    text-align: start;
    vertical-align: top;
  }
  .panel th {
    width: 40%;
    padding-inline-end: 10px;
    font-weight: 400;
    color: var(--_muted);
  }
  .panel a {
    color: var(--_accent);
  }
  .panel small,
  .legends small {
    font-weight: 400;
    color: var(--_muted);
  }
  .panel small.failed,
  .legends small.failed {
    color: var(--_error);
  }
  .pin {
    width: 22px;
    height: 22px;
    border: 3px solid var(--_accent);
    border-radius: 50%;
    box-shadow:
      0 0 0 2px var(--_surface),
      inset 0 0 0 2px var(--_surface);
    pointer-events: none;
  }
  .legends {
    max-height: 40cqh;
    padding: 4px 14px 12px;
    overflow: auto;
  }
  .legends section + section {
    margin-top: 12px;
  }
  .legends ul {
    margin: 6px 0 0;
    padding: 0;
    list-style: none;
  }
  .legends li {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 26px;
  }
  .legends canvas {
    max-width: 100%;
    border-radius: 3px;
    background: #fff;
  }
`;
