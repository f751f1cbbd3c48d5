import * as v from 'valibot';
import {callable, text} from './check-options.js';
import type {Authorize} from './handler.js';

/** What every function of the broker takes. */
export interface CommonOptions {
  /** Whether the visitor of this request may see the map. Without it nothing is given to anybody. */
  readonly authorize: Authorize;
  /** Origins of pages that may ask from elsewhere, such as `https://www.example`. Default: the broker's own only. */
  readonly origins?: readonly string[] | undefined;
  /** Lets http servers that are not on this machine be asked, and http pages ask. Default: false. */
  readonly allowHttp?: boolean | undefined;
  /** Seconds that a platform may take to answer. Default: 10. */
  readonly timeout?: number | undefined;
  /** The network, for a runtime with an agent or a certificate authority of its own. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Told what went wrong, for a log; visitors are told far less. What it is given never holds a secret. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export const commonEntries = {
  authorize: callable,
  origins: v.optional(v.array(text, 'must be an array of origins'), []),
  allowHttp: v.optional(v.boolean('must be true or false'), false),
  timeout: v.optional(
    v.pipe(
      v.number('must be a number of seconds'),
      v.minValue(0.1, 'must be 0.1 or more'),
      v.maxValue(300, 'must be 300 at most'),
    ),
    10,
  ),
  fetch: v.optional(callable),
  now: v.optional(callable),
  onError: v.optional(callable),
};
