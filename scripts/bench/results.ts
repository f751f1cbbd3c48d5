import type {Setting} from './options.js';
import type {Scenario} from './scenarios.js';
import type {Counts} from './server/counts.js';
import {median, spreadOf, type Spread} from './statistics.js';
import type {Sample} from './visit.js';
import {base, control} from './ways.js';

/** One way in one scenario, over all rounds. */
export interface Row {
  readonly way: string;
  readonly scenario: Scenario;
  /** Milliseconds. */
  readonly time: Spread;
  readonly thread: Spread;
  /** Of the medians over all rounds, to those of plain tiles: the base and its control pooled. */
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

export type Figure = 'time' | 'thread';

const isPlain = ({way}: Sample): boolean => way === base || way === control;

const ratiosByRound = (own: readonly Sample[], plain: readonly Sample[], figure: Figure): number[] =>
  [...new Set(own.map(({round}) => round))].map((round) => {
    const of = (samples: readonly Sample[]): number =>
      median(samples.filter((sample) => sample.round === round).map((sample) => sample[figure]));
    return of(own) / of(plain);
  });

/** To plain tiles, of each round of several scenarios. */
export const ratiosIn = ({samples}: Table, way: string, scenarios: readonly Scenario[], figure: Figure): number[] =>
  scenarios.flatMap((scenario) => {
    const here = samples.filter((sample) => sample.scenario === scenario);
    return ratiosByRound(
      here.filter((sample) => sample.way === way),
      here.filter(isPlain),
      figure,
    );
  });

const row = (scenario: Scenario, way: string, own: readonly Sample[], plain: readonly Sample[]): Row => {
  const valuesOf = (samples: readonly Sample[], figure: Figure): number[] => samples.map((sample) => sample[figure]);
  const ratio = (figure: Figure): number => median(valuesOf(own, figure)) / median(valuesOf(plain, figure));
  const count = (name: keyof Counts): number => median(own.map(({counts}) => counts[name]));
  return {
    way,
    scenario,
    time: spreadOf(valuesOf(own, 'time')),
    thread: spreadOf(valuesOf(own, 'thread')),
    timeRatio: ratio('time'),
    threadRatio: ratio('thread'),
    timeRatios: spreadOf(ratiosByRound(own, plain, 'time')),
    threadRatios: spreadOf(ratiosByRound(own, plain, 'thread')),
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
    const here = samples.filter((sample) => sample.scenario === scenario);
    const of = (way: string): Sample[] => here.filter((sample) => sample.way === way);
    return wayNames.filter((way) => of(way).length > 0).map((way) => row(scenario, way, of(way), here.filter(isPlain)));
  });
  return {setting, load, samples, rows};
};
