import {readFile} from 'node:fs/promises';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** `counts` is what our own reporters for Web Test Runner and node:test write, `playwright` is Playwright's JSON. */
export type ReportFormat = 'counts' | 'playwright';

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};

/** A test that is left out counts as failed: a green run means that everything ran. */
const readers: Readonly<Record<ReportFormat, (report: unknown) => Counts>> = {
  counts: (report) => {
    const {passed, failed, skipped} = record(report);
    return {passed: number(passed), failed: number(failed) + number(skipped)};
  },
  playwright: (report) => {
    const {stats, errors} = record(report);
    const {expected, unexpected, flaky, skipped} = record(stats);
    const outside = Array.isArray(errors) ? errors.length : 0;
    return {passed: number(expected), failed: number(unexpected) + number(flaky) + number(skipped) + outside};
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
