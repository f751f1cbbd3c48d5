import {formatPath} from '../issue.js';

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

export const problemAt = (keys: readonly (string | number)[], words: string): ConfigError =>
  new ConfigError([{path: formatPath(keys), words}]);
