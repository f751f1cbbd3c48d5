import * as v from 'valibot';
import {isSecure} from '../credentials/scope.js';
import {BrokerError} from './broker-error.js';
import {issuePath, issueWords} from './issue.js';

export const invalidOption = (option: string, words: string): BrokerError =>
  new BrokerError('invalid-option', `"${option}": ${words}`);

/** Options as the schema has them, defaults filled in; throws an `invalid-option` that names the first wrong one. */
export const checkOptions = <Output>(schema: v.GenericSchema<unknown, Output>, options: unknown): Output => {
  const result = v.safeParse(schema, options, {abortEarly: true});
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalidOption(issuePath(issue) || 'options', issueWords(issue));
};

/** Text that is not empty. */
export const text = v.pipe(v.string('must be text'), v.nonEmpty('must not be empty'));

const functionIn = (words: string): v.GenericSchema<unknown> => v.function(words);

/** Some time that is not a part of a second. */
export const wholeSeconds = v.pipe(
  v.number('must be a number of seconds'),
  v.integer('must be a whole number of seconds'),
  v.minValue(1, 'must be 1 or more'),
);

/** Any function; what it takes and gives is up to the types. */
export const callable = functionIn('must be a function');

/** An address that a secret goes to: https, or http on this machine, or http where that is asked for. */
export const secretUrl = (option: string, value: string, allowHttp: boolean): URL => {
  if (!URL.canParse(value)) throw invalidOption(option, 'must be an absolute URL');
  const url = new URL(value);
  if (url.username || url.password) throw invalidOption(option, 'must not have a user name or password in it');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalidOption(option, 'must be https');
  if (!isSecure(url) && !allowHttp) {
    throw invalidOption(option, 'must be https (http on this machine only, or with "allowHttp": true)');
  }
  return url;
};

/** The URL of a server, which others are made of. */
export const upstreamUrl = (option: string, value: string, allowHttp: boolean): URL => {
  const url = secretUrl(option, value, allowHttp);
  if (url.search || url.hash) throw invalidOption(option, 'must not have a query or fragment');
  return url;
};

/** Origins of pages, compared exactly. */
export const pageOrigins = (origins: readonly string[], allowHttp: boolean): ReadonlySet<string> => {
  for (const [index, origin] of origins.entries()) {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (url?.origin !== origin || !/^https?:$/.test(url.protocol)) {
      throw invalidOption(`origins[${index}]`, 'must be an origin such as "https://www.example", without a path or *');
    }
    if (!isSecure(url) && !allowHttp) throw invalidOption(`origins[${index}]`, 'must be https');
  }
  return new Set(origins);
};

/** A URL below another one: `https://h/base` and `/a/b` give `https://h/base/a/b`. */
export const below = (base: URL, path: string): URL => new URL(base.origin + base.pathname.replace(/\/+$/, '') + path);
