import {onemap} from './onemap.js';
import {planviewer} from './planviewer.js';
import type {BrokerPlatform} from './platform.js';
import {spatialStudio} from './spatial-studio.js';
import {spectrum} from './spectrum.js';
import {supermapImanager} from './supermap-imanager.js';
import {supermapIserver} from './supermap-iserver.js';

/** The platforms by name, as the tag's attribute `platform` has them. */
export const platforms = {
  onemap,
  planviewer,
  spectrum,
  'supermap-imanager': supermapImanager,
  'supermap-iserver': supermapIserver,
  'spatial-studio': spatialStudio,
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
