import {applyTransform, type Extent} from 'ol/extent.js';
import {
  addCoordinateTransforms,
  addProjection,
  createSafeCoordinateTransform,
  createTransformFromCoordinateTransform,
  getTransform,
} from 'ol/proj.js';
import Projection from 'ol/proj/Projection.js';
import {PROJECTIONS as mercators} from 'ol/proj/epsg3857.js';
import {PROJECTIONS as geographic} from 'ol/proj/epsg4326.js';
import proj4 from 'proj4';
import {registered} from './projection-code.js';

/** What a definition does not say. */
export interface ProjectionFacts {
  readonly axes?: string | undefined;
  /** Where it is used, in degrees. */
  readonly area?: Extent | undefined;
  /** Of the tile grid, when it is not simply around the area. */
  readonly extent?: Extent | undefined;
}

type Convert = (coordinate: number[]) => number[];

/** What proj4 has understood; angles in radians. Its own types leave out most of it. */
interface Meant {
  readonly projName?: string;
  readonly long0?: number;
  readonly lat0?: number;
  readonly units?: string;
  readonly to_meter?: number;
  readonly axis?: string;
}

/** From degrees and back. */
interface Converter {
  readonly forward: Convert;
  readonly inverse: Convert;
  readonly meant: Meant;
}

const LON_LAT = 'EPSG:4326';

/** proj4 throws for places that a projection cannot show, which in the middle of a frame would end the frame. */
const forgiving =
  (convert: Convert) =>
  (coordinate: number[]): number[] => {
    try {
      return convert(coordinate);
    } catch {
      return [NaN, NaN];
    }
  };

const isFinitePair = ([x, y]: readonly number[]): boolean => Number.isFinite(x) && Number.isFinite(y);

/** Somewhere around the middle of the projection, where every definition that means something has values. */
const samplesOf = ({meant}: Converter): readonly number[][] => {
  const degrees = (angle: unknown): number => (typeof angle === 'number' ? (angle * 180) / Math.PI : 0);
  const lon = degrees(meant.long0);
  const lat = Math.max(-80, Math.min(80, degrees(meant.lat0)));
  return [0, 45, -45, lat - 1, lat + 1].flatMap((each) => [
    [lon + 1, each],
    [lon - 2, each],
  ]);
};

const samplePairs = (converter: Converter): (readonly [place: number[], shown: number[]])[] =>
  samplesOf(converter)
    .map((place) => [place, forgiving(converter.forward)([...place])] as const)
    .filter(([, shown]) => isFinitePair(shown));

/** There and back again is where one was. */
const isUsable = (converter: Converter): boolean =>
  samplePairs(converter).some(([[lon = NaN, lat = NaN], shown]) => {
    const [x = NaN, y = NaN] = forgiving(converter.inverse)([...shown]);
    return Math.abs(x - lon) < 1e-5 && Math.abs(y - lat) < 1e-5;
  });

const read = (definition: string): Converter | undefined => {
  try {
    const {forward, inverse, oProj} = proj4(definition);
    const converter = oProj && {forward, inverse, meant: oProj as Meant};
    return converter && isUsable(converter) ? converter : undefined;
  } catch {
    return undefined;
  }
};

const unitsOf = ({meant}: Converter): {readonly units: string; readonly metersPerUnit?: number} => {
  if (meant.projName === 'longlat') return {units: 'degrees'};
  return {units: meant.units ?? 'm', ...(meant.to_meter ? {metersPerUnit: meant.to_meter} : {})};
};

/** The codes that proj4 computes, and what ol calls by other names. UTM is computed by ol, by way of degrees. */
const others = (): readonly (readonly [Projection, string])[] => [
  ...geographic.map((each) => [each, LON_LAT] as const),
  ...mercators.map((each) => [each, 'EPSG:3857'] as const),
  ...Object.keys(proj4.defs).flatMap((code) => {
    const projection = /^EPSG:(?:32[67]\d\d|4326|3857|900913|102113)$/.test(code) ? null : registered(code);
    return projection ? [[projection, code] as const] : [];
  }),
];

const connect = (projection: Projection, code: string): void => {
  for (const [other, definition] of others()) {
    if (other === projection || getTransform(projection, other)) continue;
    const {forward, inverse} = proj4(code, definition);
    addCoordinateTransforms(
      projection,
      other,
      createSafeCoordinateTransform(projection, other, forgiving(forward)),
      createSafeCoordinateTransform(other, projection, forgiving(inverse)),
    );
  }
};

/** The box around an area whose edges are curves in the projection. */
const around = (area: Extent, {forward}: Converter): Extent | undefined => {
  const convert = createTransformFromCoordinateTransform(forgiving(forward));
  const box = applyTransform(area, convert, undefined, 16);
  return box.every(Number.isFinite) ? box : undefined;
};

/** What a definition says, as far as anything can be done with it. */
export interface Definition {
  readonly text: string;
  readonly converter: Converter;
}

export const readDefinition = (text: string): Definition | undefined => {
  const converter = read(text);
  return converter && {text, converter};
};

/**
 * Makes ol know a projection by what proj4 has read. proj4's own link to ol would compute every pair of the 130
 * projections that it comes with.
 */
export const addDefinition = (
  code: string,
  {text, converter}: Definition,
  {axes, area, extent}: ProjectionFacts,
): Projection => {
  const {meant} = converter;
  const isGlobal = meant.projName === 'longlat';
  const worldExtent = isGlobal ? [-180, -90, 180, 90] : area;
  const box = isGlobal ? worldExtent : (extent ?? (area && around(area, converter)));
  const projection = new Projection({
    code,
    // ol's type lists the units that it has words for.
    ...(unitsOf(converter) as {units: 'm'}),
    axisOrientation: axes ?? meant.axis ?? 'enu',
    global: isGlobal,
    ...(box ? {extent: box} : {}),
    ...(worldExtent ? {worldExtent} : {}),
  });
  proj4.defs(code, text);
  addProjection(projection);
  connect(projection, code);
  return projection;
};

/** Whether a definition means what ol knows by this name already: the same places, to the millimetre. */
export const isSameAs = (known: Projection, {converter}: Definition): boolean => {
  const toKnown = getTransform(LON_LAT, known);
  const tolerance = 0.001 / (known.getMetersPerUnit() ?? 1);
  return samplePairs(converter).every(([place, [x = NaN, y = NaN]]) => {
    const [knownX = NaN, knownY = NaN] = toKnown?.([...place], undefined, 2) ?? [];
    return Math.abs(knownX - x) < tolerance && Math.abs(knownY - y) < tolerance;
  });
};
