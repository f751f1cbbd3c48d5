import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position} from 'geojson';
import {feature, mesh, neighbors} from 'topojson-client';
import type {GeometryCollection, Topology} from 'topojson-specification';

/** Points as longitude, latitude and Mercator latitude (all in degrees), so that both projections are linear. */
export interface Path {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly mercator: Float64Array;
  readonly box: Box;
}

export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface Country {
  readonly id: string;
  readonly name: string;
  /** Neighbours never share a tint. */
  readonly tint: number;
  readonly rings: readonly Path[];
  /** Of the largest polygon: where the name is written, and how much room it has. */
  readonly label: {readonly lon: number; readonly lat: number; readonly box: Box};
  readonly feature: Feature<Polygon | MultiPolygon, {name: string}>;
}

export interface World {
  readonly countries: readonly Country[];
  readonly borders: readonly Path[];
  readonly coasts: readonly Path[];
}

type Detail = '110m' | '50m';
type Countries = GeometryCollection<{name: string}>;

const require = createRequire(import.meta.url);

/** Natural Earth, from the package world-atlas. */
export function loadWorld(detail: Detail): World {
  const file = require.resolve(`world-atlas/countries-${detail}.json`);
  const topology: Topology<{countries: Countries}> = JSON.parse(readFileSync(file, 'utf8'));
  const {countries} = topology.objects;
  const tints = chooseTints(neighbors(countries.geometries));
  const features = feature(topology, countries).features;
  return {
    countries: features.flatMap((item, index) => {
      const {geometry} = item;
      if (!isArea(geometry)) return [];
      const name = item.properties.name;
      return [toCountry({...item, geometry}, String(item.id ?? name), name, tints[index] ?? 0)];
    }),
    borders: mesh(topology, countries, (a, b) => a !== b).coordinates.map(toPath),
    coasts: mesh(topology, countries, (a, b) => a === b)
      .coordinates.flatMap(withoutMapEdge)
      .map(toPath),
  };
}

export function toMercator(lat: number): number {
  const limited = Math.min(Math.max(lat, -85.06), 85.06);
  return (Math.log(Math.tan(Math.PI / 4 + (limited * Math.PI) / 360)) * 180) / Math.PI;
}

export function fromMercator(y: number): number {
  return (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90;
}

export function toPath(points: readonly Position[]): Path {
  const lon = Float64Array.from(points, ([x = 0]) => x);
  const lat = Float64Array.from(points, ([, y = 0]) => y);
  return {lon, lat, mercator: lat.map(toMercator), box: boxOf(lon, lat)};
}

export function collectCountries(world: World): FeatureCollection<Polygon | MultiPolygon, {name: string}> {
  return {type: 'FeatureCollection', features: world.countries.map((country) => country.feature)};
}

function toCountry(item: Country['feature'], id: string, name: string, tint: number): Country {
  const polygons = item.geometry.type === 'Polygon' ? [item.geometry.coordinates] : item.geometry.coordinates;
  const outlines = polygons.map((polygon) => toPath(polygon[0] ?? []));
  const largest = outlines.reduce((best, next) => (areaOf(next.box) > areaOf(best.box) ? next : best));
  const round = (points: Position[]): Position[] => points.map(([x = 0, y = 0]) => [tidy(x), tidy(y)]);
  const geometry: MultiPolygon = {type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(round))};
  return {
    id,
    name,
    tint,
    rings: polygons.flatMap((polygon) => polygon.map(toPath)),
    label: {...centroidOf(largest), box: largest.box},
    feature: {type: 'Feature', id, properties: {name}, geometry},
  };
}

/** Natural Earth cuts at the date line; the cut is not a coast. */
function withoutMapEdge(line: Position[]): Position[][] {
  const parts: Position[][] = [[]];
  for (const point of line) {
    const [lon = 0, lat = 0] = point;
    if (Math.abs(lon) > 179.99 || lat < -85) parts.push([]);
    else parts.at(-1)?.push(point);
  }
  return parts.filter((part) => part.length > 1);
}

function chooseTints(adjacent: readonly number[][]): number[] {
  const tints: number[] = [];
  for (const [index, others] of adjacent.entries()) {
    const used = new Set(others.map((other) => tints[other]));
    // Starts at another tint each time: otherwise every island gets the first one.
    const free = [0, 1, 2, 3, 4, 5].map((tint) => (tint + index) % 6).find((tint) => !used.has(tint));
    tints.push(free ?? 0);
  }
  return tints;
}

function centroidOf({lon, lat, box}: Path): {lon: number; lat: number} {
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < lon.length; i += 1) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [lon[i], lat[i], lon[i + 1], lat[i + 1]];
    const cross = x0 * y1 - x1 * y0;
    twice += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  if (twice === 0) return {lon: (box.west + box.east) / 2, lat: (box.south + box.north) / 2};
  return {lon: x / (3 * twice), lat: y / (3 * twice)};
}

function boxOf(lon: Float64Array, lat: Float64Array): Box {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < lon.length; i += 1) {
    west = Math.min(west, lon[i] ?? west);
    east = Math.max(east, lon[i] ?? east);
    south = Math.min(south, lat[i] ?? south);
    north = Math.max(north, lat[i] ?? north);
  }
  return {west, south, east, north};
}

function areaOf({west, south, east, north}: Box): number {
  return (east - west) * (north - south);
}

function isArea(geometry: Geometry): geometry is Polygon | MultiPolygon {
  return geometry.type === 'Polygon' || geometry.type === 'MultiPolygon';
}

function tidy(degrees: number): number {
  return Math.round(degrees * 1000) / 1000;
}
