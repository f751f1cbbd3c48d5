import {mkdir, writeFile} from 'node:fs/promises';
import {cpus, loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {median, spreadOf, type Spread} from './bench/statistics.js';
import {load} from './proxy-bench/client.js';
import {processorTime} from './proxy-bench/processor.js';
import {startWays, type WayServer} from './proxy-bench/start.js';

// What the proxy costs against a bare Node proxy (http → fetch → pipe): `npm run bench:proxy`. All ways take turns in one run,
// each in a process of its own; what counts are ratios and differences within a round.

const {values} = parseArgs({
  options: {rounds: {type: 'string', default: '20'}, requests: {type: 'string', default: '400'}},
});
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const connections = 16;

interface Round {
  /** Median milliseconds of a tile, with one connection. */
  readonly latency: number;
  /** Tiles per second, with many. */
  readonly throughput: number;
  /** Milliseconds of the server's processor time for a tile. */
  readonly processor: number;
}

const measure = async ({origin, pid}: WayServer): Promise<Round> => {
  const before = await processorTime(pid);
  const alone = await load(origin, Math.ceil(requests / 4), 1);
  const begin = performance.now();
  await load(origin, requests, connections);
  const throughput = requests / ((performance.now() - begin) / 1000);
  const processor = ((await processorTime(pid)) - before) / (requests + alone.length);
  return {latency: median(alone), throughput, processor};
};

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({item, at: Math.random()}))
    .toSorted((a, b) => a.at - b.at)
    .map(({item}) => item);

const range = ({quarter, threeQuarters, least, most}: Spread, digits: number): string =>
  `${quarter.toFixed(digits)}–${threeQuarters.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;

const loads: number[] = [loadavg()[0] ?? 0];
const ways = await startWays();
const all = new Map<string, Round[]>(Object.keys(ways.servers).map((name) => [name, []]));
try {
  // Two rounds that do not count: the compiler has to see the code first.
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, server] of shuffled(Object.entries(ways.servers))) {
      const result = await measure(server);
      if (round >= 0) all.get(name)?.push(result);
    }
    loads.push(loadavg()[0] ?? 0);
  }
} finally {
  await ways.stop();
}

const bare = all.get('bare') ?? [];
const rows = [...all].map(([name, results]) => {
  const against = (compare: (round: Round, other: Round) => number): Spread =>
    spreadOf(results.flatMap((round, at) => (bare[at] ? [compare(round, bare[at])] : [])));
  return {
    way: name,
    latency: spreadOf(results.map(({latency}) => latency)),
    addedLatency: against((one, other) => one.latency - other.latency),
    throughput: spreadOf(results.map(({throughput}) => throughput)),
    throughputRatio: against((one, other) => one.throughput / other.throughput),
    processor: spreadOf(results.map(({processor}) => processor)),
    processorRatio: against((one, other) => one.processor / other.processor),
  };
});
const machine = {node: process.version, processors: cpus().length, load: spreadOf(loads)};
await mkdir('test-results', {recursive: true});
await writeFile(
  'test-results/proxy-bench.json',
  `${JSON.stringify({at: new Date().toISOString(), rounds, requests, connections, machine, rows}, null, 2)}\n`,
);

console.log(
  `${rounds} rounds of ${requests} tiles of 15 kB; Node ${machine.node}, ${machine.processors} processors, `
    + `load ${range(machine.load, 1)}\n`,
);
const head = [
  'way',
  'tiles/s',
  'ratio',
  'of the rounds',
  'ms a tile',
  'added ms',
  'of the rounds',
  'processor ms',
  'ratio',
  'of the rounds',
];
console.log(`| ${head.join(' | ')} |\n| ${head.map(() => '---').join(' | ')} |`);
for (const {way, latency, addedLatency, throughput, throughputRatio, processor, processorRatio} of rows) {
  const cells = [
    `\`${way}\``,
    throughput.median.toFixed(0),
    throughputRatio.median.toFixed(2),
    range(throughputRatio, 2),
    latency.median.toFixed(2),
    addedLatency.median.toFixed(2),
    range(addedLatency, 2),
    processor.median.toFixed(2),
    processorRatio.median.toFixed(2),
    range(processorRatio, 2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
