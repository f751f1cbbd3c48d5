import type {Authorize} from '../handler.js';
import type {SignIn} from '../sign-in/create-sign-in.js';
import {problemAt} from './config-error.js';
import {createForwardCheck, type ForwardCheckParts} from './forward-check.js';
import type {Visitors} from './visitor-schema.js';

export interface VisitorParts extends ForwardCheckParts {
  /** The sign-ins of the configuration by their paths. */
  readonly signIns: ReadonlyMap<string, SignIn>;
}

type Keys = readonly (string | number)[];

/** The sign-in that a part of the configuration names. */
export const signInAt = (path: string, keys: Keys, signIns: ReadonlyMap<string, SignIn>): SignIn => {
  const signIn = signIns.get(path);
  if (signIn) return signIn;
  throw problemAt(keys, 'must be the path of a route of the type "sign-in"');
};

/** Who is let in, as a route says it. */
export const createAuthorize = ({signIn, forward}: Visitors, keys: Keys, parts: VisitorParts): Authorize => {
  if (signIn !== undefined) {
    const {user} = signInAt(signIn, [...keys, 'signIn'], parts.signIns);
    return async (request) => (await user(request)) !== undefined;
  }
  // The schema has seen to it that one of the three is there.
  return forward ? createForwardCheck(forward, parts) : () => true;
};
