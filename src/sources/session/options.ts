import type {Environment} from '../../credentials/environment.js';

export interface CookieSessionOptions {
  readonly sessionUrl: URL;
  readonly loginUrl?: URL | undefined;
  readonly logoutUrl?: URL | undefined;
  /** Where a popup comes back to: a page of the page's own origin that closes it. */
  readonly returnUrl: string;
  /** Of the page. */
  readonly origin: string;
  readonly environment: Environment;
  /** Whether `logoutUrl` may be asked by `fetch`. */
  readonly canPostLogout: boolean;
}
