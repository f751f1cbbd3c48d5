import {covers, type Scope} from '../credentials/scope.js';
import type {CredentialSession} from '../credentials/session.js';
import type {Transport} from './transport.js';

/** A credential of the page and where it may go. */
export interface Identity {
  readonly id?: string | undefined;
  readonly session: CredentialSession;
  readonly scope: Scope;
  readonly transport: Transport;
}

export type Route =
  /** The credential goes along. */
  | {readonly type: 'credentialed'; readonly identity: Identity}
  /** Nobody asked for a credential here. */
  | {readonly type: 'public'}
  /** A credential was wanted, but the page's markup does not let it go there. */
  | {readonly type: 'outside'};

/** Decides by the URL alone, before anything is sent. `choice` is `none`, the id of an identity, or open. */
export const route = (url: URL, identities: readonly Identity[], choice?: string): Route => {
  // What the page has in itself (`data:`, `blob:`) is asked of no server.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return {type: 'public'};
  if (choice === 'none' || identities.length === 0) return {type: 'public'};
  const wanted = choice === undefined ? identities : identities.filter(({id}) => id === choice);
  const identity = wanted.find(({scope}) => covers(scope, url));
  return identity ? {type: 'credentialed', identity} : {type: 'outside'};
};
