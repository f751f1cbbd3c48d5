import Feature from 'ol/Feature.js';
import type Geometry from 'ol/geom/Geometry.js';
import GeometryCollection from 'ol/geom/GeometryCollection.js';
import LineString from 'ol/geom/LineString.js';
import MultiLineString from 'ol/geom/MultiLineString.js';
import MultiPoint from 'ol/geom/MultiPoint.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import {get as getProjection, type ProjectionLike} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import {RequestError} from '../../request/request-error.js';
import {projectionOf} from '../projections/projection-of.js';
import {geojsonProblem} from './check-geojson.js';
import {inSlices} from './in-slices.js';

interface GeometryObject {
  readonly type: string;
  /** As deep as the type wants it, which has been checked. */
  readonly coordinates: never[];
  readonly geometries: readonly GeometryObject[];
}

interface FeatureObject {
  readonly id?: unknown;
  readonly geometry?: GeometryObject | null;
  readonly properties?: object | null;
}

export interface ReadGeojsonOptions {
  /** Where it is from, for reports. */
  readonly url: string;
  /** The projection of the view. */
  readonly projection: Projection;
  /** What the coordinates are in where the document does not say; longitude and latitude otherwise. */
  readonly dataProjection?: ProjectionLike;
  readonly signal: AbortSignal;
}

const unusable = (what: string, url: string, cause?: unknown): RequestError =>
  new RequestError(`This is not valid GeoJSON: ${what}`, {kind: 'format', url, cause});

const makers: Readonly<Record<string, (coordinates: never[]) => Geometry>> = {
  Point: (coordinates) => new Point(coordinates),
  MultiPoint: (coordinates) => new MultiPoint(coordinates),
  LineString: (coordinates) => new LineString(coordinates),
  MultiLineString: (coordinates) => new MultiLineString(coordinates),
  Polygon: (coordinates) => new Polygon(coordinates),
  MultiPolygon: (coordinates) => new MultiPolygon(coordinates),
};

/** A geometry without coordinates is none, as RFC 7946 §3.1 allows to read it. */
const toGeometry = ({type, coordinates, geometries}: GeometryObject): Geometry | undefined =>
  type === 'GeometryCollection'
    ? new GeometryCollection(geometries.map(toGeometry).filter((part) => part !== undefined))
    : coordinates.length > 0
      ? makers[type]?.(coordinates)
      : undefined;

/** By hand and not by ol's format, which takes a property of the name "geometry" for one, and is three times as large. */
const toFeature = ({id, geometry, properties}: FeatureObject, from: Projection, to: Projection): Feature => {
  const feature = new Feature();
  if (properties && 'geometry' in properties) feature.setGeometryName('_geometry');
  if (properties) feature.setProperties({...properties}, true);
  if (typeof id === 'string' || typeof id === 'number') feature.setId(id);
  const shape = geometry ? toGeometry(geometry) : undefined;
  if (shape) feature.setGeometry(shape.transform(from, to));
  return feature;
};

/** Of a document of the older specification, which may name another system. */
const nameOf = (crs: unknown): string => {
  const {type, properties = {}} = crs as {type?: unknown; properties?: {name?: unknown; code?: unknown}};
  return type === 'EPSG' ? `EPSG:${String(properties.code)}` : type === 'name' ? String(properties.name) : '';
};

/** Rejects when its part of the package cannot be loaded; `null` when it is not known. */
const named = (crs: unknown): Promise<Projection | null> =>
  projectionOf(nameOf(crs)).catch((error: unknown) => {
    if (error instanceof RequestError) throw error;
    return null;
  });

/** The features of a GeoJSON document, in the projection of the view. */
export const readGeojson = async (
  value: unknown,
  {url, projection, dataProjection = 'EPSG:4326', signal}: ReadGeojsonOptions,
): Promise<Feature[]> => {
  const problem = geojsonProblem(value);
  if (problem) throw unusable(problem, url);
  const {type, crs, features} = value as {type: string; crs?: unknown; features: FeatureObject[]};
  const from = crs ? await named(crs) : getProjection(dataProjection);
  // The coordinates would be taken for those of the view.
  if (!from) throw unusable('its coordinate system ("crs") is not known', url);
  const all =
    type === 'FeatureCollection' ? features : [type === 'Feature' ? value : {geometry: value as GeometryObject}];
  try {
    return await inSlices(all as FeatureObject[], signal, (each) => toFeature(each, from, projection));
  } catch (cause) {
    signal.throwIfAborted();
    throw unusable('its coordinates cannot be read', url, cause);
  }
};
