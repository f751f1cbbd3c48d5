/** Half a frame: what the page has to do in between still comes in time. */
const slice = 8;

/** The next task of the page; a timer would wait longer each time that it is set anew. */
const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });

/** Turns each item into something else without holding the page up. Rejects when `signal` fires. */
export const inSlices = async <T, R>(items: readonly T[], signal: AbortSignal, turn: (item: T) => R): Promise<R[]> => {
  const turned: R[] = [];
  let until = performance.now() + slice;
  for (const item of items) {
    turned.push(turn(item));
    if (performance.now() < until) continue;
    await nextTask();
    signal.throwIfAborted();
    until = performance.now() + slice;
  }
  return turned;
};
