import {fork} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Counts} from './server/counts.js';

export interface StartServer {
  readonly type: 'start';
  readonly http: 1 | 2;
  readonly latencyMs: number;
  /** The built package, what the pages of the bench were built into, and `node_modules`. */
  readonly dist: string;
  readonly pages: string;
  readonly modules: string;
}

export type ToServer = StartServer | {readonly type: 'counts'; readonly of: string};

export type FromServer =
  | {readonly type: 'started'; readonly site: string; readonly host: string; readonly tileBytes: number}
  | {readonly type: 'counts'; readonly of: string; readonly counts: Counts};

export interface BenchServer {
  /** The origin of the pages. */
  readonly site: string;
  /** Another site, with tiles and a bridge. */
  readonly host: string;
  readonly tileBytes: number;
  /** What was seen of one map so far. */
  counts(of: string): Promise<Counts>;
  stop(): void;
}

export const startServer = async (options: Omit<StartServer, 'type'>): Promise<BenchServer> => {
  const child = fork(fileURLToPath(new URL('server/process.ts', import.meta.url)));
  const ask = (message: ToServer, isAnswer: (answer: FromServer) => boolean): Promise<FromServer> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onMessage = (answer: FromServer): void => {
        if (!isAnswer(answer)) return;
        settle();
        resolve(answer);
      };
      const onExit = (): void => {
        settle();
        reject(new Error('The server of the bench has ended.'));
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(message);
    });
  const started = await ask({type: 'start', ...options}, ({type}) => type === 'started');
  if (started.type !== 'started') throw new Error('The server of the bench did not start.');
  const {site, host, tileBytes} = started;
  return {
    ...{site, host, tileBytes},
    async counts(of) {
      const answer = await ask({type: 'counts', of}, (each) => each.type === 'counts' && each.of === of);
      if (answer.type !== 'counts') throw new Error('No counts.');
      return answer.counts;
    },
    stop: () => void (child.connected && child.disconnect()),
  };
};
