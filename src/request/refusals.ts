import type {Credential} from '../credentials/credential.js';

const REMEMBERED = 60_000;

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
  const noted = new Map<string, {readonly token: string; readonly at: number}>();
  return {
    has: (who, {token}) => {
      const last = noted.get(who);
      return last?.token === token && Math.abs(now() - last.at) < REMEMBERED;
    },
    note: (who, {token}) => noted.set(who, {token, at: now()}),
    forget: (who) => noted.delete(who),
  };
};
