import type {BaseIssue} from 'valibot';
import {SecureMapError} from '../credentials/errors.js';

type Issue = BaseIssue<unknown>;

/** `layers[2]` and the issue's own path: `layers[2].url`. */
const pathOf = (root: string, issue: Issue): string =>
  (issue.path ?? []).reduce(
    (path, {key}) => (typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key)),
    root,
  );

/** The words of the schema library name nothing that is allowed. */
const wordsOf = ({type, expected, message}: Issue): string =>
  type === 'strict_object' && expected === 'never' ? 'is not known here' : message;

/** What the schema says is wrong, and where. */
export const problem = (code: 'invalid-config' | 'invalid-layer', root: string, issue: Issue): SecureMapError =>
  new SecureMapError(code, `${pathOf(root, issue) || 'config'}: ${wordsOf(issue)}`);
