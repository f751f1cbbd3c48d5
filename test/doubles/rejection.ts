import {expect} from '@open-wc/testing';
import {SecureMapError, type SecureMapErrorCode} from '../../src/credentials/errors.js';

/** What a promise was rejected with; a promise that is fulfilled fails the test. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected a rejection, got ${String(value)}.`);
};

export const thrown = (task: () => unknown): unknown => {
  try {
    task();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error.');
};

export const expectError = (error: unknown, code: SecureMapErrorCode): SecureMapError => {
  if (!(error instanceof SecureMapError)) throw new Error(`Expected a SecureMapError, got ${String(error)}.`);
  expect(error.code).to.equal(code);
  return error;
};

/** The text of an error, of its causes and of all its fields. */
export const everythingIn = (value: unknown): string => {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? String(value);
  const fields = Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, Reflect.get(value, name)]));
  delete fields['cause'];
  const cause = value.cause === undefined ? '' : everythingIn(value.cause);
  return `${value.name} ${value.message} ${value.stack} ${JSON.stringify(fields)} ${cause}`;
};
