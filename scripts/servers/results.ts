import {readFile} from 'node:fs/promises';

/** What the tests of a row noted down; both tests of a row add to it. */
export interface RowResult {
  readonly name: string;
  readonly requests?: number;
  readonly refused?: number;
  readonly refreshes?: number;
  readonly told?: Readonly<Record<'forbidden' | 'refused' | 'unknown', readonly string[]>>;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};

const notesOf = (value: unknown): RowResult[] => {
  const suite = record(value);
  const tests = list(suite['specs']).flatMap((spec) => list(record(spec)['tests']));
  const own = tests
    .filter((test) => record(test)['status'] === 'expected')
    .flatMap((test) => list(record(test)['annotations']))
    .map(record)
    .filter(({type}) => type === 'row')
    .map(({description}): RowResult => JSON.parse(String(description)));
  return [...own, ...list(suite['suites']).flatMap(notesOf)];
};

/** Reads Playwright's JSON report; a row that failed has noted nothing. */
export const readRows = async (path: string): Promise<ReadonlyMap<string, RowResult>> => {
  const rows = new Map<string, RowResult>();
  const report = record(JSON.parse(await readFile(path, 'utf8').catch(() => '{}')));
  for (const note of list(report['suites']).flatMap(notesOf)) rows.set(note.name, {...rows.get(note.name), ...note});
  return rows;
};
