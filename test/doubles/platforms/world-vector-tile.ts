import type {Atlas} from '../../../demo/servers/atlas.js';
import {collectCities} from '../../../demo/servers/cities.js';
import {TURNS, type Window} from '../../../demo/servers/frame.js';
import {toMercator, type Path} from '../../../demo/servers/world.js';
import {vectorTile, type TileFeature} from '../vector-tiles.js';

type Point = readonly [number, number];

const UNITS = 4096;
/** What lies this far outside a tile still belongs to it, so that outlines do not end at its edge. */
const MARGIN = 64;

/** The side of a point on which the tile lies, and where a line meets the edge: Sutherland and Hodgman, an edge a time. */
const EDGES: readonly {inside(point: Point): boolean; meet(a: Point, b: Point): Point}[] = [
  ...[-MARGIN, UNITS + MARGIN].map((edge) => ({
    inside: ([x]: Point) => (edge < 0 ? x >= edge : x <= edge),
    meet: ([ax, ay]: Point, [bx, by]: Point): Point => [edge, ay + ((by - ay) * (edge - ax)) / (bx - ax)],
  })),
  ...[-MARGIN, UNITS + MARGIN].map((edge) => ({
    inside: ([, y]: Point) => (edge < 0 ? y >= edge : y <= edge),
    meet: ([ax, ay]: Point, [bx, by]: Point): Point => [ax + ((bx - ax) * (edge - ay)) / (by - ay), edge],
  })),
];

const clip = (ring: readonly Point[]): readonly Point[] =>
  EDGES.reduce<readonly Point[]>(
    (points, {inside, meet}) =>
      points.flatMap((point, i) => {
        const previous = points.at(i - 1) ?? point;
        const crosses = inside(point) !== inside(previous);
        return [...(crosses ? [meet(previous, point)] : []), ...(inside(point) ? [point] : [])];
      }),
    ring,
  );

/** Whole units, without points that fall together. */
const snap = (ring: readonly Point[]): Point[] => {
  const whole = ring.map(([x, y]): Point => [Math.round(x), Math.round(y)]);
  return whole.filter(([x, y], i) => {
    const [lastX, lastY] = whole.at(i - 1) ?? [];
    return x !== lastX || y !== lastY;
  });
};

/** Twice the area; positive where the outline goes clockwise on the screen, as exterior rings of vector tiles do. */
const areaOf = (ring: readonly Point[]): number =>
  ring.reduce((sum, [x, y], i) => {
    const [lastX, lastY] = ring.at(i - 1) ?? [0, 0];
    return sum + lastX * y - x * lastY;
  }, 0);

/** One layer: countries as polygons (holes are left out; what lies in them is a country of its own), or cities as points. */
export const encodeWorldTile = (
  atlas: Atlas,
  dataset: 'countries' | 'cities',
  name: string,
  window: Window,
): Uint8Array<ArrayBuffer> => {
  const scale = UNITS / (window.east - window.west);
  const place = (lon: number, mercator: number): Point => [
    (lon - window.west) * scale,
    (window.north - mercator) * scale,
  ];
  return vectorTile({name, features: dataset === 'cities' ? cities(place) : countries(atlas, window, place)});
};

type Place = (lon: number, mercator: number) => Point;

const cities = (place: Place): TileFeature[] =>
  collectCities().features.flatMap(({geometry, properties}, i) => {
    const [lon = 0, lat = 0] = geometry.coordinates;
    const [x, y] = place(lon, toMercator(lat));
    const inside = Math.min(x, y) >= 0 && Math.max(x, y) < UNITS;
    const {name, millions} = properties;
    const point: Point = [Math.round(x), Math.round(y)];
    return inside ? [{id: i + 1, ring: [point], properties: {name, millions: String(millions)}}] : [];
  });

const countries = (atlas: Atlas, window: Window, place: Place): TileFeature[] =>
  atlas.forWindow(window).countries.flatMap(({id, name, rings}) =>
    rings.flatMap((path) =>
      TURNS.flatMap((turn) => {
        const ring = outlineIn(path, turn, place);
        return ring.length < 3 ? [] : [{id: Number(id) || 0, ring, properties: {name}}];
      }),
    ),
  );

/** Empty where nothing of it is in the tile, and for holes. */
const outlineIn = ({lon, mercator, box}: Path, turn: number, place: Place): Point[] => {
  const [left, top] = place(box.west + turn, toMercator(box.north));
  const [right, bottom] = place(box.east + turn, toMercator(box.south));
  if (right < -MARGIN || left > UNITS + MARGIN || bottom < -MARGIN || top > UNITS + MARGIN) return [];
  const whole = Array.from(lon, (x, i) => place(x + turn, mercator[i] ?? 0)).slice(0, -1);
  if (areaOf(whole) <= 0) return [];
  const ring = snap(clip(whole));
  return areaOf(ring) > 0 ? ring : [];
};
