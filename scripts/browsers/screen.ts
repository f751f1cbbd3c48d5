import {startHelper} from './helper-process.js';

export interface Screen {
  readonly display: string;
  close(): void;
}

const seconds = 20;

/** A screen in memory, on a free number that the X server chooses. */
export const openScreen = (xvfb: string): Promise<Screen> =>
  new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
    const {child, stop} = startHelper(xvfb, args, ['ignore', 'ignore', 'ignore', 'pipe']);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${xvfb} gave no display within ${seconds} seconds`));
    }, seconds * 1000);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${xvfb} ended with ${code ?? 'a signal'}`)));
    child.stdio[3]?.once('data', (chunk: Buffer) => {
      clearTimeout(timer);
      resolve({display: `:${chunk.toString().trim()}`, close: stop});
    });
  });
