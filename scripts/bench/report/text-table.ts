import type {Row, Table} from '../results.js';
import type {Spread} from '../statistics.js';
import {titles} from '../scenarios.js';

const ratio = (value: number): string => value.toFixed(2);
const range = ({quarter, threeQuarters, least, most}: Spread): string =>
  `${ratio(quarter)}–${ratio(threeQuarters)} (${ratio(least)}–${ratio(most)})`;

export const describe = ({setting}: Table): string =>
  `HTTP/${setting.http === 2 ? '2' : '1.1'}, ${setting.size.width} × ${setting.size.height}, ${setting.latencyMs} ms`;

/** Each column as wide as its widest cell. */
const layOut = (lines: readonly (readonly string[])[]): string => {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((cells) => `  ${cells.join('  ')}`)
    .join('\n');
};

const head = [
  'way',
  'ms',
  'ratio',
  'of the rounds',
  'main thread ms',
  'ratio',
  'of the rounds',
  'requests',
  'preflights',
  'aborted',
  'stale',
  '401',
  'refreshes',
  'heap MB',
];

const cells = ({way, time, thread, timeRatio, threadRatio, timeRatios, threadRatios, counts, stale, heap}: Row) => [
  way,
  time.median.toFixed(0),
  ratio(timeRatio),
  range(timeRatios),
  thread.median.toFixed(0),
  ratio(threadRatio),
  range(threadRatios),
  String(counts.requests),
  String(counts.preflights),
  String(counts.aborted),
  String(stale),
  String(counts.unauthorized),
  String(counts.refreshes),
  (heap / 1e6).toFixed(1),
];

/** A table for each scenario, as wide as it takes. */
export const printTable = (table: Table): string =>
  table.setting.scenarios
    .map((scenario) => {
      const rows = table.rows.filter((row) => row.scenario === scenario);
      const counted = `${table.setting.rounds} round${table.setting.rounds === 1 ? '' : 's'}`;
      return `\n${titles[scenario]} – ${describe(table)}, ${counted}\n${layOut([head, ...rows.map(cells)])}`;
    })
    .join('\n');
