import {getCenter, getWidth, intersects, type Extent} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';

/** The same place may be seen in several worlds beside each other; a part is loaded in the one that ol asks for. */
export const isInView = (extent: Extent, view: Extent, projection: Projection): boolean => {
  const world = projection.getExtent();
  if (!projection.canWrapX() || !world) return intersects(extent, view);
  const width = getWidth(world);
  const [x = 0] = getCenter(view);
  const home = Math.floor((x - (world[0] ?? 0)) / width) * width;
  return [-width, 0, width].some((shift) => {
    const [west = 0, south = 0, east = 0, north = 0] = view;
    return intersects(extent, [west - home + shift, south, east - home + shift, north]);
  });
};
