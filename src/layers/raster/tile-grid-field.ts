import * as v from 'valibot';

const coordinate = v.pipe(v.number('must be a number'), v.finite('must be a number'));
const box = (message: string) =>
  v.pipe(
    v.strictTuple([coordinate, coordinate, coordinate, coordinate], message),
    v.check(([minX, minY, maxX, maxY]) => minX < maxX && minY < maxY, message),
  );
const levelMessage = 'must be a whole number from 0 to 40';
const level = v.pipe(
  v.number(levelMessage),
  v.integer(levelMessage),
  v.minValue(0, levelMessage),
  v.maxValue(40, levelMessage),
);
const corners = 'must be [min x, min y, max x, max y] in the units of the projection';
const listMessage = 'must be a list of 1 to 41 numbers of units per pixel, the largest first';
const size = v.pipe(v.number(listMessage), v.finite(listMessage), v.minValue(Number.MIN_VALUE, listMessage));
const names = 'must be a list of texts';

/** Which tiles there are, where it is not the tiling of the web. Lengths are in the units of the projection. */
export const tileGridField = v.optional(
  v.strictObject({
    /** What the one tile of level 0 covers; by default that is the extent of the projection. */
    extent: v.optional(box(corners)),
    /** The lowest level that there is, counted from 0. */
    minLevel: v.optional(level),
    /** The highest one; beyond it the tiles of this one are shown enlarged. */
    maxLevel: v.optional(level),
    /** Where there are tiles. */
    bounds: v.optional(box(corners)),
    /** For levels that are no doubling of each other: the top left corner of the first tile. */
    origin: v.optional(v.strictTuple([coordinate, coordinate], 'must be [x, y]')),
    /** Units per pixel of each level, the largest first. */
    resolutions: v.optional(
      v.pipe(
        v.array(size, listMessage),
        v.minLength(1, listMessage),
        v.maxLength(41, listMessage),
        v.check((list) => list.every((each, index) => index === 0 || each < Number(list[index - 1])), listMessage),
      ),
    ),
    /** What stands in the URL for `{z}` at each of these levels; their numbers by default. */
    names: v.optional(v.array(v.string(names), names)),
  }),
);

export type TileGridField = NonNullable<v.InferOutput<typeof tileGridField>>;
