/** How deep the numbers are in the lists of `coordinates`. */
const depths: Readonly<Record<string, number>> = {
  Point: 1,
  MultiPoint: 2,
  LineString: 2,
  MultiLineString: 3,
  Polygon: 3,
  MultiPolygon: 4,
};

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 40);

/** Looks at the first of each list only: ol takes lists of a wrong depth for coordinates without a word. */
const isNested = (value: unknown, depth: number): boolean => {
  if (depth === 0) return typeof value === 'number';
  if (!Array.isArray(value)) return false;
  const [first]: readonly unknown[] = value;
  return first === undefined || isNested(first, depth - 1);
};

const geometry = (value: Json, at: string): string | undefined => {
  if (value['type'] === 'GeometryCollection') {
    const parts: unknown = value['geometries'];
    if (!Array.isArray(parts)) return `${at}geometries must be a list`;
    return firstOf(parts, `${at}geometries`, (part, path) => geometry(part, `${path}.`));
  }
  const depth = depths[String(value['type'])];
  if (!depth) return `${at}type ${show(value['type'])} is not a geometry type`;
  if (!Array.isArray(value['coordinates'])) return `${at}coordinates must be a list`;
  return isNested(value['coordinates'], depth) ? undefined : `${at}coordinates must be lists of numbers, ${depth} deep`;
};

const feature = (value: Json, at: string): string | undefined => {
  if (value['type'] !== 'Feature') return `${at}type must be "Feature", not ${show(value['type'])}`;
  const shape = value['geometry'];
  if (shape === null || shape === undefined) return undefined;
  return isObject(shape) ? geometry(shape, `${at}geometry.`) : `${at}geometry must be an object or null`;
};

const firstOf = (
  values: readonly unknown[],
  at: string,
  check: (value: Json, path: string) => string | undefined,
): string | undefined => {
  for (const [i, value] of values.entries()) {
    const path = `${at}[${i}]`;
    const wrong = isObject(value) ? check(value, path) : `${path} must be an object`;
    if (wrong) return wrong;
  }
  return undefined;
};

/** What is wrong with the shape of a GeoJSON document (RFC 7946), and where; `undefined` when nothing is. */
export const geojsonProblem = (value: unknown): string | undefined => {
  if (!isObject(value)) return `it must be an object, not ${Array.isArray(value) ? 'a list' : show(value)}`;
  if (value['type'] === 'FeatureCollection') {
    const features: unknown = value['features'];
    if (!Array.isArray(features)) return 'features must be a list';
    return firstOf(features, 'features', (each, path) => feature(each, `${path}.`));
  }
  if (value['type'] === 'Feature') return feature(value, '');
  return geometry(value, '')?.replace('a geometry type', 'a GeoJSON type');
};
