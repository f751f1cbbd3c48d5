/**
 * Holds every timer of ten seconds or more until `passTime` lets that much time pass, so that nobody has to wait for
 * minutes; the short ones, by which a popup is watched, run as they are. Runs before anything else of the page.
 */
export const holdLongTimers = (): void => {
  const {setTimeout, clearTimeout} = window;
  const {now} = Date;
  const held = new Map<number, {readonly due: number; readonly task: () => void}>();
  let passed = 0;
  let last = 0;
  Date.now = () => now() + passed;
  Object.assign(window, {
    setTimeout: (task: () => void, delay = 0) => {
      if (delay < 10_000) return setTimeout(task, delay);
      last -= 1;
      held.set(last, {due: Date.now() + delay, task});
      return last;
    },
    clearTimeout: (id?: number) => {
      if (id === undefined || !held.delete(id)) clearTimeout(id);
    },
    passTime: (milliseconds: number) => {
      passed += milliseconds;
      for (const [id, {due, task}] of held) {
        if (due > Date.now()) continue;
        held.delete(id);
        task();
      }
    },
  });
};
