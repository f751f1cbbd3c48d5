import TileLayer from 'ol/layer/Tile.js';
import type {TileCoord} from 'ol/tilecoord.js';
import {getUid} from 'ol/util.js';
import type {CommonFields} from '../common-fields.js';
import {followMap} from '../follow-map.js';
import type {LayerContext, LayerHandle} from '../layer-kind.js';
import {layerOptions} from '../layer-options.js';
import {createLoads} from '../loads.js';
import type {TileImage} from './fetched-tile.js';
import {FetchedTileSource, type FetchedTileSourceOptions} from './fetched-tile-source.js';
import {loadTileImage} from './load-tile-image.js';
import {Steps} from './steps.js';

export interface TileLayerOptions extends Pick<FetchedTileSourceOptions, 'projection' | 'tileGrid' | 'tileUrl'> {
  /** Makes the image of a tile where it is not simply what is at its URL; the URL then is for reports. */
  readonly load?: ((tileCoord: TileCoord, signal: AbortSignal) => Promise<TileImage>) | undefined;
  /** Told of a failure in place of the map, which `report` tells. */
  readonly failed?: ((error: unknown, url: string, report: () => void) => void) | undefined;
}

export interface TileLayerHandle extends LayerHandle {
  /** Drops everything loaded, and from now on has other tiles. */
  replace(place: Pick<TileLayerOptions, 'projection' | 'tileGrid' | 'tileUrl'>): void;
}

/** A layer of image tiles, wherever their URLs come from. The one authorized tile path. */
export const createTileLayer = (
  config: CommonFields,
  context: LayerContext,
  {load, failed, ...options}: TileLayerOptions,
): TileLayerHandle => {
  const loads = createLoads(context);
  const steps = new Steps(context.clock);
  const fetchTile: FetchedTileSourceOptions['fetch'] = load
    ? (_url, signal, tileCoord) => loads.during(signal, () => load(tileCoord, signal))
    : loadTileImage(context, loads);
  const make = (place: Pick<TileLayerOptions, 'projection' | 'tileGrid' | 'tileUrl'>) =>
    new FetchedTileSource({
      ...place,
      fetch: (...tile) => steps.together(fetchTile(...tile)),
      failed: (error, url) => (failed ? failed(error, url, () => loads.report(error, url)) : loads.report(error, url)),
      repaint: () => layer.changed(),
    });
  let source = make(options);
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
    replace(place) {
      const former = source;
      source = make(place);
      layer.setSource(source);
      layer.clearRenderer();
      former.dispose();
    },
    dispose() {
      leave();
      layer.dispose();
      source.dispose();
    },
  };
};
