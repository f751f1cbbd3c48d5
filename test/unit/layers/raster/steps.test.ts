import {expect} from '@open-wc/testing';
import {Steps} from '../../../../src/layers/raster/steps.js';
import {settled, TestEnvironment} from '../../../doubles/test-environment.js';

describe('what arrives one by one', () => {
  let clock: TestEnvironment;
  let steps: Steps;
  let seen: string[];

  beforeEach(() => {
    clock = new TestEnvironment();
    steps = new Steps(clock);
    seen = [];
  });

  const load = (name: string): PromiseWithResolvers<string> => {
    const loading = Promise.withResolvers<string>();
    steps.together(loading.promise).then(
      (image) => seen.push(image),
      () => seen.push(`no ${name}`),
    );
    return loading;
  };

  it('waits for the end of the step', async () => {
    const [first, second] = ['a', 'b', 'that hangs'].map(load);
    first?.resolve('a');
    await clock.pass(30);
    second?.resolve('b');
    await clock.pass(19);
    expect(seen).to.eql([]);
    await clock.pass(1);
    expect(seen).to.eql(['a', 'b']);
    expect(clock.pending.timers).to.equal(0);
  });

  it('is handed on with the last one, at once', async () => {
    const [first, second] = ['a', 'b'].map(load);
    first?.resolve('a');
    await settled();
    expect([seen, clock.pending.timers]).to.eql([[], 1]);
    second?.resolve('b');
    await settled();
    expect(seen.toSorted()).to.eql(['a', 'b']);
    expect(clock.pending.timers).to.equal(0);
  });

  it('does not hold back what failed', async () => {
    const [first] = ['a', 'that hangs'].map(load);
    first?.reject(new Error('no'));
    await settled();
    expect([seen, clock.pending.timers]).to.eql([['no a'], 0]);
  });

  it('leaves no timer behind when the rest is given up', async () => {
    const [first, second] = ['a', 'b'].map(load);
    first?.resolve('a');
    await settled();
    second?.reject(new DOMException('Removed', 'AbortError'));
    await settled();
    expect(clock.pending.timers).to.equal(0);
  });
});
