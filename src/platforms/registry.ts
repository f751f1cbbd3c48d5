import type {Platform} from './platform.js';

/**
 * Every map platform. A new one is a file and a line here, and one in `attachments.ts` when it does not take the
 * credential as `Authorization: Bearer`. Each is loaded when a map first names it.
 */
export const platforms = {
  onemap: async () => (await import('./onemap.js')).onemap,
  planviewer: async () => (await import('./planviewer.js')).planviewer,
  spectrum: async () => (await import('./spectrum.js')).spectrum,
  'supermap-imanager': async () => (await import('./supermap-imanager.js')).supermapImanager,
  'supermap-iserver': async () => (await import('./supermap-iserver.js')).supermapIserver,
  'spatial-studio': async () => (await import('./spatial-studio.js')).spatialStudio,
} satisfies Record<string, () => Promise<Platform>>;

export type PlatformName = keyof typeof platforms;

export const platformNames = Object.keys(platforms);

const isPlatform = (name: string): name is PlatformName => Object.hasOwn(platforms, name);

/** The platform of that name; `undefined` when there is none. Rejects when its part of the package cannot be loaded. */
export const loadPlatform = async (name: string): Promise<Platform | undefined> =>
  isPlatform(name) ? platforms[name]() : undefined;
