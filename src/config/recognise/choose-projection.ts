import {projectionCode} from '../../layers/projections/projection-code.js';
import {projectionOf} from '../../layers/projections/projection-of.js';

const mercator = new Set(['EPSG:3857', 'EPSG:900913', 'EPSG:102100', 'EPSG:102113', 'EPSG:3785']);

/**
 * The projection of the view for a service that has these: the map's own where the service has it, since the browser
 * needs to compute nothing then; otherwise the first that can be shown. `undefined` leaves it to the map.
 */
export const chooseProjection = async (names: readonly string[]): Promise<string | undefined> => {
  const codes = [...new Set(names.map(projectionCode))];
  if (codes.some((code) => mercator.has(code))) return undefined;
  // A projected one shows the country as it is; degrees are the last choice.
  const isDegrees = (code: string): boolean => /^(?:CRS:|EPSG:4\d{3}$)/.test(code);
  const inOrder = [...codes.filter((code) => !isDegrees(code)), ...codes.filter(isDegrees)];
  for (const code of inOrder.slice(0, 100)) {
    const projection = await projectionOf(code).catch(() => undefined);
    if (projection) return projection.getCode();
  }
  return undefined;
};
