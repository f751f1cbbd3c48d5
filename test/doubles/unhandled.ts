const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The rejections that nobody handled while `task` ran. */
export const unhandledDuring = async (task: () => Promise<unknown>): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  const listen = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    found.push(event.reason);
  };
  addEventListener('unhandledrejection', listen);
  try {
    await task();
    // They are told of in a task of their own, queued when the one that rejected has ended.
    await nextTask();
    await nextTask();
    return found;
  } finally {
    removeEventListener('unhandledrejection', listen);
  }
};
