import {generateKeyPair} from 'jose';
import {createFakeClock, type FaultRule, type PlatformDouble} from '../../doubles/platforms/front.js';
import {createOnemapDouble} from '../../doubles/platforms/onemap.js';
import {createPlanviewerDouble} from '../../doubles/platforms/planviewer.js';
import {createSpatialStudioDouble, GENERATOR_TOKEN} from '../../doubles/platforms/spatial-studio.js';
import {createSpectrumDouble} from '../../doubles/platforms/spectrum.js';
import {createImanagerDouble} from '../../doubles/platforms/supermap-imanager.js';
import {createIserverDouble} from '../../doubles/platforms/supermap-iserver.js';
import {createKeycloakDouble} from '../../doubles/platforms/supermap-keycloak.js';
import {flatContent as content} from './contents.js';
import type {PlatformCase, Started} from './platform-case.js';
import {spellings} from './spellings.js';

const pathOf = ({url}: {readonly url: URL | string}): string => new URL(url).pathname;

/** Several servers at addresses of their own, as one network. */
const network = (
  servers: Readonly<Record<string, PlatformDouble>>,
): Pick<Started, 'fetch' | 'requests' | 'setFault'> => ({
  fetch: async (input, init) => {
    const request = new Request(input, init);
    const {origin} = new URL(request.url);
    const server = servers[origin];
    if (!server) throw new TypeError(`Nothing is at ${origin}.`);
    return server.fetch(request);
  },
  requests: () => Object.values(servers).flatMap(({requests}) => requests),
  setFault(fault: FaultRule | null) {
    for (const server of Object.values(servers)) server.fault = fault;
  },
});

/** One pair for all tests: making one takes a busy machine a second. */
const keys = generateKeyPair('RS256');

const basicOf = (name: string, password: string): string => Buffer.from(`${name}:${password}`).toString('base64');

const onemap: PlatformCase = {
  name: 'onemap',
  options: {
    platform: 'onemap',
    server: 'https://org.onemap.example',
    secret: {username: 'viewer', password: 'onemap-viewer-password'},
  },
  refusedAccounts: {
    'a wrong password': {
      platform: 'onemap',
      server: 'https://org.onemap.example',
      secret: {username: 'viewer', password: 'onemap-wrong-password'},
    },
    'a disabled user': {
      platform: 'onemap',
      server: 'https://org.onemap.example',
      secret: {username: 'gone', password: 'onemap-gone-password'},
    },
    'an administrator': {
      platform: 'onemap',
      server: 'https://org.onemap.example',
      secret: {username: 'admin', password: 'onemap-admin-password'},
    },
  },
  asked: {
    method: 'POST',
    url: 'https://org.onemap.example/api/login_check',
    headers: {'content-type': 'application/json'},
    body: '{"username":"viewer","password":"onemap-viewer-password"}',
  },
  attached: {authorization: /^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/},
  lifetime: 7200,
  isHandedOut: true,
  isIssued: true,
  upstream: 'https://org.onemap.example',
  path: '/api/v1/maps/world/tiles/2/2/1.png',
  paths: ['/api/v1/'],
  closedPath: '/api/login_check',
  start() {
    const clock = createFakeClock();
    const double = createOnemapDouble({keys, now: clock.now, content});
    return {
      clock,
      ...network({'https://org.onemap.example': double}),
      isForCredential: (request) => pathOf(request) === '/api/login_check',
      isSignOut: () => false,
      revoke: () => double.tokens.revoke(),
      secrets: () =>
        ['onemap-viewer-password', 'onemap-wrong-password', 'onemap-gone-password', 'onemap-admin-password'].flatMap(
          spellings,
        ),
    };
  },
};

const spectrumServer = 'https://spectrum.example:8443';
const spectrumCase = (kind: 'open' | 'session'): PlatformCase => ({
  name: `spectrum, ${kind} token`,
  options: {
    platform: 'spectrum',
    server: spectrumServer,
    secret: {username: 'geo', password: 'spectrum-geo-password'},
    kind,
  },
  refusedAccounts: {
    'a wrong password': {
      platform: 'spectrum',
      server: spectrumServer,
      secret: {username: 'geo', password: 'spectrum-wrong-password'},
      kind,
    },
    'a disabled user': {
      platform: 'spectrum',
      server: spectrumServer,
      secret: {username: 'gone', password: 'spectrum-gone-password'},
      kind,
    },
  },
  asked: {
    method: 'GET',
    url: `${spectrumServer}/security/rest/token/access/${kind === 'session' ? 'session/' : ''}10`,
    headers: {authorization: `Basic ${basicOf('geo', 'spectrum-geo-password')}`},
    body: '',
  },
  attached: {
    authorization: /^Bearer eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/,
    ...(kind === 'session' ? {cookie: /^SESSION=[\w-]+$/} : {}),
  },
  lifetime: 600,
  isHandedOut: kind === 'open',
  isIssued: true,
  signOut: {method: 'GET', url: `${spectrumServer}/security/rest/token/logout`},
  upstream: spectrumServer,
  path: '/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile/3/3:2/tile.png',
  paths: ['/rest/Spatial/'],
  closedPath: '/security/rest/token/access/0',
  start() {
    const clock = createFakeClock();
    const double = createSpectrumDouble({now: clock.now, content});
    double.basic = false;
    return {
      clock,
      ...network({[spectrumServer]: double}),
      isForCredential: (request) => pathOf(request).startsWith('/security/rest/token/access/'),
      isSignOut: (request) => pathOf(request) === '/security/rest/token/logout',
      revoke: () => double.tokens.revoke(),
      secrets: () => [
        ...['spectrum-geo-password', 'spectrum-wrong-password', 'spectrum-gone-password'].flatMap(spellings),
        basicOf('geo', 'spectrum-geo-password'),
        ...double.tokens.all.flatMap(({token, about}) => (about.session === undefined ? [] : [about.session, token])),
      ],
    };
  },
});

const imanagerServer = 'https://gis.example:31100';
const keycloakServer = 'https://gis.example:30474';
const imanagerAccount = (username: string, password: string): PlatformCase['options'] => ({
  platform: 'supermap-imanager',
  server: imanagerServer,
  authServer: keycloakServer,
  secret: {username, password},
});
const imanager: PlatformCase = {
  name: 'supermap-imanager',
  options: imanagerAccount('mapuser', 'imanager-mapuser-password'),
  refusedAccounts: {
    'a wrong password': imanagerAccount('mapuser', 'imanager-wrong-password'),
    'a disabled user': imanagerAccount('gone', 'imanager-gone-password'),
  },
  asked: {
    method: 'POST',
    url: `${keycloakServer}/auth/realms/imanager/protocol/openid-connect/token`,
    headers: {'content-type': 'application/x-www-form-urlencoded;charset=UTF-8'},
    body: 'username=mapuser&password=imanager-mapuser-password&grant_type=password&client_id=imanager',
  },
  attached: {authorization: /^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/},
  lifetime: 300,
  isHandedOut: true,
  isIssued: true,
  signOut: {method: 'POST', url: `${keycloakServer}/auth/realms/imanager/protocol/openid-connect/logout`},
  upstream: imanagerServer,
  path: '/iserver/services/map-world/rest/maps/World/zxyTileImage.png?z=2&x=2&y=1',
  paths: ['/iserver/services/map-world/rest/maps'],
  closedPath: '/auth/realms/imanager/protocol/openid-connect/token',
  start() {
    const clock = createFakeClock();
    const keycloak = createKeycloakDouble({keys, now: clock.now});
    const maps = createImanagerDouble({accepts: keycloak.accepts, content});
    return {
      clock,
      ...network({[keycloakServer]: keycloak, [imanagerServer]: maps}),
      isForCredential: (request) => pathOf(request).endsWith('/openid-connect/token'),
      isSignOut: (request) => pathOf(request).endsWith('/openid-connect/logout'),
      revoke: () => keycloak.accessTokens.revoke(),
      secrets: () => [
        ...['imanager-mapuser-password', 'imanager-wrong-password', 'imanager-gone-password'].flatMap(spellings),
        ...keycloak.refreshTokens.all.map(({token}) => token),
      ],
    };
  },
};

const iserverServer = 'https://iserver.example:8090';
const iserverAccount = (username: string, password: string): PlatformCase['options'] => ({
  platform: 'supermap-iserver',
  server: iserverServer,
  secret: {username, password},
});
const iserver: PlatformCase = {
  name: 'supermap-iserver',
  options: iserverAccount('mapuser', 'iserver-mapuser-password'),
  refusedAccounts: {
    'a wrong password': iserverAccount('mapuser', 'iserver-wrong-password'),
    'a disabled user': iserverAccount('gone', 'iserver-gone-password'),
  },
  asked: {
    method: 'POST',
    url: `${iserverServer}/iserver/services/security/tokens.json`,
    headers: {'content-type': 'application/json'},
    body:
      '{"userName":"mapuser","password":"iserver-mapuser-password","clientType":"Referer",'
      + '"referer":"https://site.example","expiration":60}',
  },
  attached: {token: /^[\w-]{48}$/, referer: /^https:\/\/site\.example$/},
  lifetime: 3600,
  isHandedOut: true,
  isIssued: true,
  upstream: iserverServer,
  path: '/iserver/services/map-world/rest/maps/World/zxyTileImage.png?z=2&x=2&y=1',
  paths: ['/iserver/services/map-world/rest/maps'],
  closedPath: '/iserver/services/security/tokens.json',
  start() {
    const clock = createFakeClock();
    const double = createIserverDouble({now: clock.now, content});
    return {
      clock,
      ...network({[iserverServer]: double}),
      isForCredential: (request) => pathOf(request).includes('/services/security/tokens'),
      isSignOut: () => false,
      revoke: () => double.tokens.revoke(),
      secrets: () => ['iserver-mapuser-password', 'iserver-wrong-password', 'iserver-gone-password'].flatMap(spellings),
    };
  },
};

const studioServer = 'https://studio.example:4040';
const studioAccount = (generatorToken: string): PlatformCase['options'] => ({
  platform: 'spatial-studio',
  server: `${studioServer}/spatialstudio`,
  secret: {generatorToken},
});
const studio: PlatformCase = {
  name: 'spatial-studio',
  options: studioAccount(GENERATOR_TOKEN),
  refusedAccounts: {'a generator token that was made anew': studioAccount('an-older-generator-token')},
  asked: {
    method: 'POST',
    url: new RegExp(
      `^${studioServer}/spatialstudio/oauth/v1/user/token\\?name=[^&]{1,128}&validTime=15&action=read_only&resourceType=dataset_streaming$`,
    ),
    headers: {authorization: `Bearer ${GENERATOR_TOKEN}`},
    body: '',
  },
  attached: {authorization: /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/},
  lifetime: 900,
  isHandedOut: true,
  isIssued: true,
  upstream: `${studioServer}/spatialstudio`,
  path: '/oauth/v1/vt/7e4c8901aa5f4d0c/GEOM/2/2/1.mvt',
  paths: ['/spatialstudio/oauth/v1/vt/'],
  closedPath: '/oauth/v1/user/token',
  start() {
    const clock = createFakeClock();
    const double = createSpatialStudioDouble({now: clock.now, content});
    return {
      clock,
      ...network({[studioServer]: double}),
      isForCredential: (request) => pathOf(request).endsWith('/user/token'),
      isSignOut: () => false,
      revoke: () => double.tokens.revoke(),
      secrets: () => [GENERATOR_TOKEN, 'an-older-generator-token'].flatMap(spellings),
    };
  },
};

const PLANVIEWER_KEY = {key: 'planviewer-key', secret: 'planviewer-key-secret'};
const planviewerServer = 'https://www.planviewer.example';
const planviewer: PlatformCase = {
  name: 'planviewer, key of the server API',
  options: {platform: 'planviewer', server: planviewerServer, secret: PLANVIEWER_KEY},
  refusedAccounts: {},
  asked: {method: 'GET', url: '', headers: {}, body: ''},
  attached: {authorization: new RegExp(`^Basic ${basicOf(PLANVIEWER_KEY.key, PLANVIEWER_KEY.secret)}$`)},
  lifetime: undefined,
  isHandedOut: false,
  isIssued: false,
  upstream: planviewerServer,
  path: '/maps_api/v2/server/viewers',
  paths: ['/maps_api/v2/server/viewers'],
  closedPath: '/maps_api/v2/oauth/1/callback',
  start() {
    const clock = createFakeClock();
    let active = true;
    const key = {
      ...PLANVIEWER_KEY,
      get active() {
        return active;
      },
    };
    const double = createPlanviewerDouble({oauth: null, fetch, keys: [key], content});
    return {
      clock,
      ...network({[planviewerServer]: double}),
      isForCredential: () => false,
      isSignOut: () => false,
      revoke: () => void (active = false),
      secrets: () => [...spellings(PLANVIEWER_KEY.secret), basicOf(PLANVIEWER_KEY.key, PLANVIEWER_KEY.secret)],
    };
  },
};

/** Every platform of the registry, in each way in which its credential differs. */
export const platformCases: readonly PlatformCase[] = [
  onemap,
  spectrumCase('open'),
  spectrumCase('session'),
  imanager,
  iserver,
  studio,
  planviewer,
];
