/** Something wrong in the configuration, and where. The words never quote what was found, which may be a secret. */
export interface ConfigProblem {
  /** Such as `routes["/map-token"].secret.password`; empty for the whole document. */
  readonly path: string;
  /** What is wrong with it, and what is allowed. */
  readonly words: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({path, words}) => (path ? `${path}: ${words}` : words)).join('\n'));
    this.problems = problems;
  }
}

const isPlainName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

/** A place in the document, as JavaScript would write it. */
export const formatPath = (keys: readonly (string | number)[]): string =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!isPlainName(key)) return `${path}[${JSON.stringify(key)}]`;
    return path ? `${path}.${key}` : key;
  }, '');

export const problemAt = (keys: readonly (string | number)[], words: string): ConfigError =>
  new ConfigError([{path: formatPath(keys), words}]);
