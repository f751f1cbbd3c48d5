import type {SignInRequest} from './credential.js';
import type {KeeperOptions} from './keeper-options.js';
import type {StorageKind} from './open-vault.js';

export interface SessionOptions extends Pick<KeeperOptions, 'source' | 'environment' | 'refreshSkew'> {
  /** What the session signs in to, the same in every tab: never a secret. Without it the tabs know nothing of each other. */
  readonly name?: string | undefined;
  /** Where the credential is kept; default `memory`. */
  readonly storage?: StorageKind | undefined;
}

export interface LoginRequest extends Pick<SignInRequest, 'mode' | 'form'> {
  readonly signal?: AbortSignal | undefined;
}
