import {wordsOf, type Row} from './rows.js';

const marks = {holds: 'ok', fails: 'FAILS', 'no test': 'NO TEST'} as const;

/** One line per requirement, and below it one per test. */
export const terminalTable = (rows: readonly Row[]): string =>
  rows
    .flatMap(({number, level, words, tests, result}) => [
      `${String(number).padStart(2)}  ${level.padEnd(6)}  ${marks[result].padEnd(7)}  ${words}`,
      ...tests.map(
        (test) =>
          `${' '.repeat(21)}${test.passed ? '·' : '✗'} ${test.file}: ${wordsOf(test)} (${test.seconds.toFixed(1)} s)`,
      ),
    ])
    .join('\n');
