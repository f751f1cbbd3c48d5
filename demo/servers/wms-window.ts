import type {Window} from './frame.js';
import {WmsError} from './wms-query.js';
import type {WmsQuery} from './wms-query.js';
import {fromMercator} from './world.js';

export type WmsVersion = '1.1.1' | '1.3.0';

/** Both versions are spoken; anything else gets the nearest, as the standard negotiates. */
export function versionOf(query: WmsQuery): WmsVersion {
  const asked = query.find('VERSION') ?? query.find('WMTVER');
  return asked !== undefined && asked < '1.3.0' ? '1.1.1' : '1.3.0';
}

export const MAX_SIZE = 4096;

const METRES_PER_DEGREE = 20_037_508.342_789_244 / 180;

/** The crux of WMS: 1.3.0 takes the axis order of the CRS's own definition, so EPSG:4326 is latitude first. */
export function windowOf(query: WmsQuery, version: WmsVersion): Window {
  const name = version === '1.3.0' ? 'CRS' : 'SRS';
  const crs = query.get(name);
  const width = query.size('WIDTH', 1, MAX_SIZE);
  const height = query.size('HEIGHT', 1, MAX_SIZE);
  const numbers = query.list('BBOX').map(Number);
  const [first, second, third, fourth] = numbers;
  const known = first !== undefined && second !== undefined && third !== undefined && fourth !== undefined;
  if (!known || numbers.length !== 4 || !numbers.every(Number.isFinite) || first >= third || second >= fourth) {
    throw new WmsError('InvalidParameterValue', 'BBOX', 'BBOX must be four numbers: the lower and the upper corner.');
  }

  const lonLat = {west: first, south: second, east: third, north: fourth, mercator: false, width, height};
  if (crs === 'CRS:84' && version === '1.3.0') return lonLat;
  if (crs === 'EPSG:4326') {
    if (version === '1.1.1') return lonLat;
    return {...lonLat, west: second, south: first, east: fourth, north: third};
  }
  if (crs === 'EPSG:3857' || crs === 'EPSG:900913') {
    const [west, south, east, north] = [first, second, third, fourth].map((metres) => metres / METRES_PER_DEGREE);
    if (west !== undefined && south !== undefined && east !== undefined && north !== undefined) {
      return {west, south, east, north, mercator: true, width, height};
    }
  }
  throw new WmsError(version === '1.3.0' ? 'InvalidCRS' : 'InvalidSRS', name, `${name} ${crs} is not supported.`);
}

/** Longitude and latitude in the middle of the pixel a GetFeatureInfo asks about. */
export function pointOf(query: WmsQuery, version: WmsVersion, window: Window): [lon: number, lat: number] {
  const [across, down] = version === '1.3.0' ? ['I', 'J'] : ['X', 'Y'];
  const column = Number(query.get(across));
  const row = Number(query.get(down));
  const inside = column >= 0 && column < window.width && row >= 0 && row < window.height;
  if (!inside) throw new WmsError('InvalidPoint', across, `${across} and ${down} must be a pixel of the map.`);
  const lon = window.west + ((column + 0.5) / window.width) * (window.east - window.west);
  const y = window.north - ((row + 0.5) / window.height) * (window.north - window.south);
  return [lon, window.mercator ? fromMercator(y) : y];
}
