import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import type {FeatureCollection, Geometry, MultiPolygon, Position} from 'geojson';
import {feature, mesh, neighbors} from 'topojson-client';
import type {GeometryCollection, Topology} from 'topojson-specification';

/**
 * Points as longitude, latitude and Mercator latitude (all in degrees), so that both projections are linear. What
 * crosses the date line goes on beyond 180°, and is drawn once more on the other side of the world.
 */
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
  /** As the data has it, on the sphere. */
  readonly shape: MultiPolygon;
}

export interface World {
  readonly countries: readonly Country[];
  readonly borders: readonly Path[];
  readonly coasts: readonly Path[];
}

type Detail = '110m' | '50m';
type Countries = GeometryCollection<{name: string}>;

/** The latitude at which the Mercator world is a square. */
const MERCATOR_LIMIT = 85.051_128_779_8;

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
      const shape = toMultiPolygon(item.geometry);
      const {name} = item.properties;
      return shape === undefined ? [] : [toCountry(shape, String(item.id ?? name), name, tints[index] ?? 0)];
    }),
    borders: mesh(topology, countries, (a, b) => a !== b)
      .coordinates.map(unroll)
      .map(toPath),
    coasts: mesh(topology, countries, (a, b) => a === b)
      .coordinates.map(unroll)
      .map(toPath),
  };
}

export function toMercator(lat: number): number {
  const limited = Math.min(Math.max(lat, -MERCATOR_LIMIT), MERCATOR_LIMIT);
  return (Math.log(Math.tan(Math.PI / 4 + (limited * Math.PI) / 360)) * 180) / Math.PI;
}

export function fromMercator(y: number): number {
  return (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90;
}

function toPath(points: readonly Position[]): Path {
  const lon = Float64Array.from(points, ([x = 0]) => x);
  const lat = Float64Array.from(points, ([, y = 0]) => y);
  return {lon, lat, mercator: lat.map(toMercator), box: boxOf(lon, lat)};
}

/** For clients: rings that go on beyond 180° are drawn whole by them, rings that jump are not. */
export function collectCountries(world: World): FeatureCollection<MultiPolygon, {name: string}> {
  return {
    type: 'FeatureCollection',
    features: world.countries.map(({id, name, shape}) => ({
      type: 'Feature',
      id,
      properties: {name},
      geometry: {
        type: 'MultiPolygon',
        coordinates: shape.coordinates.map((polygon) => polygon.map((ring) => unrollRing(ring).map(tidy))),
      },
    })),
  };
}

function toCountry(shape: MultiPolygon, id: string, name: string, tint: number): Country {
  const polygons = shape.coordinates.map((polygon) => polygon.map((ring) => toPath(unrollRing(ring))));
  const outlines = polygons.flatMap(([outline]) => (outline === undefined ? [] : [outline]));
  const largest = outlines.reduce((best, next) => (areaOf(next.box) > areaOf(best.box) ? next : best));
  return {id, name, tint, shape, rings: polygons.flat(), label: {...centroidOf(largest), box: largest.box}};
}

/** Longitudes that go on instead of jumping from 180° to -180°. */
function unroll(line: readonly Position[]): Position[] {
  let turn = 0;
  let previous: number | undefined;
  return line.map(([lon = 0, lat = 0]) => {
    if (previous !== undefined && Math.abs(lon - previous) > 180) turn += lon < previous ? 360 : -360;
    previous = lon;
    return [lon + turn, lat];
  });
}

/** A ring around the pole (Antarctica) does not close when unrolled: it is closed along the edge of the map. */
function unrollRing(ring: readonly Position[]): Position[] {
  const line = unroll(ring);
  const [first = 0] = line[0] ?? [];
  const [last = 0] = line.at(-1) ?? [];
  if (Math.abs(last - first) < 180) return line;
  return [...line, [last, -90], [first, -90], [first, line[0]?.[1] ?? 0]];
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

function toMultiPolygon(geometry: Geometry): MultiPolygon | undefined {
  if (geometry.type === 'MultiPolygon') return geometry;
  if (geometry.type === 'Polygon') return {type: 'MultiPolygon', coordinates: [geometry.coordinates]};
  return undefined;
}

/** Three decimals are a hundred metres, and half the bytes. */
function tidy(point: Position): Position {
  return point.map((degrees) => Math.round(degrees * 1000) / 1000);
}
