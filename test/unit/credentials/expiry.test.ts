import {expect} from '@open-wc/testing';
import {fromDate, fromLifetime, renewalTime} from '../../../src/credentials/expiry.js';
import {fromJwt} from '../../../src/credentials/jwt-expiry.js';
import {jwt} from '../../doubles/tokens.js';

const NOW = Date.UTC(2026, 10, 1);
const SECONDS = NOW / 1000;
const TEN_YEARS = 10 * 365 * 86_400_000;

const table = <T>(name: string, run: (value: T) => unknown, rows: readonly (readonly [string, T, unknown])[]): void => {
  describe(name, () => {
    for (const [what, value, wanted] of rows) {
      it(what, () => {
        expect(run(value)).to.equal(wanted);
      });
    }
  });
};

table('fromLifetime', (value: unknown) => fromLifetime(value, NOW), [
  ['a number of seconds', 60, NOW + 60_000],
  ['a fraction', 0.5, NOW + 500],
  ['a numeric string', '60', NOW + 60_000],
  ['a numeric string with spaces', ' 60 ', NOW + 60_000],
  ['0: over at once', 0, NOW],
  ['negative: over at once', -5, NOW],
  ['10^12: ten years and no more', 1e12, NOW + TEN_YEARS],
  ['NaN: unknown', NaN, undefined],
  ['Infinity: unknown', Infinity, undefined],
  ['garbage: unknown', '60 seconds', undefined],
  ['an empty string: unknown', '', undefined],
  ['a blank string: unknown', ' ', undefined],
  ['null: unknown', null, undefined],
  ['true: unknown', true, undefined],
  ['an array: unknown', [60], undefined],
  ['an object: unknown', {seconds: 60}, undefined],
  ['absent: unknown', undefined, undefined],
]);

table('fromDate', (value: unknown) => fromDate(value, NOW), [
  ['epoch seconds', SECONDS + 60, NOW + 60_000],
  ['epoch seconds as a string', `${SECONDS + 60}`, NOW + 60_000],
  ['epoch milliseconds', NOW + 60_000, NOW + 60_000],
  ['epoch milliseconds as a string', `${NOW + 60_000}`, NOW + 60_000],
  ['ISO 8601 in UTC', '2026-11-01T00:01:00Z', NOW + 60_000],
  ['ISO 8601 with an offset', '2026-11-01T02:01:00+02:00', NOW + 60_000],
  ['ISO 8601 with a space', '2026-11-01 00:01:00Z', NOW + 60_000],
  ['a date of HTTP', 'Sun, 01 Nov 2026 00:01:00 GMT', NOW + 60_000],
  ['a Date', new Date(NOW + 60_000), NOW + 60_000],
  ['a Date in the past', new Date(NOW - 60_000), NOW - 60_000],
  ['0: long over', 0, 0],
  ['10^12 is in 2001', 1e12, 1e12],
  ['beyond what a Date can hold: ten years and no more', 1e20, NOW + TEN_YEARS],
  ['an invalid Date: unknown', new Date(NaN), undefined],
  ['NaN: unknown', NaN, undefined],
  ['garbage: unknown', 'tomorrow', undefined],
  ['garbage that browsers read as a date: unknown', 'soon 1', undefined],
  ['an empty string: unknown', '', undefined],
  ['null: unknown', null, undefined],
  ['absent: unknown', undefined, undefined],
]);

table('fromJwt', (token: string) => fromJwt(token, NOW), [
  ['exp', jwt({exp: SECONDS + 300}), NOW + 300_000],
  ['exp in the past', jwt({exp: SECONDS - 300}), NOW - 300_000],
  ['exp as a numeric string', jwt({exp: '17'}), 17_000],
  ['exp as garbage: unknown', jwt({exp: 'never'}), undefined],
  ['exp as null: unknown', jwt({exp: null}), undefined],
  ['no exp: unknown', jwt({iat: SECONDS}), undefined],
  ['iat in our past: our clock as it is', jwt({iat: SECONDS - 60, exp: SECONDS + 240}), NOW + 240_000],
  ['iat in our future: our clock is behind', jwt({iat: SECONDS + 3600, exp: SECONDS + 3900}), NOW + 300_000],
  ['iat in our future as a string', jwt({iat: `${SECONDS + 3600}`, exp: SECONDS + 3900}), NOW + 300_000],
  ['iat days ahead is no clock: ignored', jwt({iat: SECONDS + 1e6, exp: SECONDS + 300}), NOW + 300_000],
  ['iat as garbage: ignored', jwt({iat: 'now', exp: SECONDS + 300}), NOW + 300_000],
  ['opaque: unknown', '2YotnFZFEjr1zCsicMWpAA', undefined],
  [
    'two parts: unknown',
    jwt({exp: SECONDS + 300})
      .split('.')
      .slice(0, 2)
      .join('.'),
    undefined,
  ],
  ['a JWE of five parts: unknown', `${jwt({exp: SECONDS + 300})}.e30.e30`, undefined],
  ['three parts that are no JSON: unknown', 'a.b.c', undefined],
  ['a payload that is an array: unknown', `e30.${btoa('[1]')}.x`, undefined],
  ['empty: unknown', '', undefined],
]);

describe('renewalTime', () => {
  const lead = (lifetime: number, luck = 0.5, skew?: number): number =>
    NOW + lifetime - renewalTime({receivedAt: NOW, expiresAt: NOW + lifetime}, {skew, random: () => luck});

  for (const [what, lifetime, wanted] of [
    ['half of a short lifetime', 45_000, 22_500],
    ['half of a minute', 60_000, 30_000],
    ['30 s of two minutes', 120_000, 30_000],
    ['20 % of five minutes', 300_000, 60_000],
    ['20 % of an hour', 3_600_000, 720_000],
    ['nothing of nothing', 0, 0],
  ] as const) {
    it(`renews ${what} ahead`, () => {
      expect(lead(lifetime)).to.equal(wanted);
    });
  }

  it('spreads by 10 % to either side, and no further', () => {
    expect(lead(300_000, 0)).to.equal(54_000);
    expect(lead(300_000, 1 - Number.EPSILON)).to.be.closeTo(66_000, 0.001);
  });

  it('takes the skew that the page asks for as it is', () => {
    expect(lead(300_000, 0, 10_000)).to.equal(10_000);
    expect(lead(300_000, 1, 0)).to.equal(0);
  });

  it('cuts a skew longer than the lifetime at half of it', () => {
    expect(lead(60_000, 0, 120_000)).to.equal(30_000);
  });

  it('never lies before a credential that was over when it came', () => {
    expect(renewalTime({receivedAt: NOW, expiresAt: NOW - 1000}, {random: () => 0.5})).to.equal(NOW - 1000);
  });
});
