import {isSecure} from '../credentials/scope.js';
import {createOidcSource, type OidcOptions} from './oidc/oidc-source.js';
import {dpopModeOf, redirectUriOf, wrong} from './sign-in-fields.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';

const options = (fields: SourceFields, settings: SourceSettings): OidcOptions => {
  const {pageUrl, environment, isStored, tokenType} = settings;
  const {authority, clientId, scope = 'openid', resource} = fields;
  const dpop = dpopModeOf(fields);
  const issuer = authority === undefined ? null : URL.parse(authority);
  if (!authority || !issuer || !isSecure(issuer))
    throw wrong('authority', 'must be the https URL of the sign-in provider');
  if (!clientId) throw wrong('client-id', 'is needed beside authority');
  const leave =
    fields.postLogoutRedirectUri === undefined ? undefined : URL.parse(fields.postLogoutRedirectUri, pageUrl);
  if (leave === null) throw wrong('post-logout-redirect-uri', 'is not a URL');
  return {
    authority,
    clientId,
    scope,
    resource,
    redirectUri: redirectUriOf(fields, settings),
    tokenType,
    postLogoutRedirectUri: leave?.href,
    // Both are proofs by a key, and a token comes with one of them.
    dpop: tokenType === 'MAC' ? 'off' : dpop,
    // A key is kept no longer than what is bound to it.
    databases: isStored ? environment.databases : undefined,
  };
};

/** `authority` and `client-id`: OpenID Connect, authorization code with PKCE. */
export const oidc: SourceKind = {
  selectedBy: ['authority'],

  identity: (fields, settings) => {
    const {authority, clientId, scope, resource, dpop, tokenType} = options(fields, settings);
    return `oidc ${JSON.stringify([authority, clientId, scope, resource, dpop, tokenType])}`;
  },

  create: (fields, settings) => createOidcSource(options(fields, settings), settings.environment),
};
