import {readFile} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import * as v from 'valibot';
import {issuePath, issueWords} from '../issue.js';
import {ConfigError, problemAt, type ConfigProblem} from './config-error.js';
import {codeOf} from './error-code.js';
import {configSchema, type BrokerConfig} from './config-schema.js';

/** The configuration as it stands in the file, checked, and the folder that its paths are relative to. */
export interface ReadConfig {
  readonly config: BrokerConfig;
  readonly folder: string;
}

const toProblem = (issue: v.BaseIssue<unknown>): ConfigProblem => ({
  path: issuePath(issue),
  words: issueWords(issue),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** Whether it could go on so: what Node complains about is the end of it. */
const isBeginning = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const position = /at position (\d+)/.exec(messageOf(error))?.[1];
    return /end of JSON|Unterminated/.test(messageOf(error)) || Number(position) >= text.length;
  }
};

/** Node's own message quotes what is around the mistake, and does not always say where it is. */
const parse = (content: string): unknown => {
  const text = content.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.trimEnd().split('\n');
    const wrong = lines.findIndex((_, index) => !isBeginning(lines.slice(0, index + 1).join('\n')));
    throw problemAt([], wrong < 0 ? 'is no JSON: it ends too early' : `is no JSON: look at line ${wrong + 1}`);
  }
};

/** Checks a document. @throws ConfigError that names every wrong place. */
export const checkConfig = (document: unknown): BrokerConfig => {
  const result = v.safeParse(configSchema, document);
  if (result.success) return result.output;
  throw new ConfigError(result.issues.map(toProblem));
};

/** @throws ConfigError */
export const readConfig = async (path: string): Promise<ReadConfig> => {
  const file = resolve(path);
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw problemAt([], `cannot be read (${codeOf(error)})`);
  });
  return {config: checkConfig(parse(content)), folder: dirname(file)};
};
