import type Projection from 'ol/proj/Projection.js';
import {SecureMapError} from '../../credentials/errors.js';
import {RequestError} from '../../request/request-error.js';
import {projectionCode, registered} from './projection-code.js';

/** The projection of that name, when it is at hand: ol's own, and what {@link projectionOf} has brought before. */
export const knownProjection = (name: string): Projection => {
  const projection = registered(projectionCode(name));
  if (projection) return projection;
  throw new SecureMapError('invalid-layer', `The projection ${JSON.stringify(name.slice(0, 60))} is not known.`);
};

/**
 * The projection of that name, by whatever form of it. What ol does not have comes from a table, with the library that
 * computes it, when it is first named. Rejects with a `RequestError` when that part cannot be loaded.
 */
export const projectionOf = async (name: string): Promise<Projection> => {
  const code = projectionCode(name);
  const known = registered(code);
  // One without an extent has been made for its code alone, or comes from the config.
  if (known?.getExtent()) return known;
  const {wellKnownProjection} = await import('./well-known.js').catch((cause: unknown) => {
    throw new RequestError('The part of secure-map.js for projections could not be loaded', {
      kind: 'network',
      url: import.meta.url,
      reason: 'module',
      cause,
    });
  });
  return wellKnownProjection(code, name);
};
