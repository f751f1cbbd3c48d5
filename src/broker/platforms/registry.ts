import {onemap} from './onemap.js';
import type {BrokerPlatform} from './platform.js';

/** The platforms by name. */
export const platforms = {
  onemap,
};

export type BrokerPlatformName = keyof typeof platforms;

/** The options of a platform, as `createTokenBroker` takes them beside its own. */
export type BrokerPlatformOptions = {
  [Name in BrokerPlatformName]: {readonly platform: Name} & ((typeof platforms)[Name] extends BrokerPlatform<
    infer Options
  >
    ? Options
    : never);
}[BrokerPlatformName];
