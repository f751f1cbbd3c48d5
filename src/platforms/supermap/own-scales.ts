import type Projection from 'ol/proj/Projection.js';
import {numberOf, type Box} from '../numbers.js';
import {unusable} from '../wrong.js';

const metresPerInch = 0.0254;
/** What iServer takes for one on the equator, where a unit of the map is a degree. */
const metresPerDegree = (Math.PI * 6_378_137) / 180;
const levels = 20;
const tileSize = 256;

export interface Place {
  readonly bounds: Box | undefined;
  readonly projection: Projection;
}

/**
 * `tileImage`: the picture of a scale, in tiles counted from `origin`. A scale is 1 to something at the dots per inch of
 * the map: `1 / (resolution · dpi / 0.0254 · metres per unit)`.
 */
export const ownScales = (
  url: string,
  {dpi: said, visibleScales}: Readonly<Record<string, unknown>>,
  {bounds, projection}: Place,
): object => {
  if (!bounds) throw unusable('the description of the map has no "bounds"');
  const dpi = numberOf(said) ?? 96;
  if (dpi <= 0) throw unusable(`the description of the map has ${dpi} dots per inch`);
  const [left, bottom, right, top] = bounds;
  const perUnit = projection.getUnits() === 'degrees' ? metresPerDegree : (projection.getMetersPerUnit() ?? 1);
  const factor = (dpi / metresPerInch) * perUnit;
  const listed = (Array.isArray(visibleScales) ? (visibleScales as readonly unknown[]) : [])
    .map(numberOf)
    .filter((scale) => scale !== undefined && scale > 0)
    .map(Number);
  const coarsest = Math.max(right - left, top - bottom) / tileSize;
  const scales =
    listed.length > 0
      ? [...new Set(listed)].toSorted((a, b) => a - b).slice(0, 41)
      : Array.from({length: levels}, (_, level) => 2 ** level / (coarsest * factor));
  const origin = encodeURIComponent(JSON.stringify({x: left, y: top}));
  return {
    type: 'xyz',
    projection: projection.getCode(),
    url:
      `${url}/tileImage.png?x={x}&y={y}&width=${tileSize}&height=${tileSize}&scale={z}&origin=${origin}`
      + '&transparent=true&redirect=false&cacheEnabled=true&overlapDisplayed=false',
    tileGrid: {
      origin: [left, top],
      resolutions: scales.map((scale) => 1 / (scale * factor)),
      names: scales.map(String),
      bounds,
    },
  };
};
