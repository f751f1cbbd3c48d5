import type {Row, Table} from '../results.js';
import {titles, type Scenario} from '../scenarios.js';
import type {Spread} from '../statistics.js';
import {base, control} from '../ways.js';
import {describe} from './text-table.js';

const LABELS = 190;
const PANEL = 316;
const GAP = 34;
const RIGHT = 54;
const TOP = 100;
const LINE = 22;
const HEAD = 34;
const LEAST = 0.4;
const MOST = 2.2;
const TICKS = [0.5, 1, 1.5, 2];

const width = LABELS + 2 * PANEL + GAP + RIGHT;

const style = `
  .card { fill: #ffffff; } .grid { stroke: #dfe5e8; } .one { stroke: #52646c; stroke-dasharray: 3 3; }
  .title { fill: #16242a; font-size: 15px; font-weight: 600; } .head { fill: #16242a; font-size: 13px; font-weight: 600; }
  text { font-family: system-ui, -apple-system, "Segoe UI", sans-serif; }
  .small { fill: #52646c; font-size: 12px; } .label { fill: #2b3c44; font-size: 12.5px; }
  .value { font-size: 12px; font-variant-numeric: tabular-nums; fill: #2b3c44; }
  .other { stroke: #8b9aa1; fill: #8b9aa1; } .control { stroke: #b9c4c9; fill: #b9c4c9; } .ours { stroke: #0b7d8a; fill: #0b7d8a; }
  .bold { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #12191d; } .grid { stroke: #2a363c; } .one { stroke: #94a6ae; }
    .title, .head { fill: #eef4f6; } .small { fill: #9fb0b8; } .label, .value { fill: #d3dee3; }
    .other { stroke: #7d8f98; fill: #7d8f98; } .control { stroke: #52626a; fill: #52626a; } .ours { stroke: #35c2d1; fill: #35c2d1; }
  }`;

const within = (ratio: number): number => Math.min(Math.max(ratio, LEAST), MOST);
const across = (ratio: number): number => ((within(ratio) - LEAST) / (MOST - LEAST)) * PANEL;
const round = (value: number): string => value.toFixed(1);

const text = (x: number, y: number, kind: string, words: string, more = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" class="${kind}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

const line = (kind: string, x1: number, y1: number, x2: number, y2: number, more = ''): string =>
  `<line class="${kind}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${more}/>`;

/** From the base to the median, with the middle half of the rounds as a thin line through it. */
const mark = (kind: string, left: number, y: number, ratio: number, {quarter, threeQuarters}: Spread): string =>
  [
    line(kind, left + across(1), y, left + across(ratio), y, 'stroke-width="7" stroke-opacity="0.38"'),
    line(kind, left + across(quarter), y, left + across(threeQuarters), y, 'stroke-width="1.5"'),
    `<circle class="${kind}" cx="${round(left + across(ratio))}" cy="${round(y)}" r="4.2"/>`,
    text(left + PANEL + 12, y + 4, 'value', `${ratio.toFixed(2)}${ratio > MOST ? ' →' : ''}`),
  ].join('');

const kindOf = (way: string): string => {
  if (way === control) return 'control';
  return way.startsWith('secure-map') ? 'ours' : 'other';
};

const axis = (left: number, top: number, bottom: number): string =>
  TICKS.map(
    (tick) =>
      line(tick === 1 ? 'one' : 'grid', left + across(tick), top, left + across(tick), bottom)
      + text(left + across(tick), top - 10, 'small', `${tick}×`, 'text-anchor="middle"'),
  ).join('');

/** How many times as long as plain tiles, and how many times the work: a line for each way in each scenario. */
export const drawChart = (table: Table, scenarios: readonly Scenario[]): string => {
  const [leftTime, leftThread] = [LABELS, LABELS + PANEL + GAP + 16];
  const parts: string[] = [];
  let y = TOP;
  for (const scenario of scenarios) {
    parts.push(text(20, y + 20, 'head', titles[scenario]));
    y += HEAD;
    const rows = table.rows.filter((row: Row) => row.scenario === scenario && row.way !== base);
    for (const {way, timeRatio, timeRatios, threadRatio, threadRatios} of rows) {
      const kind = kindOf(way);
      parts.push(
        text(30, y + 4, kind === 'ours' ? 'label bold' : 'label', way === control ? 'img once more (noise)' : way),
      );
      parts.push(mark(kind, leftTime, y, timeRatio, timeRatios), mark(kind, leftThread, y, threadRatio, threadRatios));
      y += LINE;
    }
    y += 6;
  }
  const height = y + 34;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 16} ${height}" width="${width + 16}" height="${height}" role="img" aria-labelledby="title">
<title id="title">Time and main-thread work of each way to load tiles, as multiples of plain img tiles</title>
<style>${style}
</style>
<rect class="card" width="100%" height="100%" rx="8"/>
${text(20, 30, 'title', 'Tiles behind a credential, against plain <img> tiles')}
${text(20, 50, 'small', `${describe(table)}. Medians; the thin line is the middle half of the rounds. Less is better.`)}
${text(leftTime, TOP - 24, 'head', 'time until the map is complete')}
${text(leftThread, TOP - 24, 'head', 'work on the main thread')}
${axis(leftTime, TOP + 14, height - 26)}
${axis(leftThread, TOP + 14, height - 26)}
${parts.join('\n')}
</svg>
`;
};
