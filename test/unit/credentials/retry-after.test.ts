import {expect} from '@open-wc/testing';
import {retryAfter} from '../../../src/credentials/retry-after.js';

const NOW = Date.UTC(2026, 10, 1);

describe('retryAfter', () => {
  for (const [what, value, wanted] of [
    ['seconds', '120', 120_000],
    ['no time at all', '0', 0],
    ['a date', 'Sun, 01 Nov 2026 00:01:00 GMT', 60_000],
    ['a date of the past: now', 'Sun, 01 Nov 2025 00:01:00 GMT', 0],
    ['a fraction is no form of it', '1.5', undefined],
    ['a negative number is no form of it', '-5', undefined],
    ['garbage, even with a number in it', 'soon 1', undefined],
    ['nothing', '', undefined],
  ] as const) {
    it(what, () => {
      expect(retryAfter(new Response(null, {headers: {'retry-after': value}}), NOW)).to.equal(wanted);
    });
  }

  it('is not there', () => {
    expect(retryAfter(new Response(null), NOW)).to.equal(undefined);
  });
});
