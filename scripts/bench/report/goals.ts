import {pooledRatio, type Figure, type Row, type Table} from '../results.js';
import {titles, type Scenario} from '../scenarios.js';
import {base, control} from '../ways.js';

/** What the project wants: ratios to plain tiles, or to another way. */
export interface Goal {
  readonly way: string;
  readonly words: string;
  readonly figure: Figure;
  readonly most: number;
  /** Another way than plain tiles that it is compared with. */
  readonly against?: string;
}

export const goals: readonly Goal[] = [
  {way: 'secure-map same origin', words: 'time, same origin', figure: 'time', most: 1.05},
  {way: 'secure-map same origin', words: 'time, same origin, to `xhr`', figure: 'time', most: 1, against: 'xhr'},
  {way: 'secure-map bridge', words: 'time, tile bridge', figure: 'time', most: 1.05},
  {way: 'secure-map cross origin', words: 'time, cross origin', figure: 'time', most: 1.45},
  {way: 'secure-map same origin', words: 'main thread, same origin', figure: 'thread', most: 1},
  {way: 'secure-map bridge', words: 'main thread, tile bridge', figure: 'thread', most: 1},
  {way: 'secure-map cross origin', words: 'main thread, cross origin', figure: 'thread', most: 1},
];

/** Where they are looked at: what a visitor does most of the time. */
const judged: readonly Scenario[] = ['first', 'next', 'pan', 'zoom'];

export const judgedIn = ({setting}: Table): Scenario[] =>
  judged.filter((scenario) => setting.scenarios.includes(scenario));

/** What a goal is looked at in: each scenario, and all of them pooled. */
export type Where = Scenario | 'pooled';

export const titleOf = (where: Where): string => (where === 'pooled' ? 'all of these' : titles[where]);

const rowOf = (table: Table, way: string, scenario: Scenario): Row | undefined =>
  table.rows.find((row) => row.way === way && row.scenario === scenario);

const ratioTo = (table: Table, way: string, figure: Figure, where: Where): number => {
  if (where === 'pooled') return pooledRatio(table, way, judgedIn(table), figure);
  const row = rowOf(table, way, where);
  return (figure === 'time' ? row?.timeRatio : row?.threadRatio) ?? NaN;
};

export const ratioOf = (table: Table, {way, figure, against}: Goal, where: Where): number =>
  ratioTo(table, way, figure, where) / (against === undefined ? 1 : ratioTo(table, against, figure, where));

/** By how much the same way differed from itself, in either direction. */
const noiseOf = (table: Table, figure: Figure, where: Where): number => {
  const ratio = ratioTo(table, control, figure, where) / ratioTo(table, base, figure, where);
  return Math.max(ratio, 1 / ratio);
};

export type Verdict = 'holds' | 'within noise' | 'missed' | 'not measured';

/** What is over by no more than plain tiles differ from themselves is not known to be over. */
export const judge = (table: Table, goal: Goal, where: Where): Verdict => {
  const ratio = ratioOf(table, goal, where);
  if (!Number.isFinite(ratio)) return 'not measured';
  if (ratio <= goal.most) return 'holds';
  return ratio <= goal.most * noiseOf(table, goal.figure, where) ? 'within noise' : 'missed';
};
