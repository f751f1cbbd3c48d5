import type {SignIn} from '../../sign-in/create-sign-in.js';
import type {TokenBroker} from '../../token-broker.js';
import type {Handler} from '../../handler.js';
import type {RouteConfig, RouteType} from '../config-schema.js';
import type {SecretSources} from '../secrets.js';

/** What a route is made with, beside its own part of the configuration. */
export interface RouteContext {
  /** Its path, such as `/tiles/`. */
  readonly path: string;
  /** Where it stands in the configuration, for what is wrong with it. */
  readonly keys: readonly string[];
  readonly sources: SecretSources;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  /** The routes that others may refer to, by their paths. */
  readonly signIns: Map<string, SignIn>;
  readonly brokers: Map<string, TokenBroker>;
}

/** The part of the configuration that describes a route of a type. */
export type RouteOf<Type extends RouteType> = Extract<RouteConfig, {readonly type: Type}>;

/** Makes the handler of a route. @throws ConfigError, or an error of the broker that names an option. */
export type MakeRoute<Type extends RouteType> = (route: RouteOf<Type>, context: RouteContext) => Promise<Handler>;
