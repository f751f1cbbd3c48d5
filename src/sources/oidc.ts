import {SecureMapError} from '../credentials/errors.js';
import {isSecure} from '../credentials/scope.js';
import {dpopModes} from './oidc/dpop.js';
import {createKeyDatabase} from './oidc/dpop-database.js';
import {createOidcSource, type OidcOptions} from './oidc/oidc-source.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';

const wrong = (attribute: string, why: string): SecureMapError =>
  new SecureMapError('invalid-attribute', `${attribute}: ${why}.`);

const options = (fields: SourceFields, settings: SourceSettings): OidcOptions => {
  const {pageUrl, callbackUrl, environment, isStored} = settings;
  const {authority, clientId, scope = 'openid', resource} = fields;
  const dpop = dpopModes.find((mode) => mode === (fields.dpop ?? 'auto'));
  if (!dpop) throw wrong('dpop', `wrong value. Allowed: ${dpopModes.join(', ')}`);
  const issuer = authority === undefined ? null : URL.parse(authority);
  if (!authority || !issuer || !isSecure(issuer))
    throw wrong('authority', 'must be the https URL of the sign-in provider');
  if (!clientId) throw wrong('client-id', 'is needed beside authority');
  const redirectUri = fields.redirectUri === undefined ? callbackUrl : URL.parse(fields.redirectUri, pageUrl)?.href;
  if (!redirectUri) {
    throw wrong(
      'redirect-uri',
      fields.redirectUri === undefined
        ? 'is needed, since secure-map.js comes from another origin than the page: copy callback.html and callback.js to '
            + 'your site and name them here'
        : 'is not a URL',
    );
  }
  const leave =
    fields.postLogoutRedirectUri === undefined ? undefined : URL.parse(fields.postLogoutRedirectUri, pageUrl);
  if (leave === null) throw wrong('post-logout-redirect-uri', 'is not a URL');
  return {
    authority,
    clientId,
    scope,
    resource,
    redirectUri,
    postLogoutRedirectUri: leave?.href,
    dpop,
    // A key is kept no longer than what is bound to it.
    keys: isStored && environment.databases ? createKeyDatabase(environment.databases) : undefined,
  };
};

/** `authority` and `client-id`: OpenID Connect, authorization code with PKCE. */
export const oidc: SourceKind = {
  selectedBy: ['authority'],

  identity: (fields, settings) => {
    const {authority, clientId, scope, resource, dpop} = options(fields, settings);
    return `oidc ${JSON.stringify([authority, clientId, scope, resource, dpop])}`;
  },

  create: (fields, settings) => createOidcSource(options(fields, settings), settings.environment),
};
