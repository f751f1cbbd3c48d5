import {getArea, getIntersection, isEmpty} from 'ol/extent.js';
import type Projection from 'ol/proj/Projection.js';
import type {ViewConfig} from '../config/map-config.js';
import type {Box} from './numbers.js';

/** An area of at least this share of the world is no reason to keep the view inside. */
const nearlyAll = 0.9;

/**
 * The view that shows the area of a map, in the coordinates of its projection. Where that is as good as the whole world
 * the map begins as one that was told nothing.
 */
export const viewOf = (bounds: Box | undefined, projection: Projection): ViewConfig | undefined => {
  const world = projection.getExtent();
  const isInMercator = projection.getCode() === 'EPSG:3857';
  const shown = isInMercator || projection.isGlobal() ? {} : {projection: projection.getCode()};
  const inside = bounds && world ? getIntersection([...bounds], world) : bounds;
  if (!inside || isEmpty([...inside])) return shown;
  if (world && projection.isGlobal() && getArea([...inside]) > nearlyAll * getArea(world)) return shown;
  const [minX = 0, minY = 0, maxX = 0, maxY = 0] = inside;
  return {...shown, extent: [minX, minY, maxX, maxY], crs: projection.getCode()};
};
