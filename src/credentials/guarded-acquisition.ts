import {pause} from './abort.js';
import {acquire, type Need} from './acquisition.js';
import {isSameCredential, type Credential, type CredentialSource, type Issued} from './credential.js';
import type {Environment} from './environment.js';
import {SecureMapError} from './errors.js';
import {exclusively} from './exclusive.js';
import type {Tabs} from './tabs.js';
import {bare, type Kept, type Vault} from './vault.js';
import {claimVersion, type EndClaim} from './version-claim.js';
import {signInNeeded} from './visitor-need.js';

export interface GuardedOptions {
  readonly source: CredentialSource;
  readonly environment: Environment;
  readonly vault: Vault;
  /** Names the lock; sessions that share a vault share the name. */
  readonly name: string;
  readonly tab: string;
  readonly tabs: Tabs | undefined;
}

/** Storages of browsers' processes are copies of each other: after this a claim is seen everywhere. */
const SPREADING = 250;

/** Another tab is at it: look again after this. */
const BUSY = 2_000;

const busy = (): SecureMapError =>
  new SecureMapError('source-unreachable', 'Another tab is renewing the credential.', {
    reason: 'busy',
    retryAfter: BUSY,
  });

/** Whether what is kept is what is needed: somebody else was faster. */
const serves = ({credential}: Kept, before: Credential | undefined, now: number): boolean =>
  !isSameCredential(credential, before) && (credential.expiresAt === undefined || credential.expiresAt > now);

/**
 * Asks the source once in the whole browser: inside the lock it first reads what is kept, and what is issued is kept
 * before anybody uses it (RFC 9700 §4.14.2: a refresh token that is used twice ends the session).
 */
export const createGuardedAcquisition = ({source, environment, vault, name, tab, tabs}: GuardedOptions) => {
  /** A duplicated tab has a copy of the storage, and must not renew with the refresh token of a tab that lives. */
  const settleOwner = async (): Promise<void> => {
    const kept = vault.read();
    if (vault.kind !== 'session' || !kept?.grant || kept.tab === undefined || kept.tab === tab) return;
    const isDuplicate = (await tabs?.isAlive(kept.tab)) ?? false;
    vault.take({withGrant: !isDuplicate});
  };

  /** What is kept. A credential that outlived the key it is bound to is none (RFC 9449: nobody takes it any more). */
  const readKept = async (): Promise<Kept | undefined> => {
    const kept = vault.read();
    if (kept?.credential.type !== 'DPoP' || (await source.prover?.holds(kept.credential))) return kept;
    if (vault.read()?.version === kept.version) vault.clear();
    return undefined;
  };

  /** Makes this tab the one to ask. Without locks several may have claimed at once: the last one has it. */
  const claim = async ({version}: Kept, signal: AbortSignal): Promise<EndClaim> => {
    const claimed = vault.claim(version);
    if (!claimed) throw busy();
    if (!vault.isShared) return () => undefined;
    const end = await claimVersion(name, version, environment, claimed === 'overdue');
    if (!environment.locks) await pause(environment, SPREADING, signal);
    if (end && (environment.locks || vault.claim(version))) return end;
    throw busy();
  };

  const ask = async (need: Need, before: Credential | undefined, stop: AbortController): Promise<Credential> => {
    await settleOwner();
    const kept = await readKept();
    if (kept && serves(kept, before, environment.now())) return kept.credential;
    const end = kept && (await claim(kept, stop.signal));
    const asked = acquire(source, environment, {...need, grant: kept?.grant}, stop);
    asked.then(
      () => end?.(true),
      () => end?.(false),
    );
    const issued: Issued = await asked;
    // Somebody may have signed out since the answer came in.
    stop.signal.throwIfAborted();
    if (vault.write(issued, kept?.version ?? 0)) {
      tabs?.tell('changed');
      return bare(issued);
    }
    // Meanwhile another tab was faster, or the visitor signed out there.
    const newer = vault.read();
    if (newer) return newer.credential;
    throw signInNeeded();
  };

  return (need: Need, before: Credential | undefined, stop: AbortController): Promise<Credential> =>
    vault.kind === 'memory'
      ? ask(need, before, stop)
      : exclusively(`secure-map.${name}`, environment, stop.signal, () => ask(need, before, stop));
};
