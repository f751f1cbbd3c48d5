import {readFile} from 'node:fs/promises';

/** Linux counts in hundredths of a second (`getconf CLK_TCK`). */
const TICK = 10;

/**
 * Milliseconds of processor time that a process has used so far: what a request costs, whatever else the machine does.
 * Linux only; NaN elsewhere.
 */
export const processorTime = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in brackets, may have spaces in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
};
