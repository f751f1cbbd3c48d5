import {createOnemapDouble} from '../../test/doubles/platforms/onemap.js';
import {createPlanviewerDouble} from '../../test/doubles/platforms/planviewer.js';
import type {PlanviewerOAuth} from '../../test/doubles/platforms/planviewer-client.js';
import {createSpatialStudioDouble} from '../../test/doubles/platforms/spatial-studio.js';
import {createSpectrumDouble} from '../../test/doubles/platforms/spectrum.js';
import {createImanagerDouble} from '../../test/doubles/platforms/supermap-imanager.js';
import {createIserverDouble} from '../../test/doubles/platforms/supermap-iserver.js';
import {createKeycloakDouble} from '../../test/doubles/platforms/supermap-keycloak.js';
import {createWorldContent} from '../../test/doubles/platforms/world-content.js';
import {openServer} from './local-server.js';
import type {LocalServer} from './local-server.js';
import type {RequestLog} from './log.js';
import {servePlatform} from './platform-server.js';

/** The servers of the platforms, in the order of their ports. Keycloak has one of its own beside iManager. */
export const PLATFORM_SERVERS = [
  'onemap',
  'planviewer',
  'spectrum',
  'keycloak',
  'imanager',
  'iserver',
  'studio',
] as const;

export type PlatformServerName = (typeof PLATFORM_SERVERS)[number];
export type PlatformOrigins = Readonly<Record<PlatformServerName, string>>;

export interface Platforms {
  readonly origins: PlatformOrigins;
  /** Every token that a platform has issued is refused from now on. */
  expireTokens(): void;
  setOffline(offline: boolean): void;
  close(): Promise<void>;
}

export interface PlatformsOptions {
  /** Of the first of them; 0 for any free ones. */
  readonly firstPort: number;
  /** What Planviewer is told about the provider of the site. */
  readonly oauth: PlanviewerOAuth;
  readonly accessTokenSeconds: number;
  readonly log: RequestLog;
}

/** Stand-ins of the map platforms, held to what their vendors document, each at an origin of its own. */
export async function startPlatforms({
  firstPort,
  oauth,
  accessTokenSeconds,
  log,
}: PlatformsOptions): Promise<Platforms> {
  const content = createWorldContent();
  const keycloak = createKeycloakDouble({accessSeconds: accessTokenSeconds});
  const onemap = createOnemapDouble({content});
  onemap.lifetimeSeconds = accessTokenSeconds;
  const spectrum = createSpectrumDouble({content});
  const iserver = createIserverDouble({content});
  const studio = createSpatialStudioDouble({content});
  const planviewer = createPlanviewerDouble({content, oauth, fetch});
  const imanager = createImanagerDouble({content, accepts: keycloak.accepts});
  const doubles = {onemap, planviewer, spectrum, keycloak, imanager, iserver, studio};

  const servers = new Map<PlatformServerName, LocalServer>();
  for (const [i, name] of PLATFORM_SERVERS.entries()) {
    const server = await openServer(hostOf(name), firstPort === 0 ? 0 : firstPort + i);
    servePlatform(server, doubles[name].handle, log);
    servers.set(name, server);
  }
  const origins = Object.fromEntries([...servers].map(([name, {origin}]) => [name, origin])) as PlatformOrigins;

  return {
    origins,
    expireTokens() {
      for (const {tokens} of [onemap, spectrum, iserver, studio]) tokens.expire();
      keycloak.accessTokens.expire();
      planviewer.endSessions();
    },
    setOffline: (offline) => [...servers.values()].forEach((server) => server.setOffline(offline)),
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

/**
 * Planviewer is shown in a frame and knows its visitor by a cookie. Browsers keep cookies of other sites out of frames, so
 * it is of the page's own site here.
 */
const hostOf = (name: PlatformServerName): 'localhost' | '127.0.0.1' =>
  name === 'planviewer' ? 'localhost' : '127.0.0.1';
