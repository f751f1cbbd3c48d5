import {isSecure} from '../credentials/scope.js';
import {createOidcSource, type OidcOptions} from './oidc/oidc-source.js';
import {dpopModeOf, redirectUriOf, wrong} from './sign-in-fields.js';
import type {SourceFields, SourceKind, SourceSettings} from './source-kind.js';

const optionalEndpoint = (attribute: string, value: string | undefined, pageUrl: string): string | undefined => {
  if (value === undefined) return undefined;
  const url = URL.parse(value, pageUrl);
  if (!url || !isSecure(url)) throw wrong(attribute, 'must be an https URL (http on this machine only)');
  if (url.username || url.password) throw wrong(attribute, 'has a user name or password in it');
  // RFC 6749 §3.1 and §3.2.
  if (url.hash) throw wrong(attribute, 'has a fragment');
  return url.href;
};

const endpoint = (attribute: string, value: string | undefined, beside: string, pageUrl: string): string => {
  const url = optionalEndpoint(attribute, value, pageUrl);
  if (url === undefined) throw wrong(attribute, `is needed beside ${beside}`);
  return url;
};

export const oauth2Options = (fields: SourceFields, settings: SourceSettings): OidcOptions => {
  const {pageUrl, environment, isStored, tokenType} = settings;
  const {clientId, scope = '', resource, issuer} = fields;
  const authorizationEndpoint = endpoint(
    'authorization-endpoint',
    fields.authorizationEndpoint,
    'token-endpoint',
    pageUrl,
  );
  const tokenEndpoint = endpoint('token-endpoint', fields.tokenEndpoint, 'authorization-endpoint', pageUrl);
  const revocationEndpoint = optionalEndpoint('revocation-endpoint', fields.revocationEndpoint, pageUrl);
  if (!clientId) throw wrong('client-id', 'is needed beside authorization-endpoint');
  const named = issuer === undefined ? undefined : URL.parse(issuer);
  if (named !== undefined && (!named || !isSecure(named))) {
    throw wrong('issuer', 'must be the https URL that the provider names itself by');
  }
  if (fields.postLogoutRedirectUri !== undefined) {
    throw wrong('post-logout-redirect-uri', 'needs authority: plain OAuth 2.0 has no sign-out');
  }
  const dpop = tokenType === 'MAC' ? 'off' : dpopModeOf(fields);
  return {
    authority: issuer ?? authorizationEndpoint,
    provider: {
      issuer,
      authorizationEndpoint,
      tokenEndpoint,
      revocationEndpoint,
      // Nothing is advertised here, so `auto` means no.
      usesDpop: dpop === 'required',
      // RFC 9207 §2.4: the page says so in place of the provider's metadata.
      namesItself: issuer !== undefined,
    },
    clientId,
    scope,
    resource,
    redirectUri: redirectUriOf(fields, settings),
    tokenType,
    dpop,
    databases: isStored ? environment.databases : undefined,
  };
};

/** `authorization-endpoint`, `token-endpoint` and `client-id`: plain OAuth 2.0, authorization code with PKCE. */
export const oauth2: SourceKind = {
  selectedBy: ['authorizationEndpoint', 'tokenEndpoint'],

  identity: (fields, settings) => {
    const {provider, clientId, scope, resource, dpop, tokenType} = oauth2Options(fields, settings);
    return `oauth2 ${JSON.stringify([provider, clientId, scope, resource, dpop, tokenType])}`;
  },

  create: (fields, settings) => createOidcSource(oauth2Options(fields, settings), settings.environment),
};
