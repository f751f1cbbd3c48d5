import * as v from 'valibot';
import {text} from '../check-options.js';

/** An account with as few rights as the map needs. From the environment or a file, never from a page. */
export interface NameAndPassword {
  readonly username: string;
  readonly password: string;
}

export const nameAndPassword = v.strictObject(
  {username: text, password: text},
  'must be an object with "username" and "password"',
);

/** RFC 7617, in UTF-8. */
export const basic = (name: string, password: string): string =>
  btoa(String.fromCodePoint(...new TextEncoder().encode(`${name}:${password}`)));
