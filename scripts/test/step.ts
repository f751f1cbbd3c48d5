import {spawn} from 'node:child_process';
import {countReport, type Counts, type ReportFormat} from './counts.js';

/** One part of `npm test`: a program to run, and where its results are to be read. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Minutes after which it counts as hanging. */
  readonly limit: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The machine-readable report of a test runner. Without one the step is a check: it passes or fails as a whole. */
  readonly report?: {readonly format: ReportFormat; readonly path: string};
}

export interface StepResult extends Counts {
  readonly name: string;
  readonly seconds: number;
  /** What it printed, when it did not print by itself. */
  readonly output: string;
  /** Why something counts as failed that no test reported. */
  readonly trouble: string | undefined;
}

interface Ending {
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly output: string;
}

const run = ({command, env, limit}: Step, quiet: boolean): Promise<Ending> =>
  new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      env: {...process.env, ...env},
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      // npm's programs are .cmd files there.
      shell: process.platform === 'win32',
    });
    let output = '';
    let timedOut = false;
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    }, limit * 60_000);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({code, timedOut, output});
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(null);
    });
    // Not `close`: a browser left behind would keep the pipes open for ever.
    child.on('exit', (code) => setTimeout(end, 100, code));
  });

const judge = async ({report, limit}: Step, {code, timedOut}: Ending): Promise<Counts & {trouble?: string}> => {
  if (!report) return code === 0 ? {passed: 1, failed: 0, failures: []} : {passed: 0, failed: 1, failures: ['failed']};
  const counts = await countReport(report.format, report.path);
  const trouble = timedOut
    ? `not done after ${limit} minutes`
    : counts === undefined
      ? 'left no report'
      : counts.passed + counts.failed === 0
        ? 'ran no test'
        : code !== 0 && counts.failed === 0
          ? `ended with ${code ?? 'a signal'} although no test failed`
          : undefined;
  const {passed, failed, failures} = counts ?? {passed: 0, failed: 0, failures: []};
  return trouble === undefined ? {passed, failed, failures} : {passed, failed: failed + 1, failures, trouble};
};

/** Runs one step to its end; never rejects. A `quiet` one keeps its output for later. */
export const runStep = async (step: Step, quiet = false): Promise<StepResult> => {
  const begin = performance.now();
  const ending = await run(step, quiet);
  const {trouble, ...counts} = await judge(step, ending);
  const seconds = (performance.now() - begin) / 1000;
  return {name: step.name, ...counts, seconds, output: ending.output, trouble};
};
