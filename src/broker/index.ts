export {BrokerError, type BrokerErrorCode} from './broker-error.js';
export type {CommonOptions} from './common-options.js';
export type {Authorize, CredentialHandler, CredentialWish, Handler, ServerCredential} from './handler.js';
export {createMapProxy, type MapProxyOptions} from './map-proxy.js';
export type {BrokerPlatformName, BrokerPlatformOptions} from './platforms/registry.js';
export {createTokenBroker, type TokenBroker, type TokenBrokerOptions} from './token-broker.js';
