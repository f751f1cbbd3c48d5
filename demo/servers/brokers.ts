import {randomUUID} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {BrokerError, createMapProxy, createPlanviewerProvider, createTokenBroker} from '../../src/broker/index.js';
import type {Handler} from '../../src/broker/index.js';
import {GENERATOR_TOKEN} from '../../test/doubles/platforms/spatial-studio.js';
import type {PlanviewerOAuth} from '../../test/doubles/platforms/planviewer-client.js';
import type {PlatformOrigins} from './platforms.js';

export interface BrokersOptions {
  readonly origins: PlatformOrigins;
  /** Planviewer as a client of the site. */
  readonly planviewer: PlanviewerOAuth;
  /** Whether a visitor has a session of the site. */
  readonly isKnown: (headers: IncomingHttpHeaders) => boolean;
  /** Whether a visitor has signed in to the site. */
  readonly isSignedIn: (headers: IncomingHttpHeaders) => boolean;
}

/** The back end of the site for its maps: each handler under the path it is served at. A real one reads secrets from files. */
export function createBrokers({
  origins,
  planviewer,
  isKnown,
  isSignedIn,
}: BrokersOptions): ReadonlyMap<string, Handler> {
  // A platform that cannot be reached is part of the demo: its network can be cut.
  const onError = (error: unknown): void => {
    if (!(error instanceof BrokerError)) console.error(error);
  };
  const common = {authorize: ({headers}: Request) => isKnown(Object.fromEntries(headers)), onError};
  const signedIn = {authorize: ({headers}: Request) => isSignedIn(Object.fromEntries(headers)), onError};

  const spectrum = createTokenBroker({
    ...signedIn,
    platform: 'spectrum',
    server: origins.spectrum,
    secret: {username: 'geo', password: 'spectrum-geo-password'},
    kind: 'session',
  });

  return new Map<string, Handler>([
    [
      '/broker/onemap/token',
      createTokenBroker({
        ...common,
        platform: 'onemap',
        server: origins.onemap,
        secret: {username: 'viewer', password: 'onemap-viewer-password'},
      }),
    ],
    [
      '/planviewer',
      createPlanviewerProvider({
        clients: [
          {
            clientId: planviewer.clientId,
            clientSecret: planviewer.clientSecret,
            redirectUris: [`${origins.planviewer}/maps_api/v2/oauth/1/callback`],
          },
        ],
        key: randomUUID(),
        authenticate: ({headers}) => isKnown(Object.fromEntries(headers)),
        onError,
      }),
    ],
    [
      // Spectrum is shipped without CORS, so its maps come through the site.
      '/broker/spectrum/map',
      createMapProxy({
        ...signedIn,
        broker: spectrum,
        mount: '/broker/spectrum/map',
        upstream: origins.spectrum,
        paths: ['/rest/Spatial/'],
      }),
    ],
    [
      '/broker/supermap-imanager/token',
      createTokenBroker({
        ...common,
        platform: 'supermap-imanager',
        server: origins.imanager,
        authServer: origins.keycloak,
        secret: {username: 'mapuser', password: 'imanager-mapuser-password'},
      }),
    ],
    [
      '/broker/supermap-iserver/token',
      createTokenBroker({
        ...common,
        platform: 'supermap-iserver',
        server: origins.iserver,
        secret: {username: 'mapuser', password: 'iserver-mapuser-password'},
        expirationMinutes: 1,
      }),
    ],
    [
      '/broker/spatial-studio/token',
      createTokenBroker({
        ...common,
        platform: 'spatial-studio',
        server: origins.studio,
        secret: {generatorToken: GENERATOR_TOKEN},
        validMinutes: 1,
      }),
    ],
  ]);
}
