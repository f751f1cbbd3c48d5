export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly quarter: number;
  readonly threeQuarters: number;
  readonly most: number;
}

/** The value below which this share of all lies, between two of them where it falls between. */
const quantile = (sorted: readonly number[], share: number): number => {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
};

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((one, other) => one - other);
  return {
    median: quantile(sorted, 0.5),
    least: quantile(sorted, 0),
    quarter: quantile(sorted, 0.25),
    threeQuarters: quantile(sorted, 0.75),
    most: quantile(sorted, 1),
  };
};

export const median = (values: readonly number[]): number => spreadOf(values).median;
