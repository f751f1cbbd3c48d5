import * as v from 'valibot';

const number = v.number('must be a number');
const edges = v.strictTuple([number, number, number, number], 'must be [min x, min y, max x, max y]');

/**
 * Which tiles there are, where it is not the tiling of the web. Lengths are in the units of the projection. How the
 * numbers hang together is checked with the layer, by `own-tiles.ts`.
 */
export const tileGridField = v.optional(
  v.strictObject({
    /** What the one tile of level 0 covers; by default that is the extent of the projection. */
    extent: v.optional(edges),
    /** The lowest level that there is, counted from 0. */
    minLevel: v.optional(number),
    /** The highest one; beyond it the tiles of this one are shown enlarged. */
    maxLevel: v.optional(number),
    /** Where there are tiles. */
    bounds: v.optional(edges),
    /** For levels that are no doubling of each other: the top left corner of the first tile. */
    origin: v.optional(v.strictTuple([number, number], 'must be [x, y]')),
    /** Units per pixel of each level, the largest first. */
    resolutions: v.optional(v.array(number, 'must be a list of numbers')),
    /** What stands in the URL for `{z}` at each of these levels; their numbers by default. */
    names: v.optional(v.array(v.string('must be a text'), 'must be a list of texts')),
  }),
);

export type TileGridField = NonNullable<v.InferOutput<typeof tileGridField>>;
