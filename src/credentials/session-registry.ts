import type {CredentialSession} from './session.js';

/**
 * The sessions of this page by what they sign in to, so that maps with the same identity share one credential, one
 * renewal and one state. The only mutable state of a module in this project.
 */
const byName = new Map<string, CredentialSession>();
const byObject = new WeakMap<object, CredentialSession>();

/**
 * The session of an identity, made when it is first asked for. A session without listeners has no timers and does
 * nothing; it stays, so that a map that is put into the page again does not ask the visitor again.
 */
export const sharedSession = (identity: string | object, create: () => CredentialSession): CredentialSession => {
  const known = typeof identity === 'string' ? byName.get(identity) : byObject.get(identity);
  if (known) return known;
  const session = create();
  if (typeof identity === 'string') byName.set(identity, session);
  else byObject.set(identity, session);
  return session;
};
