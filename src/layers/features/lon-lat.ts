import {transformExtent} from 'ol/proj.js';
import type {FeatureQuery} from '../vector/feature-query.js';

/** West, south, east and north of what is asked for, in degrees and within the one world that services know. */
export const lonLatExtent = ({extent, projection}: Pick<FeatureQuery, 'extent' | 'projection'>): readonly number[] => {
  const [west = -180, south = -90, east = 180, north = 90] = transformExtent(extent, projection, 'EPSG:4326', 8);
  const clamp = (value: number, most: number): number =>
    Math.round(Math.min(most, Math.max(-most, Number.isNaN(value) ? most : value)) * 1e7) / 1e7;
  if (east - west >= 360) return [-180, clamp(south, 90), 180, clamp(north, 90)];
  return [clamp(west, 180), clamp(south, 90), clamp(east, 180), clamp(north, 90)];
};
