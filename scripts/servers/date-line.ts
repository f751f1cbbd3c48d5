import type {MultiPolygon, Position} from 'geojson';

// What crosses the date line goes on beyond 180° in the data. A map server has one world only, which ends there: what
// is beyond is cut off, and put where it belongs.

const turns = [-360, 0, 360];
const edge = 180;

const shift = (points: readonly Position[], turn: number): Position[] => points.map(([x = 0, y = 0]) => [x + turn, y]);

const crossing = ([x0 = 0, y0 = 0]: Position, [x1 = 0, y1 = 0]: Position, at: number): Position => [
  at,
  y0 + ((at - x0) / (x1 - x0)) * (y1 - y0),
];

/** The part of a ring on one side of a meridian (Sutherland and Hodgman). */
const clip = (ring: readonly Position[], at: number, side: 1 | -1): Position[] => {
  const isIn = ([x = 0]: Position): boolean => (x - at) * side <= 0;
  const kept = ring.flatMap((point, index) => {
    const next = ring[(index + 1) % ring.length] ?? point;
    const here = isIn(point) ? [point] : [];
    return isIn(point) === isIn(next) ? here : [...here, crossing(point, next, at)];
  });
  const [first] = kept;
  return first ? [...kept, first] : [];
};

export const cutShape = ({coordinates}: MultiPolygon): MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: coordinates.flatMap((polygon) =>
    turns
      .map((turn) =>
        polygon
          .map((ring) => clip(clip(shift(ring.slice(0, -1), turn), edge, 1), -edge, -1))
          .filter((ring) => ring.length > 3),
      )
      .filter((rings) => rings.length > 0),
  ),
});

/** The stretches of a line within the one world. */
export const cutLine = (line: readonly Position[]): Position[][] =>
  turns.flatMap((turn) => {
    const stretches: Position[][] = [[]];
    for (const point of shift(line, turn)) {
      if (Math.abs(point[0] ?? 0) <= edge) stretches.at(-1)?.push(point);
      else if (stretches.at(-1)?.length) stretches.push([]);
    }
    return stretches.filter((stretch) => stretch.length > 1);
  });
