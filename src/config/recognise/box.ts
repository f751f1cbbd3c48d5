export type Box = readonly [west: number, south: number, east: number, north: number];

/** Degrees that make sense; services tell empty and infinite ones as well. */
export const box = (numbers: readonly unknown[]): Box | undefined => {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = numbers.map((each) =>
    typeof each === 'string' && each.trim() === '' ? NaN : Number(each),
  );
  const isSensible = west >= -180 && east <= 180 && south >= -90 && north <= 90 && west < east && south < north;
  return isSensible ? [west, south, east, north] : undefined;
};

/** Around all of them. */
export const around = (boxes: readonly (Box | undefined)[]): Box | undefined => {
  const known = boxes.filter((each) => each !== undefined);
  if (known.length === 0) return undefined;
  const all = (index: 0 | 1 | 2 | 3): number[] => known.map((each) => each[index]);
  return [Math.min(...all(0)), Math.min(...all(1)), Math.max(...all(2)), Math.max(...all(3))];
};
