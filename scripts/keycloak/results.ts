import {readFile} from 'node:fs/promises';

/** What a test noted down: requests as they arrived at Keycloak, secrets masked. */
export interface TestNotes {
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
  readonly requests: readonly string[];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? {...value} : {};

const notesOf = (value: unknown): TestNotes[] => {
  const suite = record(value);
  const own = list(suite['specs']).flatMap((spec) => {
    const {title, file, tests} = record(spec);
    return list(tests)
      .map(record)
      .map((test): TestNotes => ({
        file: String(file),
        title: String(title),
        passed: test['status'] === 'expected',
        requests: list(test['annotations'])
          .map(record)
          .filter(({type}) => type === 'request')
          .map(({description}) => String(description)),
      }));
  });
  return [...own, ...list(suite['suites']).flatMap(notesOf)];
};

/** Reads Playwright's JSON report. */
export const readNotes = async (path: string): Promise<readonly TestNotes[]> =>
  list(record(JSON.parse(await readFile(path, 'utf8').catch(() => '{}')))['suites']).flatMap(notesOf);
