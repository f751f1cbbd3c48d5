import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {problemAt} from './config-error.js';
import {codeOf} from './error-code.js';

/** Where a secret is. The configuration itself never holds one, so that it can be shown, copied and put under version control. */
export type SecretReference = {readonly env: string} | {readonly file: string};

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the configuration, which the paths of files are relative to. */
  readonly folder: string;
}

type Keys = readonly (string | number)[];

const isReference = (value: object): value is SecretReference => {
  const [[key, name] = [], ...others] = Object.entries(value);
  return others.length === 0 && (key === 'env' || key === 'file') && typeof name === 'string';
};

const read = async (reference: SecretReference, keys: Keys, {env, folder}: SecretSources): Promise<string> => {
  if ('env' in reference) {
    const value = env[reference.env];
    if (value) return value;
    const words = value === undefined ? 'is not set' : 'is empty';
    throw problemAt([...keys, 'env'], `the environment variable ${reference.env} ${words}`);
  }
  const path = resolve(folder, reference.file);
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw problemAt([...keys, 'file'], `${path} cannot be read (${codeOf(error)})`);
  });
  // Editors and `echo` put a line break at the end, which is no part of a secret.
  const value = content.replace(/\r?\n$/, '');
  if (value) return value;
  throw problemAt([...keys, 'file'], `${path} is empty`);
};

/** A copy of a part of the configuration with every reference replaced by what it refers to. */
export const withSecrets = async (value: unknown, keys: Keys, sources: SecretSources): Promise<unknown> => {
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => withSecrets(item, [...keys, index], sources)));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isReference(value)) return read(value, keys, sources);
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await withSecrets(item, [...keys, key], sources)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
};
