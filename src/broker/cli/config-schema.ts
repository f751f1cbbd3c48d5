import * as v from 'valibot';
import {text} from '../check-options.js';
import {platformNames} from '../platform-names.js';
import {visitors, who} from './visitor-schema.js';
import {flag, list, oneOrMany, positive, secret} from './schema-parts.js';

const platform = v.picklist(platformNames, `must be one of ${platformNames.join(', ')}`);

/** What `CommonOptions` has for all that a visitor of the map asks. */
const common = {
  authorize: visitors,
  origins: v.optional(list('origins')),
  allowHttp: v.optional(flag),
  timeout: v.optional(positive('seconds')),
};

/** What is not listed is up to the platform, which checks its own options. */
const tokenBroker = v.looseObject({
  type: v.literal('token-broker'),
  platform,
  server: text,
  // The name of an account is no secret; all else under `secret` is.
  secret: v.objectWithRest({username: v.optional(v.union([text, secret], 'must be text or a reference'))}, secret),
  ...common,
});

const mapProxy = v.strictObject({
  type: v.literal('map-proxy'),
  upstream: text,
  paths: list('paths'),
  platform: v.optional(platform),
  /** The path of a token broker of this configuration. */
  broker: v.optional(text),
  /** In place of `broker`: what the visitor's own sign-in gave, or a token that does not change. */
  credential: v.optional(
    v.strictObject({signIn: v.optional(text), token: v.optional(secret), type: v.optional(text)}, 'must be an object'),
  ),
  maxBytes: v.optional(positive('bytes')),
  ...common,
});

const signIn = v.strictObject({
  type: v.literal('sign-in'),
  issuer: v.optional(text),
  endpoints: v.optional(
    v.strictObject({
      authorization: text,
      token: text,
      revocation: v.optional(text),
      endSession: v.optional(text),
      issuer: v.optional(text),
    }),
  ),
  clientId: text,
  clientSecret: v.optional(secret),
  clientAuthentication: v.optional(v.picklist(['basic', 'post'], 'must be "basic" or "post"')),
  scope: v.optional(text),
  resource: v.optional(text),
  cookieSecret: oneOrMany(secret),
  baseUrl: text,
  returnTo: v.optional(text),
  sessionSeconds: v.optional(positive('seconds')),
  idleSeconds: v.optional(positive('seconds')),
  endProviderSession: v.optional(flag),
  timeout: v.optional(positive('seconds')),
});

const planviewerProvider = v.strictObject({
  type: v.literal('planviewer-provider'),
  clients: v.pipe(
    v.array(v.strictObject({clientId: text, clientSecret: secret, redirectUris: list('URLs')}), 'must be an array'),
    v.minLength(1, 'must name at least one client'),
  ),
  authenticate: who,
  key: oneOrMany(secret),
  tokenType: v.optional(v.picklist(['Bearer', 'MAC'], 'must be "Bearer" or "MAC"')),
  accessTokenSeconds: v.optional(positive('seconds')),
  refreshTokenSeconds: v.optional(positive('seconds')),
});

const types = ['token-broker', 'map-proxy', 'sign-in', 'planviewer-provider'];

const routeSchema = v.variant(
  'type',
  [tokenBroker, mapProxy, signIn, planviewerProvider],
  `must be one of ${types.join(', ')}`,
);

const isFree = (path: string): boolean => path !== '/healthz' && path !== '/readyz' && !path.includes('/.');

/** Whole segments of plain characters: what has to be encoded, servers in front may read in their own way. */
const routePath = v.pipe(
  v.string(),
  v.regex(/^\/([\w.~-]+\/)*[\w.~-]*$/, 'is no path such as "/map-token" or "/tiles/"'),
  v.check(isFree, 'is taken, or has a segment that begins with a dot'),
);

export const configSchema = v.strictObject(
  {
    /** For editors. */
    $schema: v.optional(text),
    listen: v.optional(
      v.strictObject({
        host: v.optional(text, '127.0.0.1'),
        port: v.optional(
          v.pipe(
            v.number('must be a number from 0 to 65535'),
            v.integer('must be a whole number'),
            v.minValue(0, 'must be 0 or more'),
            v.maxValue(65_535, 'must be 65535 at most'),
          ),
          8080,
        ),
      }),
      {},
    ),
    trustProxy: v.optional(v.union([flag, list('addresses')], 'must be true, false or an array of addresses'), false),
    stopSeconds: v.optional(positive('seconds'), 10),
    routes: v.pipe(
      v.record(routePath, routeSchema, 'must be an object of routes by their paths'),
      v.minEntries(1, 'must have at least one route'),
    ),
  },
  'must be an object with "routes"',
);

export type BrokerConfig = v.InferOutput<typeof configSchema>;
export type RouteConfig = v.InferOutput<typeof routeSchema>;
export type RouteType = RouteConfig['type'];
