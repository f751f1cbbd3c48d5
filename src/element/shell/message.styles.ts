import {css} from 'lit';

export const messageStyles = css`
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
    transform: translateX(-100%);
  }
  .progress.busy::before {
    /* Not before it can be seen, and not a moment longer: what moves has every frame styled anew. */
    animation: slide 1.2s 0.3s ease-in-out infinite;
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
  @media (prefers-reduced-motion: reduce) {
    .progress.busy::before {
      width: 100%;
      transform: none;
      animation: none;
    }
  }
`;
