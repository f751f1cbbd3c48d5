import {expect} from '@open-wc/testing';
import {Steps} from '../../../../src/layers/raster/steps.js';
import {settled} from '../../../doubles/test-environment.js';

describe('what arrives one by one', () => {
  const load = (steps: Steps, seen: string[], name: string): PromiseWithResolvers<string> => {
    const loading = Promise.withResolvers<string>();
    steps.together(loading.promise).then(
      (image) => seen.push(image),
      () => seen.push(`no ${name}`),
    );
    return loading;
  };

  it('is handed on with the last one, at once', async () => {
    const [steps, seen]: [Steps, string[]] = [new Steps(), []];
    const [first, second, third] = ['a', 'b', 'c'].map((name) => load(steps, seen, name));
    first?.resolve('a');
    second?.reject(new Error('no'));
    await settled();
    third?.resolve('c');
    await settled();
    expect(seen.toSorted()).to.eql(['a', 'c', 'no b']);
  });

  it('does not wait for what hangs', async () => {
    const steps = new Steps();
    void steps.together(new Promise<never>(() => undefined));
    expect(await Promise.all([1, 2].map((image) => steps.together(Promise.resolve(image))))).to.eql([1, 2]);
  });

  it('leaves no timer behind', async () => {
    const timers = new Set<unknown>();
    const {setTimeout: start, clearTimeout: stop} = globalThis;
    globalThis.setTimeout = ((...task: Parameters<typeof start>) => {
      const timer = start(...task);
      timers.add(timer);
      return timer;
    }) as typeof start;
    globalThis.clearTimeout = (timer) => {
      timers.delete(timer);
      stop(timer);
    };
    try {
      const [steps, seen]: [Steps, string[]] = [new Steps(), []];
      const [first, second] = ['a', 'b'].map((name) => load(steps, seen, name));
      first?.resolve('a');
      await Promise.resolve();
      await Promise.resolve();
      expect(timers.size).to.equal(1);
      second?.reject(new DOMException('Removed', 'AbortError'));
      await Promise.resolve();
      await Promise.resolve();
      expect(timers.size).to.equal(0);
    } finally {
      Object.assign(globalThis, {setTimeout: start, clearTimeout: stop});
    }
  });
});
