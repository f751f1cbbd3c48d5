import type {Environment} from './environment.js';
import {createStoredVault} from './stored-vault.js';
import {createMemoryVault, type Vault} from './vault.js';

/** `token-storage`: the memory of the page, or a storage of the browser that any script of the origin can read. */
export type StorageKind = 'memory' | 'session' | 'local';

export interface OpenVaultOptions {
  readonly environment: Environment;
  readonly name: string | undefined;
  readonly tab: string;
}

/** The place to keep a credential in. Where the wanted one is blocked, or nothing names what is kept: memory. */
export const openVault = (kind: StorageKind, {environment, name, tab}: OpenVaultOptions): Vault => {
  const store = kind === 'memory' || name === undefined ? undefined : environment.storage?.(kind);
  if (kind === 'memory' || name === undefined || !store) return createMemoryVault();
  return createStoredVault({kind, store, name, tab, now: () => environment.now()});
};
