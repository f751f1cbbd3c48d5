import {isSameCredential, type Credential} from '../credentials/credential.js';

const REMEMBERED = 60_000;

/** A back end whose session has ended answers 401 or redirects to its sign-in page, which only a cookie gets to see. */
export const isRefusal = ({status, type}: Pick<Response, 'status' | 'type'>): boolean =>
  status === 401 || type === 'opaqueredirect';

export interface Refusals {
  /** True when this credential was refused here of late although it was new: another one will fare no better. */
  has(who: string, credential: Credential): boolean;
  note(who: string, credential: Credential): void;
  forget(who: string): void;
}

/**
 * What refuses even new credentials, and which. It is not asked to prove that again and again; a credential that it has
 * not seen yet is another matter, and so is what another layer of the same origin says.
 */
export const createRefusals = (now: () => number): Refusals => {
  const noted = new Map<string, {readonly credential: Credential; readonly at: number}>();
  return {
    has: (who, credential) => {
      const last = noted.get(who);
      return (
        last !== undefined && isSameCredential(last.credential, credential) && Math.abs(now() - last.at) < REMEMBERED
      );
    },
    note: (who, credential) => noted.set(who, {credential, at: now()}),
    forget: (who) => noted.delete(who),
  };
};
