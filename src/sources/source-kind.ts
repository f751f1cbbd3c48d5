import type {CredentialSource} from '../credentials/credential.js';
import type {Environment} from '../credentials/environment.js';

/** What `getToken` is told. `rejectedToken` is the token that a server has just refused. */
export interface GetTokenRequest {
  readonly reason: 'initial' | 'expiring' | 'unauthorized';
  readonly origin?: string | undefined;
  readonly rejectedToken?: string | undefined;
  readonly signal: AbortSignal;
}

/** `expiresIn` is in seconds; `expiresAt` is epoch seconds or milliseconds, a date string or a `Date`. */
export interface TokenAnswer {
  readonly token: string;
  readonly type?: string;
  readonly expiresIn?: number | string;
  readonly expiresAt?: number | string | Date;
}

export type GetToken = (request: GetTokenRequest) => Promise<string | TokenAnswer> | string | TokenAnswer;

/** The attributes and properties of the tag that say where the credential comes from. */
export interface SourceFields {
  readonly token?: string | undefined;
  readonly getToken?: GetToken | undefined;
  readonly tokenUrl?: string | undefined;
  readonly authority?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly postLogoutRedirectUri?: string | undefined;
}

export interface SourceSettings {
  readonly environment: Environment;
  /** The page's address, for relative URLs. */
  readonly pageUrl: string;
  /** The return page that came with the tag; absent when it is not of the page's origin. */
  readonly callbackUrl?: string | undefined;
}

/** One way to get a credential. The registry decides which one the tag's fields mean. */
export interface SourceKind {
  /** The fields whose presence picks this source. */
  readonly selectedBy: readonly (keyof SourceFields)[];
  /** What two maps must have in common to share a session; `undefined`: they never do. */
  identity(fields: SourceFields, settings: SourceSettings): string | object | undefined;
  /** Throws `invalid-attribute` for a value that cannot work. */
  create(fields: SourceFields, settings: SourceSettings): CredentialSource;
}
