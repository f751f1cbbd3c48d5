import type {CredentialSession} from './session.js';

interface Registry {
  readonly byName: Map<string, CredentialSession>;
  readonly byObject: WeakMap<object, CredentialSession>;
  /** Those who want to leave the page. */
  line: Promise<void>;
}

/**
 * On the page and not in this module: a page may hold two copies of the bundle, and two owners of one session would use
 * the same refresh token twice. The number grows when what a session can be asked changes.
 */
const KEY: unique symbol = Symbol.for('secure-map.sessions.v2');

/** The only mutable state of this project that no object owns. */
const registry = (): Registry => {
  const page: object & {[KEY]?: Registry} = globalThis;
  page[KEY] ??= {byName: new Map(), byObject: new WeakMap(), line: Promise.resolve()};
  return page[KEY];
};

/**
 * The session of an identity, made when it is first asked for, so that maps with the same identity share one credential,
 * one renewal and one state. A session without listeners has no timers and does nothing; it stays, so that a map that is
 * put into the page again does not ask the visitor again.
 */
export const sharedSession = (identity: string | object, create: () => CredentialSession): CredentialSession => {
  const {byName, byObject} = registry();
  const known = typeof identity === 'string' ? byName.get(identity) : byObject.get(identity);
  if (known) return known;
  const session = create();
  if (typeof identity === 'string') byName.set(identity, session);
  else byObject.set(identity, session);
  return session;
};

const whenSettled = async (): Promise<void> => {
  const isBusy = ({state}: CredentialSession): boolean => state === 'authenticating' || state === 'refreshing';
  for (let one; (one = [...registry().byName.values()].find(isBusy));) await one.nextState;
};

/**
 * Resolves when no session of the page is signing anybody in or renewing, for one caller after the other: a page that is
 * left takes with it what has come back a moment ago, or what a refresh token was just used up for.
 */
export const whenNobodySignsIn = (): Promise<void> => (registry().line = registry().line.then(whenSettled));
