import * as v from 'valibot';
import type {Platform} from './platform.js';
import {iserverMap} from './supermap/iserver-map.js';

const options = v.strictObject({});

/**
 * The map services that a SuperMap iManager runs, which are iServers. They get the Keycloak token of the iManager as
 * `Authorization: Bearer`, the first of the three ways that its documentation names.
 *
 * Assumed: that an iServer behind an iManager accepts it; the documentation shows it for iManager's own resources.
 */
export const supermapImanager: Platform<typeof options> = {
  needs: ['server', 'map'],
  options,
  layers: iserverMap,
};
