import {released} from './abort.js';
import {
  isSameCredential,
  type AcquireReason,
  type Credential,
  type CredentialSource,
  type Grant,
  type Issued,
} from './credential.js';
import type {Environment} from './environment.js';
import {SecureMapError, toSecureMapError} from './errors.js';

/** The shared request has a time of its own: no caller's patience decides for the others. */
const TIMEOUT = 30_000;

export interface Need {
  readonly reason: AcquireReason;
  readonly origin?: string | undefined;
  readonly rejected?: Credential | undefined;
  /** On nobody's behalf: neither the try nor its failure is told. */
  readonly isSilent?: boolean | undefined;
}

export const SILENTLY: Need = {reason: 'initial', isSilent: true};

/** A need, with what there is to meet it. */
export interface EquippedNeed extends Need {
  readonly grant?: Grant | undefined;
}

/** Asks a source once. Settles even when the source never does. */
export const acquire = async (
  source: CredentialSource,
  environment: Environment,
  need: EquippedNeed,
  stop: AbortController,
): Promise<Issued> => {
  const {signal} = stop;
  const cancelTimeout = environment.after(TIMEOUT, () =>
    stop.abort(new SecureMapError('source-timeout', `The source gave no credential within ${TIMEOUT / 1000} seconds.`)),
  );
  const ask = async (): Promise<Issued> => {
    // Whoever is told that this begins may end it in the same turn.
    await Promise.resolve();
    signal.throwIfAborted();
    return source.acquire({...need, signal});
  };
  try {
    const issued = await released(ask(), signal);
    signal.throwIfAborted();
    if (need.rejected && isSameCredential(issued, need.rejected)) {
      throw new SecureMapError('session-over', 'The source gave the token that was just refused.', {
        reason: 'token-refused',
      });
    }
    return issued;
  } catch (error) {
    // Whatever is not ours counts as passing trouble.
    throw toSecureMapError(error, 'source-unreachable', 'The source of the credential failed.');
  } finally {
    cancelTimeout();
  }
};
