const geometryTypes = ['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'];

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 40);

const geometry = (value: Json, at: string): string | undefined => {
  if (value['type'] === 'GeometryCollection') {
    const parts: unknown = value['geometries'];
    if (!Array.isArray(parts)) return `${at}geometries must be a list`;
    return firstOf(parts, `${at}geometries`, (part, path) => geometry(part, `${path}.`));
  }
  if (!geometryTypes.includes(String(value['type']))) return `${at}type ${show(value['type'])} is not a geometry type`;
  return Array.isArray(value['coordinates']) ? undefined : `${at}coordinates must be a list`;
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
