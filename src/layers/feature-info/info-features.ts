import {get as getProjection, getTransform, type TransformFunction} from 'ol/proj.js';
import {isRecord} from '../../credentials/is-record.js';
import type {IdentifiedFeature} from '../around.js';
import {projectionCode, registered} from '../projections/projection-code.js';

/** Of the deepest geometry, a multi-polygon: polygons, rings, positions, numbers. */
const deepest = 4;

const moved = (value: unknown, transform: TransformFunction, depth = 0): unknown => {
  if (!Array.isArray(value) || depth >= deepest) return value;
  if (typeof value[0] === 'number') return transform((value as number[]).slice(0, 2), undefined, 2);
  return value.map((each) => moved(each, transform, depth + 1));
};

/** No system is told by `null`: what its coordinates are in nobody knows. */
const projectionName = (value: Readonly<Record<string, unknown>>): string | undefined => {
  if (!('crs' in value)) return 'EPSG:4326';
  const {crs} = value;
  const properties = isRecord(crs) ? crs['properties'] : undefined;
  return isRecord(properties) && typeof properties['name'] === 'string' ? properties['name'] : undefined;
};

/** The features of a GeoJSON answer with their geometries in `projection`; `undefined` when it is something else. */
export const readInfoFeatures = (value: unknown, projection: string): readonly IdentifiedFeature[] | undefined => {
  if (!isRecord(value)) return undefined;
  const all: unknown = value['type'] === 'Feature' ? [value] : value['features'];
  if (!Array.isArray(all)) return undefined;
  const name = projectionName(value);
  const from = name === undefined ? null : registered(projectionCode(name));
  const to = getProjection(projection);
  const transform = from && to ? getTransform(from, to) : undefined;
  return all.filter(isRecord).map(({id, properties, geometry}) => ({
    ...(typeof id === 'string' || typeof id === 'number' ? {id: String(id)} : {}),
    properties: isRecord(properties) ? properties : {},
    ...(transform && isRecord(geometry) && 'coordinates' in geometry
      ? {geometry: {...geometry, coordinates: moved(geometry['coordinates'], transform)}}
      : {}),
  }));
};
