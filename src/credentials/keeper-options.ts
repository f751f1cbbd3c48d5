import type {Credential, CredentialSource} from './credential.js';
import type {Environment} from './environment.js';
import type {SessionStatus} from './session-status.js';
import type {Tabs} from './tabs.js';
import type {Vault} from './vault.js';
import type {VisitorNeed} from './visitor-need.js';

export interface KeeperOptions {
  readonly source: CredentialSource;
  readonly environment: Environment;
  /** Milliseconds before the expiry at which to renew; the default follows the lifetime. */
  readonly refreshSkew?: number | undefined;
  readonly status: SessionStatus;
  readonly need: VisitorNeed;
  readonly vault: Vault;
  /** What the session signs in to, the same in every tab. */
  readonly name: string;
  readonly tab: string;
  readonly tabs: Tabs | undefined;
  /** While it is, the state is the sign-in's. */
  readonly isSigningIn: () => boolean;
}

export interface CredentialRequest {
  readonly origin?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** While only the visitor can help: reject with `login-required`, or wait for the sign-in. Default `fail`. */
  readonly whileSignedOut?: 'fail' | 'wait' | undefined;
  /** What the request was sent with before: it is for that visitor, and never sent as the next one. */
  readonly after?: Credential | undefined;
}
