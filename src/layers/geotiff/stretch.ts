/** From the values of a file to what is shown: `min` is black, `max` is white or the full colour. */
export interface Stretch {
  readonly min: number;
  readonly max: number;
  readonly nodata: number | null;
}

export type Values = ArrayLike<number>;

const byte = (value: number, {min, max}: Stretch): number => ((value - min) / (max - min)) * 255;

/** Pixels of one band (grey), three (red, green, blue) or four (with alpha). Clear where no band has a value. */
export const toPixels = (bands: readonly Values[], width: number, height: number, stretch: Stretch): ImageData => {
  const image = new ImageData(width, height);
  const {nodata} = stretch;
  const [first, second, third, alpha] = bands;
  const isMissing = (value: number | undefined): boolean =>
    value === undefined || Number.isNaN(value) || value === nodata;
  for (let i = 0; i < width * height; i += 1) {
    const red = first?.[i];
    const green = second ? second[i] : red;
    const blue = third ? third[i] : red;
    if (isMissing(red) && isMissing(green) && isMissing(blue)) continue;
    image.data[i * 4] = byte(red ?? 0, stretch);
    image.data[i * 4 + 1] = byte(green ?? 0, stretch);
    image.data[i * 4 + 2] = byte(blue ?? 0, stretch);
    image.data[i * 4 + 3] = alpha ? byte(alpha[i] ?? 0, stretch) : 255;
  }
  return image;
};

/** The least and the greatest of values; `undefined` where there are none. */
export const rangeOf = (bands: readonly Values[], nodata: number | null): {min: number; max: number} | undefined => {
  let min = Infinity;
  let max = -Infinity;
  for (const values of bands)
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? NaN;
      if (value === nodata || !Number.isFinite(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  if (min > max) return undefined;
  // One value for all of it is shown, and not divided by nothing.
  return min === max ? {min, max: min + 1} : {min, max};
};
