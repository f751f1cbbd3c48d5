import * as v from 'valibot';
import {below, invalidOption, text} from '../check-options.js';
import {readRecord, readToken} from '../read-answer.js';
import {definePlatform, type BrokerPlatform} from './platform.js';

export interface SpatialStudioOptions {
  /** The access-generator token of a user, which makes tokens for everything that user may do. */
  readonly secret: {readonly generatorToken: string};
  /** Default: `read_only`. */
  readonly action?: 'read_only' | 'read_write' | undefined;
  /** Default: `dataset_streaming`. `all` is not taken: it opens what no map needs. */
  readonly resourceType?:
    'dataset_streaming' | 'dataset_streaming_refreshing' | 'embedded_published_project' | undefined;
  /** Minutes that a token lasts, 1 to 9999. −1, which is for ever, is not taken. Default: 15. */
  readonly validMinutes?: number | undefined;
}

const minutes = 'must be a whole number of minutes from 1 to 9999 (-1, a token that never expires, is not taken)';
const resourceTypes = ['dataset_streaming', 'dataset_streaming_refreshing', 'embedded_published_project'] as const;

const schema = v.strictObject({
  secret: v.strictObject({generatorToken: text}, 'must be an object with "generatorToken"'),
  action: v.optional(v.picklist(['read_only', 'read_write'], 'must be "read_only" or "read_write"'), 'read_only'),
  resourceType: v.optional(
    v.picklist(resourceTypes, `must be one of ${resourceTypes.join(', ')} ("all" is not taken)`),
    'dataset_streaming',
  ),
  validMinutes: v.optional(
    v.pipe(v.number(minutes), v.integer(minutes), v.minValue(1, minutes), v.maxValue(9999, minutes)),
    15,
  ),
});

/** The other two of the five that Studio makes are those with `all`. */
const COMBINATIONS: Readonly<Record<(typeof resourceTypes)[number], 'read_only' | 'read_write'>> = {
  dataset_streaming: 'read_only',
  dataset_streaming_refreshing: 'read_write',
  embedded_published_project: 'read_only',
};

/** Tokens have names, 128 characters at most. Assumed: two of one name may be in each other's way. */
const newName = (now: number): string => `secure-map ${new Date(now).toISOString()} ${crypto.randomUUID()}`;

/** Oracle Spatial Studio: short-lived tokens made by an access-generator token. They can be ended by hand only. */
export const spatialStudio: BrokerPlatform<SpatialStudioOptions> = definePlatform({
  schema,
  closed: /^\/(.*\/)?(oauth|api)\/v1\/user(\/|$)/,
  create({secret, action, resourceType, validMinutes}, {server, ask, now}) {
    if (COMBINATIONS[resourceType] !== action) {
      throw invalidOption('action', `must be "${COMBINATIONS[resourceType]}" for "${resourceType}"`);
    }
    // The address of a machine alone stands for the Studio at its usual place.
    const endpoint = below(server, `${server.pathname === '/' ? '/spatialstudio' : ''}/oauth/v1/user/token`);
    return {
      async obtain({signal}) {
        const asked = now();
        const url = new URL(endpoint);
        url.search = String(
          new URLSearchParams({name: newName(asked), validTime: String(validMinutes), action, resourceType}),
        );
        const response = await ask(url, {
          method: 'POST',
          headers: {authorization: `Bearer ${secret.generatorToken}`, accept: 'application/json'},
          signal,
        });
        return {
          credential: {token: readToken(await readRecord(response), 'token'), expiresAt: asked + validMinutes * 60_000},
        };
      },
    };
  },
});
