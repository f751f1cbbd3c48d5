import {cpus} from 'node:os';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {format, resolveConfig} from 'prettier';
import {table as markdown} from '../../browsers/table.js';
import type {Row, Table} from '../results.js';
import {titles, type Scenario} from '../scenarios.js';
import type {Spread} from '../statistics.js';
import {drawChart} from './chart.js';
import {controlOf, find, goals, judgedIn, titleOf, type Goal, type Where} from './goals.js';
import {kib, type Sizes} from './sizes.js';
import {describe} from './text-table.js';

const path = 'docs/performance.md';
const picture = 'docs/images/bench.svg';
const begin = '<!-- Made by `npm run bench -- --docs`. -->';
const end = '<!-- The end of what is made. -->';

export interface Run {
  readonly tables: readonly Table[];
  readonly sizes: Sizes;
  readonly browser: string;
  readonly tileBytes: number;
  /** Counts that are not as they must be, in words. */
  readonly wrong: readonly string[];
}

const two = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');
const spread = ({quarter, threeQuarters, least, most}: Spread): string =>
  `${two(quarter)}–${two(threeQuarters)} (${two(least)}–${two(most)})`;

const head = ['way', 'ms', 'time', 'of the rounds', 'main thread ms', 'main thread', 'of the rounds'];
const cells = (row: Row): string[] => [
  row.way,
  row.time.median.toFixed(0),
  `**${two(row.timeRatio)}**`,
  spread(row.timeRatios),
  row.thread.median.toFixed(0),
  `**${two(row.threadRatio)}**`,
  spread(row.threadRatios),
];

const countHead = ['way', 'requests', 'preflights', 'aborted', 'stale', '401', 'refreshes', 'heap MB'];
const countCells = ({way, counts, stale, heap}: Row): string[] => [
  way,
  ...[counts.requests, counts.preflights, counts.aborted, stale, counts.unauthorized, counts.refreshes].map(String),
  (heap / 1e6).toFixed(1),
];

const scenarioSection = (table: Table, scenario: Scenario): string => {
  const rows = table.rows.filter((row) => row.scenario === scenario);
  const counts = scenario === 'load' ? '' : markdown(countHead, rows.map(countCells));
  return `#### ${titles[scenario]}\n\n${markdown(head, rows.map(cells))}\n\n${counts}`;
};

const section = (table: Table): string =>
  [
    `### ${describe(table)}`,
    `Rounds: ${table.setting.rounds}. Load of the machine before and after, of which the bench itself is about three: ${table.load.map((each) => each.toFixed(1)).join(' and ')}.`,
    ...table.setting.scenarios.map((scenario) => scenarioSection(table, scenario)),
  ].join('\n\n');

const finding = (tables: readonly Table[], goal: Goal, where: Where): string => {
  const {ratio, verdict} = find(tables, goal, where);
  return `${two(ratio)} ${verdict}`;
};

const goalSection = (table: Table): string => {
  const places: readonly Where[] = [...judgedIn(table), 'pooled'];
  const rows = goals.map((goal) => [
    goal.words,
    two(goal.most),
    ...places.map((where) => finding([table], goal, where)),
  ]);
  return `${describe(table)}:\n\n${markdown(['goal', 'at most', ...places.map(titleOf)], rows)}`;
};

/** The pooled ratios of each setting and of all of them, with what plain tiles differed from themselves. */
const summary = (tables: readonly Table[]): string => {
  const sets = [...tables.map((table) => [table]), tables];
  const control = (figure: 'time' | 'thread', words: string): string[] => [
    `_${words}, plain tiles once more_`,
    '',
    ...sets.map((set) => two(controlOf(set, figure, 'pooled'))),
  ];
  return markdown(
    ['goal', 'at most', ...tables.map(describe), 'all settings'],
    [
      ...goals.map((goal) => [goal.words, two(goal.most), ...sets.map((set) => finding(set, goal, 'pooled'))]),
      control('time', 'time'),
      control('thread', 'main thread'),
    ],
  );
};

const loadSection = (table: Table | undefined, {first, vector, bare}: Sizes): string =>
  markdown(
    ['', 'over the wire (gzip)'],
    [
      ['`secure-map.js`, first load', kib(first)],
      ['with the first vector layer', kib(vector)],
      ['bare OpenLayers with the same map, bundled', kib(bare)],
    ],
  ) + (table ? '\n' : '');

const made = ({tables, sizes, browser, tileBytes}: Run): string => {
  const [main] = tables;
  const machine = `${cpus().length} cores, Chromium ${browser} without a GPU, Node ${process.versions.node}. Tiles of ${kib(tileBytes)} on average.`;
  return [
    machine,
    '### Goals, and what holds',
    'As ratios to plain tiles, or to `xhr`: the median over every round of every scenario.',
    summary(tables),
    'The same for each scenario. _All of these_ are the figures above.',
    ...tables.map(goalSection),
    '### Size',
    loadSection(main, sizes),
    ...tables.map(section),
  ].join('\n\n');
};

/** The chart, and the tables between the marks of the document. */
export const writeDocument = async (run: Run): Promise<void> => {
  const [before, rest = ''] = (await readFile(path, 'utf8')).split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`${path} has lost the marks around its tables.`);
  const options = await resolveConfig(path);
  const whole = `${before}${begin}\n\n${made(run)}\n\n${end}${after}`;
  await writeFile(path, await format(whole, {...options, filepath: path}));
  await mkdir('docs/images', {recursive: true});
  const [main] = run.tables;
  if (main) await writeFile(picture, drawChart(main, judgedIn(main)));
};
