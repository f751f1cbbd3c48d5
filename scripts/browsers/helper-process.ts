import {spawn, type ChildProcess, type StdioOptions} from 'node:child_process';

export interface HelperProcess {
  readonly child: ChildProcess;
  stop(): void;
}

/** A program that works for this one, and ends with it whatever happens. */
export const startHelper = (
  program: string,
  args: readonly string[],
  stdio: StdioOptions,
  env: NodeJS.ProcessEnv = process.env,
  /** What ends it: some programs take `SIGTERM` for a wish. */
  signal: NodeJS.Signals = 'SIGTERM',
): HelperProcess => {
  const child = spawn(program, args, {stdio, env});
  const kill = (): void => void child.kill(signal);
  process.once('exit', kill);
  return {
    child,
    stop() {
      process.off('exit', kill);
      kill();
    },
  };
};
