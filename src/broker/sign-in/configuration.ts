import * as client from 'openid-client';
import {isLoopback} from './options.js';
import type {SignInEndpoints, SignInSettings} from './options.js';
import {ProviderError, toProviderError} from './provider-error.js';

/** Seconds that the clocks of the provider and of this machine may differ. */
const CLOCK_TOLERANCE = 60;

const authentication = ({clientSecret, clientAuthentication}: SignInSettings['options']): client.ClientAuth => {
  if (clientSecret === undefined) return client.None();
  return clientAuthentication === 'post'
    ? client.ClientSecretPost(clientSecret)
    : client.ClientSecretBasic(clientSecret);
};

const metadataOf = (endpoints: SignInEndpoints): client.ServerMetadata => {
  const {authorization, token, revocation, endSession, issuer} = endpoints;
  return {
    // Compared with what comes back only where it was given (see `createProvider`).
    issuer: issuer ?? new URL(authorization).origin,
    authorization_endpoint: String(authorization),
    token_endpoint: String(token),
    ...(revocation === undefined ? {} : {revocation_endpoint: String(revocation)}),
    ...(endSession === undefined ? {} : {end_session_endpoint: String(endSession)}),
    ...(issuer === undefined ? {} : {authorization_response_iss_parameter_supported: true}),
  };
};

/** What the library needs to know of provider and client; the discovery document is asked for here. */
export const configure = async ({options, scope, timeout}: SignInSettings): Promise<client.Configuration> => {
  const {issuer, endpoints, clientId, fetch: ownFetch} = options;
  const metadata = {[client.clockTolerance]: CLOCK_TOLERANCE};
  const auth = authentication(options);
  const isPlain = isLoopback(new URL(issuer ?? endpoints?.authorization ?? 'https:'));
  const customFetch =
    ownFetch && ((url: string, init: client.CustomFetchOptions) => ownFetch(url, init as RequestInit));

  if (endpoints) {
    const configuration = new client.Configuration(metadataOf(endpoints), clientId, metadata, auth);
    configuration.timeout = timeout;
    if (customFetch) configuration[client.customFetch] = customFetch;
    if (isPlain) client.allowInsecureRequests(configuration);
    return configuration;
  }

  const configuration = await client
    .discovery(new URL(issuer ?? ''), clientId, metadata, auth, {
      timeout,
      execute: isPlain ? [client.allowInsecureRequests] : [],
      ...(customFetch ? {[client.customFetch]: customFetch} : {}),
    })
    .catch((error: unknown) => {
      throw toProviderError(error);
    });
  const {code_challenge_methods_supported: methods, jwks_uri: keys} = configuration.serverMetadata();
  // Without it a code that somebody has seen could be used (RFC 9700 §2.1.1).
  if (methods && !methods.includes('S256'))
    throw new ProviderError('misconfigured', 'The provider does not do PKCE with S256.');
  const isOpenId = scope?.split(' ').includes('openid') ?? false;
  if (isOpenId && keys === undefined)
    throw new ProviderError('misconfigured', 'The provider publishes no keys ("jwks_uri").');
  if (isOpenId) client.enableNonRepudiationChecks(configuration);
  return configuration;
};
