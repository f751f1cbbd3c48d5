import type {Tab} from './browser.js';

/** What can be handed to a page. */
type Plain = string | number | boolean | null | readonly Plain[];

/**
 * Runs a function in the page. It sees its arguments and the page, nothing of the file it is written in.
 * `__name` is what the TypeScript loader wraps functions in, and no page has it.
 */
export const inPage = <Args extends readonly Plain[]>(
  tab: Tab,
  act: (...args: Args) => unknown,
  ...args: Args
): Promise<unknown> => {
  const values = args.map((value) => JSON.stringify(value)).join(', ');
  return tab.evaluate(`((__name) => (${act.toString()})(${values}))((value) => value)`);
};
