/** What is said in other words in one file of a library, so that something else need not be loaded with it. */
export interface Cut {
  readonly file: RegExp;
  /** Each must be there: words, or a pattern, and what stands in their place. */
  readonly changes: readonly (readonly [string | RegExp, string])[];
}

/** The text with all the changes; `undefined` when one of them has nothing to change any more. */
export const applyCut = (code: string, {changes}: Cut): string | undefined => {
  let text = code;
  for (const [what, instead] of changes) {
    const isThere = typeof what === 'string' ? text.includes(what) : what.test(text);
    if (!isThere) return undefined;
    text = text.replace(what, () => instead);
  }
  return text;
};
