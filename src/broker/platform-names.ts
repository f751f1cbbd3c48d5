import {platforms, type BrokerPlatformName} from './platforms/registry.js';

/** For messages, and for whoever reads the name of a platform from somewhere. */
export const platformNames = Object.keys(platforms) as BrokerPlatformName[];
