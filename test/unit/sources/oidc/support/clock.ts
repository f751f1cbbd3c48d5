import type {Environment} from '../../../../../src/credentials/environment.js';

export interface Clock extends Environment {
  /** Lets time pass and runs what falls due, in order. */
  advance(milliseconds: number): void;
}

interface Task {
  readonly at: number;
  readonly run: () => void;
}

export const createClock = (fetch: typeof globalThis.fetch, start = Date.now()): Clock => {
  let now = start;
  const tasks = new Set<Task>();
  const next = (until: number): Task | undefined =>
    [...tasks].filter(({at}) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    fetch,
    now: () => now,
    random: () => 0.5,
    onWake: () => () => undefined,
    after(delay, run) {
      const task = {at: now + delay, run};
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (let task = next(end); task; task = next(end)) {
        tasks.delete(task);
        now = Math.max(now, task.at);
        task.run();
      }
      now = end;
    },
  };
};
