import type {Extent} from 'ol/extent.js';
import {equivalent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import type {Size} from 'ol/size.js';
import {projectionCode, registered} from '../projections/projection-code.js';
import {withQuery} from '../service/query.js';
import type {FoundMap} from './find-map.js';

/** The name of a system as OGC APIs have it. */
const uri = (code: string): string => {
  const [authority, number = ''] = code.split(':');
  if (code === 'CRS:84') return 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
  return `http://www.opengis.net/def/crs/${authority}/0/${number}`;
};

export interface MapSystem {
  readonly name: string;
  readonly projection: Projection;
}

/** The system to ask maps in: that of the view, unless the service names others only, one of which is at hand. */
export const mapSystem = ({systems}: Pick<FoundMap, 'systems'>, view: Projection): MapSystem => {
  const known = systems.flatMap((name) => {
    const projection = registered(projectionCode(name));
    return projection ? [{name, projection}] : [];
  });
  const ofView =
    known.find(({name}) => projectionCode(name) === view.getCode())
    ?? known.find(({projection}) => equivalent(projection, view));
  return ofView ?? known[0] ?? {name: uri(view.getCode()), projection: view};
};

/** The URL of a map of this extent (OGC 20-058, scaling, spatial subsetting and coordinate reference systems). */
export const mapUrls =
  (url: string, {name, projection}: MapSystem) =>
  (extent: Extent, [width = 0, height = 0]: Size): string => {
    const [west = 0, south = 0, east = 0, north = 0] = extent;
    // In the order of the axes of the system, which for EPSG:4326 is latitude first.
    const northFirst = projection.getAxisOrientation().startsWith('ne');
    return withQuery(url, {
      bbox: (northFirst ? [south, west, north, east] : [west, south, east, north]).join(','),
      'bbox-crs': name,
      crs: name,
      width,
      height,
      transparent: 'true',
    });
  };
