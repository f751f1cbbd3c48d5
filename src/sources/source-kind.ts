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
export interface TokenResponse {
  readonly token: string;
  readonly type?: string;
  readonly expiresIn?: number | string;
  readonly expiresAt?: number | string | Date;
  /** With `type: 'mac'`, which `token-transport="mac"` has to ask for. */
  readonly macKey?: string;
  /** `hmac-sha-256` or `hmac-sha-1`. */
  readonly macAlgorithm?: string;
}

export type GetToken = (request: GetTokenRequest) => Promise<string | TokenResponse> | string | TokenResponse;

/** The attributes and properties of the tag that say where the credential comes from. */
export interface SourceFields {
  readonly token?: string | undefined;
  readonly getToken?: GetToken | undefined;
  readonly tokenUrl?: string | undefined;
  readonly sessionUrl?: string | undefined;
  readonly loginUrl?: string | undefined;
  readonly loginKind?: string | undefined;
  readonly logoutUrl?: string | undefined;
  readonly authority?: string | undefined;
  readonly authorizationEndpoint?: string | undefined;
  readonly tokenEndpoint?: string | undefined;
  readonly revocationEndpoint?: string | undefined;
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly postLogoutRedirectUri?: string | undefined;
  readonly dpop?: string | undefined;
  /** The page of a platform that is shown in a frame. No attribute: the platform says it. */
  readonly embed?: string | undefined;
}

export interface SourceSettings {
  readonly environment: Environment;
  /** The page's address, for relative URLs. */
  readonly pageUrl: string;
  /** The return page that came with the tag; absent when it is not of the page's origin. */
  readonly callbackUrl?: string | undefined;
  /** The credential is kept where it outlives the page. */
  readonly isStored?: boolean | undefined;
  /** The only token type to take, when the page asks for one; else those that need nothing from the page. */
  readonly tokenType?: 'MAC' | undefined;
  /** The browser's cookie travels, and a token that comes along does not. */
  readonly byCookie?: boolean | undefined;
  /** Shows the frame that the visitor has signed in for, or loads it anew. Resolves when something has loaded in it. */
  readonly showFrame?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Whether the page's own markup lets credentials go there; absent: nowhere but to the page's own origin. */
  readonly allows?: ((url: URL) => boolean) | undefined;
}

/** One way to get a credential. The registry decides which one the tag's fields mean. */
export interface SourceKind {
  /** The fields whose presence picks this source. */
  readonly selectedBy: readonly (keyof SourceFields)[];
  /** How its credentials travel, where that is not for the page to choose. */
  readonly carriedBy?: 'cookie';
  /** What two maps must have in common to share a session; `undefined`: they never do. */
  identity(fields: SourceFields, settings: SourceSettings): string | object | undefined;
  /** Throws `invalid-attribute` for a value that cannot work. */
  create(fields: SourceFields, settings: SourceSettings): CredentialSource;
}
