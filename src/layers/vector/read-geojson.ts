import type Feature from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import type Projection from 'ol/proj/Projection.js';
import {RequestError} from '../../request/request-error.js';
import {geojsonProblem} from './check-geojson.js';

const unusable = (what: string, url: string, cause?: unknown): RequestError =>
  new RequestError(`This is not valid GeoJSON: ${what}`, {kind: 'format', url, cause});

/**
 * The features of a GeoJSON document in the projection of the view. Coordinates are longitude and latitude, unless the
 * document has the `crs` of the older specification.
 */
export const readGeojson = (value: unknown, projection: Projection, url: string): Feature[] => {
  const problem = geojsonProblem(value);
  if (problem) throw unusable(problem, url);
  const format = new GeoJSON();
  try {
    const dataProjection = format.readProjection(value);
    // ol would take the coordinates for those of the view.
    if (!dataProjection) throw unusable('its coordinate system ("crs") is not known', url);
    return format.readFeatures(value, {dataProjection, featureProjection: projection});
  } catch (cause) {
    throw cause instanceof RequestError ? cause : unusable('its coordinates cannot be read', url, cause);
  }
};
