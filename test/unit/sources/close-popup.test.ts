import {expect} from '@open-wc/testing';
import {closePopup} from '../../../src/sources/window/close-popup.js';
import type {Popup} from '../../../src/sources/window/page.js';
import {TestEnvironment} from '../../doubles/test-environment.js';

/** A window on which the first `lost` calls of `close()` have no effect. */
const windowThat = (lost: number): {readonly popup: Popup; readonly calls: () => number} => {
  let calls = 0;
  const popup = {
    get closed() {
      return calls > lost;
    },
    close: () => void (calls += 1),
  };
  return {popup: popup as unknown as Popup, calls: () => calls};
};

describe('closing a window', () => {
  for (const [lost, delay] of [
    [1, 300],
    [2, 1_500],
  ] as const) {
    it(`is done again after ${delay} ms where it was lost ${lost} times`, async () => {
      const environment = new TestEnvironment();
      const {popup} = windowThat(lost);
      closePopup(popup, environment);
      await environment.pass(delay - 1);
      expect(popup.closed).to.equal(false);
      await environment.pass(1);
      expect(popup.closed).to.equal(true);
    });
  }

  it('is done once where that is enough, and given up in the end', async () => {
    for (const [lost, calls] of [
      [0, 1],
      [9, 3],
    ] as const) {
      const environment = new TestEnvironment();
      const made = windowThat(lost);
      closePopup(made.popup, environment);
      await environment.pass(60_000);
      expect([made.calls(), environment.pending.timers]).to.eql([calls, 0]);
    }
  });
});
