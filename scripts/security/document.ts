import {readFile, writeFile} from 'node:fs/promises';
import {format, resolveConfig} from 'prettier';
import {wordsOf, type Row} from './rows.js';

const path = 'docs/security.md';
const begin = '<!-- Made by `npm run docs:security`. -->';
const end = '<!-- The end of what is made. -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const line = ({number, level, words, tests}: Row): string => {
  const files = [...new Set(tests.map(({file}) => file))];
  const shown = files.map((file) => {
    const titles = tests.filter((test) => test.file === file).map(wordsOf);
    return `[${file.replace(/^security\/|\.spec\.ts$/g, '')}](../test/${file}): ${titles.join('; ')}`;
  });
  return `| ${number} | ${level} | ${cell(words)} | ${cell(shown.join('<br>'))} |`;
};

/** The document with the table as the rows have it. Whether the tests pass says the run and not the document. */
const render = async (text: string, rows: readonly Row[]): Promise<string> => {
  const [before, rest = ''] = text.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`${path} has lost the marks around its table.`);
  const table = ['| # | Level | Requirement | Shown by |', '| -: | - | - | - |', ...rows.map(line)].join('\n');
  const options = await resolveConfig(path);
  return format(`${before}${begin}\n\n${table}\n\n${end}${after}`, {...options, filepath: path});
};

export const writeDocument = async (rows: readonly Row[]): Promise<void> =>
  writeFile(path, await render(await readFile(path, 'utf8'), rows));

export const isDocumentCurrent = async (rows: readonly Row[]): Promise<boolean> => {
  const text = await readFile(path, 'utf8');
  return text === (await render(text, rows));
};
