import type {Credential, Grant, Issued} from './credential.js';

/** What a session keeps: the credential, and what its source needs to renew it. */
export interface Kept {
  readonly credential: Credential;
  readonly grant?: Grant | undefined;
  /** Never used twice, not even after `clear`, so that of two writers the one who read the older state loses. */
  readonly version: number;
  /** The tab that wrote it; absent in the memory of one page. */
  readonly tab?: string | undefined;
}

/** `overdue`: another tab had it, and has not been heard of since. */
export type Claimed = 'free' | 'overdue';

/**
 * Where a session keeps its credential: the memory of this page, or a storage that outlives it. Every change names the
 * version that it replaces (compare and set), so a late writer never puts an older credential over a newer one.
 */
export interface Vault {
  /**
   * Who else has it: nobody (`memory`), every tab (`local`), or, by an accident of the browser, a duplicate of this tab
   * (`session`).
   */
  readonly kind: 'memory' | 'session' | 'local';
  /** Whether what is kept is that of other tabs as well, and theirs to clear and to revoke. */
  readonly isShared: boolean;
  read(): Kept | undefined;
  /** False when what is kept is not `replaced` any more; 0 stands for nothing. */
  write(issued: Issued, replaced: number): boolean;
  clear(): void;
  /**
   * Says that a renewal with the grant of `version` is under way: an answer that got lost may have used up the refresh
   * token. `undefined` when another tab said so within the last half minute.
   */
  claim(version: number): Claimed | undefined;
  /** Takes over what a tab that is gone has left; without its grant when that tab still lives and renews by it. */
  take(options: {readonly withGrant: boolean}): void;
}

/** A credential without what renews it: that never leaves the vault but for its source. */
export const bare = ({grant: _grant, ...credential}: Issued): Credential => credential;

/** The default: gone with the page, seen by no other tab. */
export const createMemoryVault = (): Vault => {
  let kept: Kept | undefined;
  let latest = 0;
  return {
    kind: 'memory',
    isShared: false,
    read: () => kept,
    write(issued, replaced) {
      if ((kept?.version ?? 0) !== replaced) return false;
      latest += 1;
      kept = {credential: bare(issued), grant: issued.grant, version: latest};
      return true;
    },
    clear() {
      kept = undefined;
    },
    claim: () => 'free',
    take: () => undefined,
  };
};
