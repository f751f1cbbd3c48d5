import {randomUUID} from 'node:crypto';
import {fileURLToPath} from 'node:url';
import type {DpopMode} from './dpop.js';
import {openServer} from './local-server.js';
import {createLog} from './log.js';
import type {RequestLog} from './log.js';
import {startMapServer} from './map-server.js';
import type {MapServer} from './map-server.js';
import {startPageServer} from './page-server.js';
import {startPlatforms} from './platforms.js';
import type {PlatformOrigins} from './platforms.js';
import {startSignInServer} from './sign-in-server.js';
import type {SignInServer} from './sign-in-server.js';

export interface DemoOptions {
  /** `free` takes any free ports (tests); `default` 4170 to 4179; a number is the first of ten. Default `free`. */
  readonly ports?: 'free' | 'default' | number;
  /** Default 60. */
  readonly accessTokenSeconds?: number;
  /** Default 14 days. */
  readonly refreshTokenSeconds?: number;
  /** Before every answer of the map server but preflights. Default 0. */
  readonly latencyMs?: number;
  /** How long browsers may keep what the map server gives them; 0 makes every count exact. Default 0. */
  readonly maxAgeSeconds?: number;
  /** After how long without a visitor the cookie session of the site ends. Default 300. */
  readonly sessionIdleSeconds?: number;
  /** Tokens that are bound to a key (RFC 9449), and whether both servers ask for nonces. Default `off`. */
  readonly dpop?: DpopMode;
  /** Where the built files are. Default `dist`. */
  readonly dist?: string;
}

export interface Demo {
  /** With a slash at the end. */
  readonly pageUrl: string;
  readonly issuer: string;
  /** The origin of the map server. */
  readonly mapUrl: string;
  /** Of the stand-ins of the map platforms. */
  readonly platforms: PlatformOrigins;
  readonly log: RequestLog;
  readonly signIn: SignInServer;
  readonly map: MapServer;
  stop(): Promise<void>;
}

const FIRST_PORT = 4170;

/**
 * A site, the sign-in of its visitors and a map server that trusts it: three origins, as in real life. And the map platforms,
 * each at its own.
 */
export async function startDemo({
  ports = 'free',
  accessTokenSeconds = 60,
  refreshTokenSeconds = 14 * 24 * 60 * 60,
  latencyMs = 0,
  maxAgeSeconds = 0,
  sessionIdleSeconds = 300,
  dpop = 'off',
  dist = fileURLToPath(new URL('../../dist', import.meta.url)),
}: DemoOptions = {}): Promise<Demo> {
  const first = ports === 'default' ? FIRST_PORT : ports;
  const port = (offset: number): number => (first === 'free' ? 0 : first + offset);
  // One after the other: when ports are taken, the order of the three stays.
  const pageServer = await openServer('localhost', port(0));
  const signInServer = await openServer('127.0.0.1', port(1));
  const mapServer = await openServer('127.0.0.1', port(2));
  const servers = [pageServer, signInServer, mapServer];

  const log = createLog();
  let tokenGeneration = 0;
  const generation = (): number => tokenGeneration;
  const shared = {pageOrigin: pageServer.origin, generation, log, dpop};

  const signIn = await startSignInServer({
    ...shared,
    server: signInServer,
    mapOrigin: mapServer.origin,
    accessTokenSeconds,
    refreshTokenSeconds,
  });
  const {issuer, publicKeys, siteSecret} = signIn;
  const map = startMapServer({
    ...shared,
    server: mapServer,
    issuer,
    publicKeys,
    expireTokens: () => void (tokenGeneration += 1),
    latencyMs,
    maxAgeSeconds,
    dist,
  });
  const planviewer = {
    clientId: 'planviewer',
    clientSecret: randomUUID(),
    authorizeUrl: `${pageServer.origin}/planviewer/authorize`,
    accessTokenUrl: `${pageServer.origin}/planviewer/access_token`,
    resourceUrl: `${pageServer.origin}/planviewer/resource`,
  };
  const platforms = await startPlatforms({
    firstPort: port(3),
    oauth: planviewer,
    accessTokenSeconds,
    log,
  });
  const setOffline = (offline: boolean): void => {
    signIn.setOffline(offline);
    map.setOffline(offline);
    platforms.setOffline(offline);
  };
  const site = await startPageServer({
    server: pageServer,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    dist,
    issuer,
    mapOrigin: mapServer.origin,
    platforms: platforms.origins,
    planviewer,
    siteSecret,
    sessionIdleSeconds,
    controls: {
      expire: () => {
        map.expireTokens();
        platforms.expireTokens();
      },
      revoke: () => {
        signIn.revokeAll();
        site.endAll();
      },
      offline: () => setOffline(true),
      online: () => setOffline(false),
    },
    log,
  });

  return {
    pageUrl: `${pageServer.origin}/`,
    issuer,
    mapUrl: mapServer.origin,
    platforms: platforms.origins,
    log,
    signIn,
    map,
    async stop() {
      await Promise.all([...servers.map((server) => server.close()), platforms.close()]);
    },
  };
}
