const css = `
  dialog {
    box-sizing: border-box;
    inline-size: min(24rem, calc(100vw - 2rem));
    padding: 1.5rem;
    border: 1px solid light-dark(#c9cfd1, #3b4346);
    border-radius: var(--secure-map-radius, 8px);
    font: 1rem/1.4 var(--secure-map-font, system-ui, sans-serif);
    color: var(--secure-map-text, light-dark(#16202a, #eef2f3));
    background: var(--secure-map-surface, light-dark(#fff, #1d2427));
    color-scheme: light dark;
  }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  h2 { margin: 0 0 0.25rem; font-size: 1.25rem; }
  p { margin: 0 0 0.75rem; }
  p:empty { margin: 0; }
  #error { color: var(--secure-map-error, light-dark(#b3261e, #ffb4ab)); }
  label { display: block; margin-block: 0.75rem 0.25rem; }
  input, button { font: inherit; min-block-size: 2.75rem; border-radius: 6px; }
  input {
    box-sizing: border-box;
    inline-size: 100%;
    padding-inline: 0.75rem;
    border: 1px solid light-dark(#6b7478, #93a0a5);
    color: inherit;
    background: transparent;
  }
  .actions { display: flex; gap: 0.75rem; margin-block-start: 1.25rem; }
  button { padding-inline: 1.25rem; border: 1px solid currentcolor; color: inherit; background: transparent; }
  .primary {
    border-color: transparent;
    color: var(--secure-map-on-accent, #fff);
    background: var(--secure-map-accent, #0b6b76);
  }
  :focus-visible { outline: 3px solid var(--secure-map-accent, #0b6b76); outline-offset: 2px; }
`;

/** A constructed sheet, which a policy against inline styles lets through. */
export const dialogStyles = (): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
};
