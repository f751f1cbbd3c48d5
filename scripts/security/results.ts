import {readFile} from 'node:fs/promises';

export interface ShownTest {
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What it printed: its measurements. */
  readonly printed: string;
}

export interface Results {
  readonly tests: readonly ShownTest[];
  /** What went wrong outside any test. */
  readonly errors: readonly string[];
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const printedBy = (result: unknown): string =>
  list(record(result)['stdout'])
    .map((part) => text(record(part)['text']))
    .join('');

const readSpec = (value: unknown): ShownTest => {
  const spec = record(value);
  const results = list(spec['tests']).flatMap((test) => list(record(test)['results']));
  const last = record(results.at(-1));
  return {
    file: text(spec['file']),
    title: text(spec['title']),
    // A test that was left out has not shown anything.
    passed: spec['ok'] === true && last['status'] === 'passed',
    seconds: Number(last['duration'] ?? 0) / 1000,
    printed: results.map(printedBy).join(''),
  };
};

const testsOf = (value: unknown): ShownTest[] => {
  const suite = record(value);
  return [...list(suite['specs']).map(readSpec), ...list(suite['suites']).flatMap(testsOf)];
};

/** Reads the JSON report of Playwright; `undefined` when there is none. */
export const readResults = async (path: string): Promise<Results | undefined> => {
  try {
    const report = record(JSON.parse(await readFile(path, 'utf8')));
    return {
      tests: list(report['suites']).flatMap(testsOf),
      errors: list(report['errors']).map((error) => text(record(error)['message']) || 'an error without a message'),
    };
  } catch {
    return undefined;
  }
};
