import {parseArgs} from 'node:util';
import {scenarios, type Scenario} from './scenarios.js';
import {ways, type Way} from './ways.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is the same for all ways that are compared. */
export interface Setting {
  readonly http: 1 | 2;
  readonly latencyMs: number;
  readonly size: Size;
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
}

export interface Options {
  readonly settings: readonly Setting[];
  readonly ways: readonly Way[];
  /** Writes the chart and the tables into `docs/`. */
  readonly docs: boolean;
  /** Measures nothing, and takes what was measured last. */
  readonly last: boolean;
}

const help = `npm run bench -- [options]

  --rounds <n>       how often each way has its turn in each setting; 4
  --quick            two rounds of the first setting, to see whether it runs
  --only <scenario>  ${scenarios.join(', ')}; several with commas
  --way <way>        a part of its name; several with commas. The base and its control always run
  --latency <ms>     20; several with commas
  --http <1|2>       1,2
  --size <w>x<h>     1280x800,2560x1600
  --last             measures nothing: with --docs, of the last run
  --docs             writes docs/images/bench.svg and the tables of docs/performance.md

Times are printed and never judged. Counts that cannot differ are, and then the run ends with 1.`;

const list = (value: string): string[] => value.split(',').map((each) => each.trim());

const numbers = (name: string, value: string, isGood: (number: number) => boolean): number[] =>
  list(value).map((each) => {
    const number = Number(each);
    if (!each || !isGood(number)) throw new Error(`--${name} cannot be "${each}".\n\n${help}`);
    return number;
  });

const isScenario = (name: string): name is Scenario => scenarios.some((each) => each === name);

const sizeOf = (value: string): Size => {
  const [width = NaN, height = NaN] = value.split('x').map(Number);
  if (!(width >= 256 && height >= 256)) throw new Error(`--size cannot be "${value}".\n\n${help}`);
  return {width, height};
};

/** What the goals are about, in every setting. */
const usual: readonly Scenario[] = ['first', 'next', 'pan', 'zoom'];

const settingsOf = (
  values: {latency: string; http: string; size: string; quick: boolean},
  rounds: number,
  only: readonly Scenario[],
): Setting[] => {
  const latencies = numbers('latency', values.latency, (each) => each >= 0 && each <= 10_000);
  const protocols = numbers('http', values.http, (each) => each === 1 || each === 2);
  const sizes = list(values.size).map(sizeOf);
  const all = latencies.flatMap((latencyMs) =>
    protocols.flatMap((protocol) => sizes.map((size) => ({latencyMs, http: protocol === 2 ? 2 : 1, size}) as const)),
  );
  return (values.quick ? all.slice(0, 1) : all)
    .map((each, index) => {
      const some = index === 0 ? scenarios : usual;
      return {...each, rounds, scenarios: only.length > 0 ? only : some};
    })
    .filter(({scenarios: some}) => some.length > 0);
};

export const readOptions = (args: readonly string[]): Options => {
  const {values} = parseArgs({
    args: [...args],
    options: {
      rounds: {type: 'string'},
      quick: {type: 'boolean', default: false},
      only: {type: 'string'},
      way: {type: 'string'},
      latency: {type: 'string', default: '20'},
      http: {type: 'string', default: '1,2'},
      size: {type: 'string', default: '1280x800,2560x1600'},
      docs: {type: 'boolean', default: false},
      last: {type: 'boolean', default: false},
      help: {type: 'boolean', default: false},
    },
  });
  if (values.help) {
    console.log(help);
    process.exit();
  }
  const only = values.only === undefined ? [] : list(values.only);
  const unknown = only.find((each) => !isScenario(each));
  if (unknown !== undefined) throw new Error(`--only cannot be "${unknown}".\n\n${help}`);
  const [rounds = 4] = numbers('rounds', values.rounds ?? (values.quick ? '2' : '4'), (each) => each >= 1);
  const parts = values.way === undefined ? undefined : list(values.way);
  return {
    settings: settingsOf(values, rounds, only.filter(isScenario)),
    ways: ways.filter(({name}) => !parts || parts.some((part) => name.includes(part)) || name.startsWith('img')),
    docs: values.docs,
    last: values.last,
  };
};
