import type {Environment} from '../../credentials/environment.js';
import {SecureMapError} from '../../credentials/errors.js';
import {isRecord} from '../../credentials/is-record.js';
import {isSecure} from '../../credentials/scope.js';
import {ask} from './http.js';
import type {OidcSettings} from './options.js';

/** What we use of OpenID Provider Metadata (OpenID Connect Discovery §3). */
export interface Provider {
  /** Absent where a page that gives the endpoints does not know it. */
  readonly issuer?: string | undefined;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri?: string | undefined;
  readonly revocationEndpoint?: string | undefined;
  readonly endSessionEndpoint?: string | undefined;
  /** Takes proofs by the only algorithm that we make (RFC 9449 §5.1), and the page wants them. */
  readonly usesDpop: boolean;
  /** RFC 9207 §3: every answer names its issuer. */
  readonly namesItself: boolean;
}

const invalid = (reason: string, why: string): SecureMapError =>
  new SecureMapError('provider-invalid', `The discovery document of the sign-in provider ${why}.`, {reason});

/** An address from outside that a window is sent to: a `javascript:` one would run in our own page. */
const optionalEndpoint = (document: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = document[name];
  if (value === undefined || value === null) return undefined;
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url || !isSecure(url)) throw invalid('endpoint', `has no https URL as ${name}`);
  return url.href;
};

const endpoint = (document: Readonly<Record<string, unknown>>, name: string): string => {
  const url = optionalEndpoint(document, name);
  if (url === undefined) throw invalid('endpoint', `has no ${name}`);
  return url;
};

const usesDpop = (document: Readonly<Record<string, unknown>>, mode: OidcSettings['dpop']): boolean => {
  const algorithms = document['dpop_signing_alg_values_supported'];
  const isOffered = Array.isArray(algorithms) && algorithms.includes('ES256');
  if (mode === 'required' && !isOffered)
    throw invalid('dpop', 'offers no DPoP with ES256, which dpop="required" wants');
  return isOffered && mode !== 'off';
};

const readMetadata = (document: unknown, {authority, scope, dpop}: OidcSettings): Provider => {
  if (!isRecord(document)) throw invalid('not-json', 'is not a JSON object');
  // OpenID Connect Discovery §4.3, RFC 8414 §3.3: else anybody could speak for the issuer.
  if (document['issuer'] !== authority) throw invalid('issuer-mismatch', 'names another issuer than authority');
  const methods = document['code_challenge_methods_supported'];
  if (Array.isArray(methods) && !methods.includes('S256')) throw invalid('pkce', 'offers no PKCE with S256');
  const jwksUri = optionalEndpoint(document, 'jwks_uri');
  if (!jwksUri && scope.split(' ').includes('openid')) throw invalid('endpoint', 'has no jwks_uri');
  return {
    issuer: authority,
    authorizationEndpoint: endpoint(document, 'authorization_endpoint'),
    tokenEndpoint: endpoint(document, 'token_endpoint'),
    jwksUri,
    revocationEndpoint: optionalEndpoint(document, 'revocation_endpoint'),
    endSessionEndpoint: optionalEndpoint(document, 'end_session_endpoint'),
    usesDpop: usesDpop(document, dpop),
    namesItself: document['authorization_response_iss_parameter_supported'] === true,
  };
};

export const discover = async (
  settings: OidcSettings,
  environment: Environment,
  signal: AbortSignal,
): Promise<Provider> => {
  const url = `${settings.authority.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const {ok, status, json} = await ask({url, what: 'The discovery document'}, environment, signal);
  if (!ok) throw invalid(`http-${status}`, `was answered with status ${status}`);
  return readMetadata(json, settings);
};
