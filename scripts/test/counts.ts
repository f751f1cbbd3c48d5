import {readFile} from 'node:fs/promises';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Each test that failed, by its name, with the first line of why. */
  readonly failures: readonly string[];
}

/** `counts` is what our own reporters for Web Test Runner and node:test write, `playwright` is Playwright's JSON. */
export type ReportFormat = 'counts' | 'playwright';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};

// Playwright colours its messages, also in JSON.
// oxlint-disable-next-line no-control-regex
const colours = /\u001B\[[0-9;]*m/g;

const firstLine = (message: unknown): string =>
  typeof message === 'string' ? (message.replace(colours, '').split('\n', 1)[0] ?? '') : '';

/** The specs of a suite of Playwright and of the suites in it that did not pass. */
const failuresOf = (suite: unknown): string[] => {
  const {specs, suites} = record(suite);
  const failed = list(specs)
    .map(record)
    // Not by `ok`, which is true of what was left out, and of what failed at first.
    .filter(({tests}) => list(tests).some((test) => record(test)['status'] !== 'expected'))
    .map(({file, line, title, tests}) => {
      const results = list(tests).flatMap((test) => list(record(test)['results']));
      const messages = results.map((result) => firstLine(record(record(result)['error'])['message']));
      return `${String(file)}:${String(line)} ${String(title)}: ${messages.find((message) => message !== '') ?? ''}`;
    });
  return [...failed, ...list(suites).flatMap(failuresOf)];
};

/** A test that is left out counts as failed: a green run means that everything ran. */
const readers: Readonly<Record<ReportFormat, (report: unknown) => Counts>> = {
  counts: (report) => {
    const {passed, failed, skipped, failures} = record(report);
    return {passed: number(passed), failed: number(failed) + number(skipped), failures: list(failures).map(String)};
  },
  playwright: (report) => {
    const {stats, errors, suites} = record(report);
    const {expected, unexpected, flaky, skipped} = record(stats);
    const outside = list(errors).map((error) => firstLine(record(error)['message']));
    return {
      passed: number(expected),
      failed: number(unexpected) + number(flaky) + number(skipped) + outside.length,
      failures: [...list(suites).flatMap(failuresOf), ...outside],
    };
  },
};

/** What a runner's report says, or `undefined` when there is none that can be read. */
export const countReport = async (format: ReportFormat, path: string): Promise<Counts | undefined> => {
  try {
    return readers[format](JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};
