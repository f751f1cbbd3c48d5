import type {Handler} from '../handler.js';
import type {SignIn} from '../sign-in/create-sign-in.js';
import type {TokenBroker} from '../token-broker.js';
import {problemAt} from './config-error.js';
import type {BrokerConfig, RouteConfig, RouteType} from './config-schema.js';
import {describeError, type Log} from './log.js';
import {placed} from './placed.js';
import type {RouteContext} from './routes/context.js';
import {mapProxy} from './routes/map-proxy.js';
import {planviewerProvider} from './routes/planviewer-provider.js';
import {signIn} from './routes/sign-in.js';
import {tokenBroker} from './routes/token-broker.js';
import type {SecretSources} from './secrets.js';

export interface HandlerParts {
  readonly sources: SecretSources;
  readonly log: Log;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Handlers {
  readonly byPath: ReadonlyMap<string, Handler>;
  /** Ends at the platforms what was issued, where they have a way to. */
  end(): Promise<void>;
}

const make = (route: RouteConfig, context: RouteContext): Promise<Handler> => {
  switch (route.type) {
    case 'sign-in':
      return signIn(route, context);
    case 'token-broker':
      return tokenBroker(route, context);
    case 'map-proxy':
      return mapProxy(route, context);
    case 'planviewer-provider':
      return planviewerProvider(route, context);
  }
};

/** Each type after those that it may refer to. */
const order: readonly RouteType[] = ['sign-in', 'token-broker', 'map-proxy', 'planviewer-provider'];

/** A token broker is one address; the others are all addresses below one. */
const checkSlash = (path: string, type: RouteType): void => {
  const isOne = type === 'token-broker';
  if (path.endsWith('/') !== isOne) return;
  const words = isOne ? 'must not end with a slash' : 'must end with a slash: it stands for all below it';
  throw problemAt(['routes', path], `the path of a ${type} ${words}`);
};

/** Every route of the configuration as a handler. @throws ConfigError that names the place. */
export const createHandlers = async ({routes}: BrokerConfig, parts: HandlerParts): Promise<Handlers> => {
  const {log, ...rest} = parts;
  const signIns = new Map<string, SignIn>();
  const brokers = new Map<string, TokenBroker>();
  const byPath = new Map<string, Handler>();
  const all = Object.entries(routes).toSorted(([, a], [, b]) => order.indexOf(a.type) - order.indexOf(b.type));
  for (const [path, route] of all) {
    checkSlash(path, route.type);
    const keys = ['routes', path];
    const onError = (error: unknown): void => log.error('trouble', {route: path, ...describeError(error)});
    const context = {...rest, path, keys, onError, signIns, brokers};
    byPath.set(path, await placed(keys, () => make(route, context)));
  }
  return {
    byPath,
    end: async () => void (await Promise.all([...brokers.values()].map((broker) => broker.signOut()))),
  };
};
