import {equivalent} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import {RequestError} from '../../request/request-error.js';
import {projectionCode, registered} from '../projections/projection-code.js';
import {projectionOf} from '../projections/projection-of.js';
import {systemsOf, type WmsService} from './capabilities.js';

export interface System {
  /** As the service writes it. */
  readonly name: string;
  readonly projection: Projection;
}

/** Of several the ones that most maps are made in: reprojecting from them looks best. */
const preferred = ['EPSG:3857', 'EPSG:4326', 'CRS:84'];

const rank = (name: string): number => {
  const place = preferred.indexOf(projectionCode(name));
  return place < 0 ? preferred.length : place;
};

/**
 * The system to ask maps in: that of the view when the service knows it and has not refused it, else one that can be
 * reprojected. `undefined` when the service names none for these layers, or none that is known here.
 */
export const knownSystem = async (
  service: WmsService,
  layers: readonly string[],
  view: Projection,
  isViewRefused: boolean,
): Promise<System | undefined> => {
  const names = systemsOf(layers.flatMap((name) => service.layer(name) ?? []));
  const isOfView = (name: string): boolean => {
    const projection = registered(projectionCode(name));
    return projection !== undefined && equivalent(projection, view);
  };
  const ofView = names.find((name) => projectionCode(name) === view.getCode()) ?? names.find(isOfView);
  if (ofView !== undefined && !isViewRefused) return {name: ofView, projection: view};
  for (const name of names.toSorted((a, b) => rank(a) - rank(b))) {
    // One of the view's with another name, such as EPSG:900913, serves as well.
    if (projectionCode(name) === view.getCode()) continue;
    const projection = await projectionOf(name).catch((error: unknown) => {
      if (error instanceof RequestError) throw error;
    });
    if (projection) return {name, projection};
  }
  return undefined;
};
