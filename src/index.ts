export type {Credential, CredentialSource, TokenType, UserClaims} from './credentials/credential.js';
export {SecureMapError, type SecureMapErrorCode} from './credentials/errors.js';
export type {AuthState} from './credentials/state.js';
export type {MapConfig, ViewConfig} from './config/map-config.js';
export * from './element/events.js';
export {SecureMapElement} from './element/secure-map-element.js';
export type {LayerConfig} from './layers/registry.js';
export type {
  Attach,
  ConfigAdapter,
  Platform,
  PlatformContext,
  PlatformFrame,
  PlatformSettings,
} from './platforms/platform.js';
export type {PlatformName} from './platforms/registry.js';
export {RequestError, type RequestErrorKind} from './request/request-error.js';
export {SecureMap} from './secure-map.js';
export type {GetToken, GetTokenRequest, TokenResponse} from './sources/source-kind.js';
