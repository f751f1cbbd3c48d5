import type Projection from 'ol/proj/Projection.js';
import type {CommonFields} from '../common-fields.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {limitZoomOut} from '../service/coarsest.js';
import {ownTiles} from './own-tiles.js';
import {createTileLayer} from './tile-layer.js';

/** Image tiles that are not simply those of the web. */
export const ownTileLayer = (
  config: CommonFields & Parameters<typeof ownTiles>[0],
  context: LayerContext,
  projection: Projection,
): LayerHandle => {
  const place = ownTiles(config, context.baseUrl, projection);
  const handle = createTileLayer(config, context, place);
  limitZoomOut(handle, config, context.projection, place);
  return handle;
};
