import VectorTileLayer from 'ol/layer/VectorTile.js';
import type Projection from 'ol/proj/Projection.js';
import type {StyleFunction} from 'ol/style/Style.js';
import type {TileCoord} from 'ol/tilecoord.js';
import type TileGrid from 'ol/tilegrid/TileGrid.js';
import {getUid} from 'ol/util.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';
import type {FetchedVectorTileOptions} from './fetched-vector-tile.js';
import {FetchedVectorTileSource} from './fetched-vector-tile-source.js';
import {identifyDrawn} from './identify-drawn.js';

export interface VectorTileLayerOptions {
  readonly projection: Projection;
  readonly tileGrid: TileGrid;
  /** Where a tile comes from, for reports. */
  readonly tileUrl: (tileCoord: TileCoord) => string;
  readonly load: FetchedVectorTileOptions['load'];
  readonly style?: StyleFunction | undefined;
  /** Leaves out texts and icons where there is no room for them. */
  readonly declutter?: boolean | undefined;
}

export type OwnVectorTileLayer = VectorTileLayer<FetchedVectorTileSource>;

/** A layer of vector tiles, wherever they come from. */
export const createVectorTileLayer = (
  config: CommonFields,
  context: LayerContext,
  {projection, tileGrid, tileUrl, load, style, declutter = false}: VectorTileLayerOptions,
): LayerHandle & {readonly layer: OwnVectorTileLayer} => {
  const loads = createLoads(context);
  const source = new FetchedVectorTileSource({
    projection,
    tileGrid,
    load: (place, signal) => loads.during(signal, () => load(place, signal)),
    failed: (error, tileCoord) => loads.report(error, tileUrl(tileCoord)),
  });
  const layer = new VectorTileLayer({...layerOptions(config), source, declutter, ...(style ? {style} : {})});
  const leave = followMap(layer, (frame) => source.keepOnly(frame?.wantedTiles[getUid(source)] ?? {}));
  return {
    layer,
    identify: identifyDrawn(layer),
    retry() {
      source.retry();
      layer.changed();
    },
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
