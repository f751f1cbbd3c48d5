import {ratiosIn, type Figure, type Row, type Table} from '../results.js';
import {titles, type Scenario} from '../scenarios.js';
import {median} from '../statistics.js';
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

/** To plain tiles. */
type Ratio = (way: string, figure: Figure) => number;

const ratioIn =
  (table: Table, scenario: Scenario): Ratio =>
  (way, figure) =>
    rowOf(table, way, scenario)?.[figure === 'time' ? 'timeRatio' : 'threadRatio'] ?? NaN;

const pooled =
  (tables: readonly Table[]): Ratio =>
  (way, figure) =>
    median(tables.flatMap((table) => ratiosIn(table, way, judgedIn(table), figure)));

const at = (tables: readonly Table[], where: Where): Ratio => {
  const [table, ...rest] = tables;
  if (where === 'pooled' || !table) return pooled(tables);
  if (rest.length > 0) throw new Error('Scenarios of several settings are looked at pooled only.');
  return ratioIn(table, where);
};

export type Verdict = 'holds' | 'within noise' | 'missed' | 'not measured';

export interface Finding {
  readonly ratio: number;
  readonly verdict: Verdict;
}

/** By how much the same way differed from itself. */
export const controlOf = (tables: readonly Table[], figure: Figure, where: Where): number => {
  const ratio = at(tables, where);
  return ratio(control, figure) / ratio(base, figure);
};

/** What is over by no more than plain tiles differ from themselves, in either direction, is not known to be over. */
export const find = (tables: readonly Table[], {way, figure, against, most}: Goal, where: Where): Finding => {
  const to = at(tables, where);
  const ratio = to(way, figure) / (against === undefined ? 1 : to(against, figure));
  if (!Number.isFinite(ratio)) return {ratio, verdict: 'not measured'};
  if (ratio <= most) return {ratio, verdict: 'holds'};
  const noise = controlOf(tables, figure, where);
  return {ratio, verdict: ratio <= most * Math.max(noise, 1 / noise) ? 'within noise' : 'missed'};
};
