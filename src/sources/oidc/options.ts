import {SecureMapError} from '../../credentials/errors.js';
import {isSecure} from '../../credentials/scope.js';
import type {DpopMode} from './dpop-mode.js';
import type {KeyStore} from './dpop-database.js';
import type {Page} from '../window/page.js';
import type {Provider} from './provider.js';

/** There is no client secret: what is in a page is public (RFC 10017, "Client Authentication"). */
export interface OidcOptions {
  /** The issuer, byte for byte as its discovery document names itself; with a given provider, what tells it from others. */
  readonly authority: string;
  /** What the page says of the provider. Then nothing is asked of it but tokens: plain OAuth 2.0. */
  readonly provider?: Provider | undefined;
  readonly clientId: string;
  /** Empty: none is asked for, and the provider decides. */
  readonly scope?: string | undefined;
  /** The only type of access token to take; absent: those that need no key of the provider's. */
  readonly tokenType?: 'MAC' | undefined;
  /** RFC 8707: the service that the token is for. */
  readonly resource?: string | undefined;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri?: string | undefined;
  /** Whether tokens are bound to a key of this browser (RFC 9449); default `auto`. */
  readonly dpop?: DpopMode | undefined;
  /** Where that key outlives the page; absent: nowhere. */
  readonly keys?: KeyStore | undefined;
  /** Where keys are kept that have to outlive the page, when `keys` does not say. */
  readonly databases?: IDBFactory | undefined;
}

export interface OidcSettings extends OidcOptions {
  readonly scope: string;
  readonly dpop: DpopMode;
}

/** What stands in the records of a request without a scope: oidc-client-ts makes none without. */
export const recordedScope = ({scope}: OidcSettings): string => scope || '-';

/**
 * The answer of the provider holds the authorization code, so it may only come back to a page of our own origin and
 * never over plain http (RFC 9700 §2.1, RFC 10017).
 */
const checkRedirectUri = (redirectUri: string, page: Page): void => {
  const url = URL.parse(redirectUri);
  const wrong = (why: string): SecureMapError =>
    new SecureMapError('invalid-attribute', `redirect-uri: ${why}. Allowed: an https URL of the page's own origin.`);
  if (!url) throw wrong('is not a URL');
  if (!isSecure(url)) throw wrong('is not https (http on this machine only)');
  if (url.origin !== page.location.origin) throw wrong('is of another origin than the page');
  if (url.hash || redirectUri.includes('#')) throw wrong('has a fragment');
  if (url.username || url.password) throw wrong('has a user name or password in it');
};

export const checkOptions = (options: OidcOptions, page: Page): OidcSettings => {
  checkRedirectUri(options.redirectUri, page);
  return {...options, scope: options.scope ?? 'openid', dpop: options.dpop ?? 'auto'};
};
