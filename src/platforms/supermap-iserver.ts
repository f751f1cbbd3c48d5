import * as v from 'valibot';
import type {Platform} from './platform.js';
import {iserverMap} from './supermap/iserver-map.js';

const options = v.strictObject({
  /** How the token travels: `header` is the header `token`; `query` is the parameter `token`, which ends in logs. */
  transport: v.optional(v.picklist(['header', 'query'], 'must be "header" or "query"'), 'header'),
});

/**
 * SuperMap iServer. `map` is the path of a map resource: `/iserver/services/map-world/rest/maps/World`. How the token
 * travels is in `attachments.ts`.
 */
export const supermapIserver: Platform<typeof options> = {
  needs: ['server', 'map'],
  options,
  layers: iserverMap,
};
