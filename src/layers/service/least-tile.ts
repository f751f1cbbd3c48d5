/**
 * In pixels, a side. A view of 4K has eight thousand tiles of this size; of one pixel it would have eight million, and the
 * page would stand still.
 */
export const leastTile = 32;
