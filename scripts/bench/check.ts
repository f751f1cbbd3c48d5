import type {Setting} from './options.js';
import type {Sample} from './visit.js';
import {base, type Way} from './ways.js';

/** Counts that no load of the machine can change. What is wrong with them, in words. */
export const checkCounts = (setting: Setting, samples: readonly Sample[], ways: readonly Way[]): string[] => {
  const wrong: string[] = [];
  const where = `HTTP/${setting.http}, ${setting.size.width} × ${setting.size.height}`;
  const expected = (scenario: Sample['scenario']): number | undefined =>
    samples.find((each) => each.way === base && each.scenario === scenario)?.counts.requests;

  for (const sample of samples) {
    const {scenario, counts, stale, round} = sample;
    const way = ways.find(({name}) => name === sample.way);
    const isTag = way?.page === 'tag';
    const isSettled = scenario === 'first' || scenario === 'next' || scenario === 'load';
    const expect = (what: string, is: number | boolean, should: number | boolean | undefined): void => {
      if (should !== undefined && is !== should)
        wrong.push(`${where}, ${scenario}, ${sample.way}, round ${round}: ${what} is ${is} and not ${should}`);
    };
    expect('the map complete', sample.isDrawn, true);
    if (!way || way.needs !== undefined) continue;
    if (isSettled) {
      expect('requests', counts.requests, expected(scenario));
      expect('answers', counts.answered, counts.requests);
      expect('aborted', counts.aborted, 0);
      expect('refreshes', counts.refreshes, 0);
    }
    if (way.from === 'page' || way.how === 'bridge') expect('preflights', counts.preflights, 0);
    else if (isSettled) expect('preflights', counts.preflights, counts.requests);
    else if (scenario === 'expired') expect('preflights', counts.preflights, counts.answered);
    if (scenario === 'expired' && isTag) {
      expect('refreshes', counts.refreshes, 1);
      expect('answers', counts.answered, expected(scenario));
    }
    if (scenario === 'zoom' && isTag) expect('stale tiles', stale, 0);
  }
  return wrong;
};
