import {equivalent, get as getProjection} from 'ol/proj.js';
import type Projection from 'ol/proj/Projection.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import type {CommonFields} from '../common-fields.js';
import type {LayerHandle} from '../layer-kind.js';

/** A view of a world has a dozen tiles; four times as coarse it takes two hundred. */
const factor = 4;

/**
 * Where a service begins only with detailed tiles, a view of the whole world would ask for all of them: it shows none
 * of them, unless the config says from which zoom level on the layer is shown.
 */
export const limitZoomOut = (
  {layer}: LayerHandle,
  config: CommonFields,
  view: string,
  {projection, tileGrid}: {readonly projection: Projection; readonly tileGrid: TileGrid},
): void => {
  const viewProjection = getProjection(view);
  if (config.minZoom !== undefined || !viewProjection || !equivalent(viewProjection, projection)) return;
  layer.setMaxResolution(tileGrid.getResolution(tileGrid.getMinZoom()) * factor);
};
