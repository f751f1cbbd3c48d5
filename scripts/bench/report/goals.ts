import type {Row, Table} from '../results.js';
import {titles, type Scenario} from '../scenarios.js';
import {control} from '../ways.js';

/** What the project wants, as ratios to plain tiles. */
export interface Goal {
  readonly way: string;
  readonly words: string;
  readonly figure: 'time' | 'thread';
  readonly most: number;
}

export const goals: readonly Goal[] = [
  {way: 'secure-map same origin', words: 'time, same origin', figure: 'time', most: 1},
  {way: 'secure-map bridge', words: 'time, tile bridge', figure: 'time', most: 1},
  {way: 'secure-map cross origin', words: 'time, cross origin', figure: 'time', most: 1.35},
  {way: 'secure-map same origin', words: 'main thread, same origin', figure: 'thread', most: 1},
  {way: 'secure-map bridge', words: 'main thread, tile bridge', figure: 'thread', most: 1},
  {way: 'secure-map cross origin', words: 'main thread, cross origin', figure: 'thread', most: 1},
];

/** Where they are looked at: what a visitor does most of the time. */
export const judged: readonly Scenario[] = ['first', 'next', 'pan', 'zoom'];

export const ratioOf = (row: Row | undefined, figure: Goal['figure']): number =>
  (figure === 'time' ? row?.timeRatio : row?.threadRatio) ?? NaN;

export const rowOf = (table: Table | undefined, way: string, scenario: Scenario): Row | undefined =>
  table?.rows.find((row) => row.way === way && row.scenario === scenario);

export type Verdict = 'holds' | 'within noise' | 'missed';

/** What is over by no more than the base differs from itself is not known to be over. */
export const judge = (ratio: number, most: number, noise: number): Verdict => {
  if (ratio <= most) return 'holds';
  return ratio <= most * noise ? 'within noise' : 'missed';
};

/** By how much the same way differed from itself, in either direction. */
export const noiseOf = (table: Table | undefined, scenario: Scenario, figure: Goal['figure']): number => {
  const ratio = ratioOf(rowOf(table, control, scenario), figure);
  return Math.max(ratio, 1 / ratio);
};

export const judgedTitles = (): string[] => judged.map((scenario) => titles[scenario]);
