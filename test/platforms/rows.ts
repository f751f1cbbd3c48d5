import {createMapProxy, createTokenBroker, type Handler, type TokenBroker} from '../../src/broker/index.js';
import type {PlatformDouble, RecordedRequest} from '../doubles/platforms/front.js';
import {createOnemapDouble} from '../doubles/platforms/onemap.js';
import {createSpatialStudioDouble, GENERATOR_TOKEN, STUDIO_RASTER} from '../doubles/platforms/spatial-studio.js';
import {createSpectrumDouble} from '../doubles/platforms/spectrum.js';
import {createImanagerDouble} from '../doubles/platforms/supermap-imanager.js';
import {createIserverDouble} from '../doubles/platforms/supermap-iserver.js';
import {createKeycloakDouble} from '../doubles/platforms/supermap-keycloak.js';
import {createWorldContent} from '../doubles/platforms/world-content.js';
import type {Stage} from './stage.js';

/** A platform with a broker before it and a page that shows a map of it. Every token lives for a minute. */
export interface Scene {
  /** The server that draws. */
  readonly maps: PlatformDouble;
  /** The server that gives credentials, and which of its requests are for one. */
  readonly issuer: PlatformDouble;
  readonly isObtaining: (request: RecordedRequest) => boolean;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly markup: string;
  /** The platform takes none of the credentials any more that it has given out. */
  revoke(): void;
  /** What no byte that reaches the browser may hold, as far as it is there by now. */
  secrets(): readonly string[];
}

export interface PlatformRow {
  readonly name: string;
  /** The browser holds a token, and is told when it ends. */
  readonly hasToken: boolean;
  set(stage: Stage): Promise<Scene>;
}

const content = createWorldContent();
const view = 'center="10,50" zoom="4"';

const tag = (attributes: string): string => `<secure-map ${attributes} ${view}></secure-map>`;

const asks =
  (path: RegExp) =>
  ({url, preflight}: RecordedRequest): boolean =>
    !preflight && path.test(url.pathname);

const common = (stage: Stage) => ({authorize: () => stage.isKnown, now: stage.now});

const supermapMap = '/iserver/services/map-world/rest/maps/World';

const password = 'the-password-of-the-account';
const account = (username: string) => [{username, password, roles: ['ROLE_USER']}];

export const rows: readonly PlatformRow[] = [
  {
    name: 'onemap',
    hasToken: true,
    async set(stage) {
      const maps = createOnemapDouble({content, now: stage.now, accounts: account('viewer')});
      maps.lifetimeSeconds = 60;
      const server = await stage.serve(maps.handle);
      const secret = {username: 'viewer', password};
      return {
        maps,
        issuer: maps,
        isObtaining: asks(/login_check$/),
        handlers: new Map([
          ['/map-token', createTokenBroker({...common(stage), platform: 'onemap', server, secret}) as Handler],
        ]),
        markup: tag(`platform="onemap" server="${server}" map="world" token-url="/map-token"`),
        revoke: () => maps.tokens.revoke(),
        secrets: () => [password],
      };
    },
  },
  {
    name: 'spectrum, token',
    hasToken: true,
    async set(stage) {
      const maps = createSpectrumDouble({content, now: stage.now, cors: 'on', accounts: account('geo')});
      const server = await stage.serve(maps.handle);
      const secret = {username: 'geo', password};
      const broker = createTokenBroker({...common(stage), platform: 'spectrum', server, secret, ttlMinutes: 1});
      return {
        maps,
        issuer: maps,
        isObtaining: asks(/token\/access/),
        handlers: new Map<string, Handler>([['/map-token', broker]]),
        markup: tag(
          `platform="spectrum" server="${server}" map="/Samples/NamedTiles/WorldTile" token-url="/map-token"`,
        ),
        revoke: () => maps.tokens.revoke(),
        secrets: () => [password],
      };
    },
  },
  {
    name: 'spectrum, session by the proxy',
    hasToken: false,
    async set(stage) {
      const maps = createSpectrumDouble({content, now: stage.now, accounts: account('geo')});
      const server = await stage.serve(maps.handle);
      const broker: TokenBroker = createTokenBroker({
        ...common(stage),
        platform: 'spectrum',
        server,
        secret: {username: 'geo', password},
        kind: 'session',
        ttlMinutes: 1,
      });
      const proxy = createMapProxy({
        ...common(stage),
        broker,
        mount: '/maps',
        upstream: server,
        paths: ['/rest/Spatial/'],
      });
      const session: Handler = async () => Response.json({authenticated: stage.isKnown});
      const logout: Handler = async () => {
        stage.isKnown = false;
        return new Response(null, {status: 204});
      };
      return {
        maps,
        issuer: maps,
        isObtaining: asks(/token\/access/),
        handlers: new Map<string, Handler>([
          ['/maps', proxy],
          ['/session', session],
          ['/logout', logout],
        ]),
        markup: tag(
          'platform="spectrum" server="/maps" map="/Samples/NamedTiles/WorldTile" session-url="/session" logout-url="/logout"',
        ),
        revoke: () => maps.tokens.revoke(),
        secrets: () => [
          password,
          ...maps.tokens.all.map(({token}) => token),
          ...maps.tokens.all.flatMap(({about}) => about.session ?? []),
        ],
      };
    },
  },
  {
    name: 'supermap-imanager',
    hasToken: true,
    async set(stage) {
      const issuer = createKeycloakDouble({now: stage.now, accessSeconds: 60, accounts: account('mapuser')});
      issuer.rotate = true;
      const maps = createImanagerDouble({content, accepts: issuer.accepts});
      const [server, authServer] = [await stage.serve(maps.handle), await stage.serve(issuer.handle)];
      const secret = {username: 'mapuser', password};
      const broker = createTokenBroker({
        ...common(stage),
        platform: 'supermap-imanager',
        server,
        authServer,
        secret,
      });
      return {
        maps,
        issuer,
        isObtaining: asks(/\/token$/),
        handlers: new Map<string, Handler>([['/map-token', broker]]),
        markup: tag(`platform="supermap-imanager" server="${server}" map="${supermapMap}" token-url="/map-token"`),
        revoke: () => issuer.accessTokens.revoke(),
        secrets: () => [password, ...issuer.refreshTokens.all.map(({token}) => token)],
      };
    },
  },
  {
    name: 'supermap-iserver',
    hasToken: true,
    async set(stage) {
      const maps = createIserverDouble({content, now: stage.now, accounts: account('mapuser')});
      const server = await stage.serve(maps.handle);
      const secret = {username: 'mapuser', password};
      const broker = createTokenBroker({
        ...common(stage),
        platform: 'supermap-iserver',
        server,
        secret,
        expirationMinutes: 1,
      });
      return {
        maps,
        issuer: maps,
        isObtaining: asks(/\/security\/tokens/),
        handlers: new Map<string, Handler>([['/map-token', broker]]),
        markup: tag(`platform="supermap-iserver" server="${server}" map="${supermapMap}" token-url="/map-token"`),
        revoke: () => maps.tokens.revoke(),
        secrets: () => [password],
      };
    },
  },
  ...(['vt', 'jsonstream', 'rt'] as const).map((kind): PlatformRow => ({
    name: `spatial-studio, ${kind}`,
    hasToken: true,
    async set(stage) {
      const maps = createSpatialStudioDouble({content, now: stage.now});
      const server = await stage.serve(maps.handle);
      const broker = createTokenBroker({
        ...common(stage),
        platform: 'spatial-studio',
        server,
        secret: {generatorToken: GENERATOR_TOKEN},
        validMinutes: 1,
      });
      const map = kind === 'rt' ? STUDIO_RASTER : '7e4c8901aa5f4d0c/GEOM';
      return {
        maps,
        issuer: maps,
        isObtaining: asks(/\/user\/token$/),
        handlers: new Map<string, Handler>([['/map-token', broker]]),
        markup: tag(
          `platform="spatial-studio" server="${server}" map="${map}" platform-options='{"kind": "${kind}"}' token-url="/map-token"`,
        ),
        revoke: () => maps.tokens.revoke(),
        secrets: () => [GENERATOR_TOKEN],
      };
    },
  })),
];
