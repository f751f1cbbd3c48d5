import type * as v from 'valibot';

type Keys = readonly (string | number)[];

const isPlainName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

/** A place in options or in a document, as JavaScript would write it: `routes["/map-token"].secret.password`. */
export const formatPath = (keys: Keys): string =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!isPlainName(key)) return `${path}[${JSON.stringify(key)}]`;
    return path ? `${path}.${key}` : key;
  }, '');

/** Where the library found something wrong. */
export const issuePath = ({path}: v.BaseIssue<unknown>): string =>
  formatPath((path ?? []).map(({key}) => (typeof key === 'number' ? key : String(key))));

/** What is wrong there. The library's own words quote what was received, which may be a password. */
export const issueWords = ({kind, type, expected, message, received}: v.BaseIssue<unknown>): string => {
  if (type === 'strict_object' && expected === 'never') return 'is not known here';
  if (kind === 'schema' && received === 'undefined') return 'is missing';
  return message.startsWith('Invalid ') ? `must be ${expected ?? 'something else'}` : message;
};
