import * as v from 'valibot';
import {text} from '../check-options.js';
import {flag, list, positive} from './schema-parts.js';

const forward = v.strictObject(
  {
    /** Answers 2xx to the cookies of a visitor who may see the map, 401, 403 or a redirect to those of others. */
    url: text,
    /** Names of the cookies that are passed on. Default: all. */
    cookies: v.optional(list('names')),
    /** How long a yes holds for the same cookies. 0: every request is asked about. */
    cacheSeconds: v.optional(v.pipe(v.number('must be a number of seconds'), v.minValue(0, 'must be 0 or more')), 5),
    timeout: v.optional(positive('seconds'), 5),
    allowHttp: v.optional(flag, false),
  },
  'must be an object with "url"',
);

const entries = {
  /** The path of a sign-in of this configuration: whoever is signed in there may. */
  signIn: v.optional(text),
  /** Asks the site. */
  forward: v.optional(forward),
};

const isOne = (given: object): boolean => Object.values(given).filter((value) => value !== undefined).length === 1;

/** Who is let in where only known visitors make sense. */
export const who = v.pipe(
  v.strictObject(entries, 'must be an object'),
  v.check((given) => isOne(given), 'must have either "signIn" or "forward"'),
);

/** Who is let in. Everybody only when that is said. */
export const visitors = v.pipe(
  v.strictObject(
    {...entries, public: v.optional(v.literal(true, 'must be true, or be left out'))},
    'must be {"public": true}, {"signIn": "/path/"} or {"forward": {"url": "https://…"}}',
  ),
  v.check((given) => isOne(given), 'must have one of "public", "signIn" and "forward"'),
);

export type Visitors = v.InferOutput<typeof visitors>;
export type ForwardCheck = v.InferOutput<typeof forward>;
