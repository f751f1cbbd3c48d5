import type {PlatformTag} from '../platforms/load-map.js';
import type {Attach} from '../platforms/platform.js';
import type {SecureMapElement} from './secure-map-element.js';

const named = ['platform', 'server', 'mapName', 'platformOptions', 'configAdapter'] as const;

/** The properties of the tag that name a map on a platform. */
export const platformFields: readonly string[] = named;

/** What the tag says of its platform; `undefined` when it says nothing, and has a `config` or layers of its own. */
export const readPlatform = (element: SecureMapElement): PlatformTag | undefined => {
  // Frameworks set what is absent to null.
  if (named.every((field) => (element[field] ?? undefined) === undefined)) return undefined;
  const {platform, server, mapName, platformOptions, configAdapter, config} = element;
  return {platform, server, mapName, platformOptions, configAdapter, config, pageUrl: document.baseURI};
};

/** How the platform wants the credential; `undefined` where the tag says itself how it travels. */
export const attachOfTag = (element: SecureMapElement): Attach | undefined => {
  const {parts, platform, platformOptions, tokenTransport, tokenName, tokenPrefix} = element;
  // The transport has a default, so that only its attribute tells whether somebody chose it.
  const isOwn = element.hasAttribute('token-transport') || tokenTransport !== 'header';
  if (isOwn || tokenName !== undefined || tokenPrefix !== undefined) return undefined;
  return parts.attachOf(platform, platformOptions);
};
