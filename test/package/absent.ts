import assert from 'node:assert/strict';

export interface Text {
  readonly file: string;
  readonly code: string;
}

/** None of the texts may match. What is told is a bit of what stands around a match, not a bundle of 300 kB. */
export const absent = (pattern: RegExp, among: readonly Text[]): void => {
  assert.ok(among.length > 0, 'no file to look into');
  const found = among.flatMap(({file, code}) => {
    const match = pattern.exec(code);
    return match ? [`${file}: ${code.slice(Math.max(0, match.index - 40), match.index + 80)}`] : [];
  });
  assert.deepEqual(found, []);
};
