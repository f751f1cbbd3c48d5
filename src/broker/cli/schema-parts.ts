import * as v from 'valibot';
import {text} from '../check-options.js';

/** The name of an environment variable, or the path of a file; never the secret itself. */
export const secret = v.union(
  [v.strictObject({env: text}), v.strictObject({file: text})],
  'must be {"env": "NAME"} or {"file": "path"}: no secret is written into the configuration',
);

export const oneOrMany = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.union([schema, v.pipe(v.array(schema), v.minLength(1))], 'must be a reference such as {"env": "NAME"}, or several');

export const flag = v.boolean('must be true or false');

export const list = (what: string) =>
  v.pipe(v.array(text, `must be an array of ${what}`), v.minLength(1, 'must not be empty'));

export const positive = (unit: string) =>
  v.pipe(v.number(`must be a number of ${unit}`), v.gtValue(0, 'must be more than 0'));
