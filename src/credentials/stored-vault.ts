import {parseKept, type KeptRecord} from './kept-record.js';
import {bare, type Vault} from './vault.js';

/** The part of a `Storage` that a vault uses. */
export type TextStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface StoredVaultOptions {
  readonly kind: 'session' | 'local';
  readonly store: TextStore;
  /** What the credential is for; never holds a secret. */
  readonly name: string;
  /** This tab, as told apart from others that share the store. */
  readonly tab: string;
  readonly now: () => number;
}

/** How long a renewal of another tab is taken to be under way. */
const CLAIM = 30_000;

export const storageKey = (name: string): string => `secure-map.session.${name}`;

/** Keeps the credential in a storage of the browser, as JSON, under one key. What stands there is not trusted. */
export const createStoredVault = ({kind, store, name, tab, now}: StoredVaultOptions): Vault => {
  const key = storageKey(name);
  /** What a full or blocked storage does not take stays good for this page. */
  let unstored: KeptRecord | undefined;
  /** The highest version that this page has seen. */
  let latest = 0;

  const find = (): KeptRecord | undefined => {
    try {
      return parseKept(store.getItem(key)) ?? unstored;
    } catch {
      return unstored;
    }
  };

  const read = (): KeptRecord | undefined => {
    const kept = find();
    latest = Math.max(latest, kept?.version ?? 0);
    return kept;
  };

  const put = (kept: KeptRecord): void => {
    try {
      store.setItem(key, JSON.stringify({...kept, v: 1}));
      unstored = undefined;
    } catch {
      unstored = kept;
    }
  };

  return {
    kind,
    get isShared() {
      return kind === 'local' && !unstored;
    },
    read,
    write(issued, replaced) {
      if ((read()?.version ?? 0) !== replaced) return false;
      // Never seen before, also after `clear`: a late writer must not take the next sign-in for what it has read.
      const version = Math.max(Math.trunc(now()), latest + 1);
      put({credential: bare(issued), grant: issued.grant, version, tab});
      return true;
    },
    clear() {
      unstored = undefined;
      try {
        store.removeItem(key);
      } catch {
        // A storage that cannot be reached holds nothing that could be read.
      }
    },
    claim(version) {
      const kept = read();
      if (!kept || kept.version !== version) return undefined;
      const {claim} = kept;
      const isOthers = claim !== undefined && claim.tab !== tab;
      if (isOthers && Math.abs(now() - claim.at) < CLAIM) return undefined;
      put({...kept, claim: {tab, at: now()}});
      return isOthers ? 'overdue' : 'free';
    },
    take({withGrant}) {
      const kept = read();
      if (kept) put({...kept, tab, grant: withGrant ? kept.grant : undefined});
    },
  };
};
