import {setTimeout as wait} from 'node:timers/promises';

const pause = 100;

/** Asks again and again until the answer is yes. A question that fails counts as no: a page may be on its way. */
export const until = async (what: string, ask: () => Promise<boolean>, seconds = 60): Promise<void> => {
  const end = performance.now() + seconds * 1000;
  let trouble = '';
  for (;;) {
    try {
      if (await ask()) return;
      trouble = '';
    } catch (error) {
      trouble = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}${trouble}`);
    await wait(pause);
  }
};
