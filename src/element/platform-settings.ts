import type {PlatformFields} from '../platforms/load-map.js';
import type {Attach} from '../platforms/platform.js';
import type {SecureMapElement} from './secure-map-element.js';

/** The properties of the tag that name a map on a platform. */
export const platformFields: readonly string[] = ['platform', 'server', 'mapName', 'platformOptions', 'configAdapter'];

/** What the tag says of its platform; `undefined` when it says nothing, and has a `config` or layers of its own. */
export const readPlatform = (element: SecureMapElement): PlatformFields | undefined => {
  // Frameworks set what is absent to null.
  const platform = element.platform ?? undefined;
  const server = element.server ?? undefined;
  const map = element.mapName ?? undefined;
  const platformOptions = element.platformOptions ?? undefined;
  const configAdapter = element.configAdapter ?? undefined;
  const config = element.config ?? undefined;
  const said = [platform, server, map, platformOptions, configAdapter];
  if (said.every((one) => one === undefined)) return undefined;
  return {platform, server, map, platformOptions, configAdapter, config, pageUrl: document.baseURI};
};

/** How the platform wants the credential; `undefined` where the tag says itself how it travels. */
export const attachOfTag = (element: SecureMapElement): Attach | undefined => {
  const {parts, platform, platformOptions, tokenTransport, tokenName, tokenPrefix} = element;
  // The transport has a default, so that only its attribute tells whether somebody chose it.
  const isOwn = element.hasAttribute('token-transport') || tokenTransport !== 'header';
  if (isOwn || tokenName !== undefined || tokenPrefix !== undefined) return undefined;
  return parts.attachOf(platform, platformOptions);
};
