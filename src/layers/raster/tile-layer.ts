import TileLayer from 'ol/layer/Tile.js';
import {getUid} from 'ol/util.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';
import {FetchedTileSource, type FetchedTileSourceOptions} from './fetched-tile-source.js';
import {loadTileImage} from './load-tile-image.js';

export type TileLayerOptions = Pick<FetchedTileSourceOptions, 'projection' | 'tileGrid' | 'tileUrl'>;

/** A layer of image tiles, wherever their URLs come from. The one authorized tile path. */
export const createTileLayer = (
  config: CommonFields,
  context: LayerContext,
  options: TileLayerOptions,
): LayerHandle => {
  const loads = createLoads(context);
  const source = new FetchedTileSource({
    ...options,
    fetch: loadTileImage(context, loads),
    failed: loads.report,
    repaint: () => layer.changed(),
  });
  const layer = new TileLayer({...layerOptions(config), source});
  const leave = followMap(layer, (frame) => source.keepOnly(frame?.wantedTiles[getUid(source)] ?? {}));
  return {
    layer,
    retry: () => source.retry(),
    reset() {
      source.drop();
      // The renderer would show what it cached of another visitor until the new tiles are there.
      layer.clearRenderer();
      layer.changed();
    },
    dispose() {
      leave();
      layer.dispose();
      source.dispose();
    },
  };
};
