import type {Setting} from './options.js';
import type {Scenario} from './scenarios.js';
import type {Counts} from './server/counts.js';
import {median, spreadOf, type Spread} from './statistics.js';
import type {Sample} from './visit.js';
import {base} from './ways.js';

/** One way in one scenario, over all rounds. */
export interface Row {
  readonly way: string;
  readonly scenario: Scenario;
  /** Milliseconds. */
  readonly time: Spread;
  readonly thread: Spread;
  /** Of the medians over all rounds, to those of the base. */
  readonly timeRatio: number;
  readonly threadRatio: number;
  /** Of the medians of each round. */
  readonly timeRatios: Spread;
  readonly threadRatios: Spread;
  /** Medians: where they cannot differ, they are the same in every round. */
  readonly counts: Counts;
  readonly stale: number;
  readonly heap: number;
}

export interface Table {
  readonly setting: Setting;
  /** Processes that wanted to run, at the beginning and at the end: those of the bench itself are about three. */
  readonly load: readonly [number, number];
  readonly samples: readonly Sample[];
  readonly rows: readonly Row[];
}

type Figure = (sample: Sample) => number;
const time: Figure = (sample) => sample.time;
const thread: Figure = (sample) => sample.thread;

const ratiosByRound = (own: readonly Sample[], others: readonly Sample[], figure: Figure): number[] =>
  [...new Set(own.map(({round}) => round))].map((round) => {
    const of = (samples: readonly Sample[]): number =>
      median(samples.filter((sample) => sample.round === round).map(figure));
    return of(own) / of(others);
  });

const row = (scenario: Scenario, way: string, own: readonly Sample[], others: readonly Sample[]): Row => {
  const ratio = (figure: Figure): number => median(own.map(figure)) / median(others.map(figure));
  const count = (name: keyof Counts): number => median(own.map(({counts}) => counts[name]));
  return {
    way,
    scenario,
    time: spreadOf(own.map(time)),
    thread: spreadOf(own.map(thread)),
    timeRatio: ratio(time),
    threadRatio: ratio(thread),
    timeRatios: spreadOf(ratiosByRound(own, others, time)),
    threadRatios: spreadOf(ratiosByRound(own, others, thread)),
    counts: {
      requests: count('requests'),
      preflights: count('preflights'),
      answered: count('answered'),
      unauthorized: count('unauthorized'),
      aborted: count('aborted'),
      refreshes: count('refreshes'),
    },
    stale: median(own.map(({stale}) => stale)),
    heap: median(own.map(({heap}) => heap)),
  };
};

export const tabulate = (
  setting: Setting,
  samples: readonly Sample[],
  wayNames: readonly string[],
  load: Table['load'],
): Table => {
  const rows = setting.scenarios.flatMap((scenario) => {
    const of = (way: string): Sample[] => samples.filter((each) => each.scenario === scenario && each.way === way);
    return wayNames.filter((way) => of(way).length > 0).map((way) => row(scenario, way, of(way), of(base)));
  });
  return {setting, load, samples, rows};
};
