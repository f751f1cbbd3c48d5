import type {Extent} from 'ol/extent.js';
import {addProjection} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import {areaOf, axesOf, definitionOf, extentOf, names} from './table.js';
import {SecureMapError} from '../../credentials/errors.js';
import {registered} from './projection-code.js';

const wellKnownNames = ['EPSG:3857', 'EPSG:4326', 'EPSG:32601–32660', 'EPSG:32701–32760', ...names].join(', ');

/** What a tile grid begins at is the same on both sides of the equator: 0 and 10 000 km north, 0.17 to 0.83 Mm east. */
const utmExtent = (code: string): Extent | undefined => {
  if (!/^EPSG:32[67](?:0[1-9]|[1-5]\d|60)$/.test(code)) return undefined;
  return code.startsWith('EPSG:326') ? [166_021, 0, 833_979, 9_329_006] : [166_021, 1_116_915, 833_979, 10_000_000];
};

const projectionFor = async (code: string): Promise<Projection | undefined> => {
  const there = registered(code);
  const utm = utmExtent(code);
  if (there && utm && !there.getExtent()) {
    // ol computes them, but says nothing of where they hold.
    there.setExtent(utm);
    addProjection(there);
  }
  const definition = there ? undefined : definitionOf(code);
  if (definition === undefined) return there;
  const {addDefinition, readDefinition} = await import('./add-definition.js');
  const read = readDefinition(definition);
  // Another map of the page may have been faster.
  return (
    registered(code)
    ?? (read && addDefinition(code, read, {axes: axesOf(code), area: areaOf(code), extent: extentOf(code)}))
  );
};

/** The projection of a code; defined when it is not yet. `name` is what it was asked for by. */
export const wellKnownProjection = async (code: string, name: string): Promise<Projection> => {
  const projection = await projectionFor(code);
  if (projection) return projection;
  throw new SecureMapError(
    'invalid-layer',
    `The projection ${JSON.stringify(name.slice(0, 60))} is not known. Allowed: ${wellKnownNames}; give others in "projections" of the config.`,
  );
};
