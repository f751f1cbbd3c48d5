import {createXYZ, extentFromProjection} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {knownProjection} from './layer-options.js';
import {ownTiles} from './raster/own-tiles.js';
import {tileGridField} from './raster/tile-grid-field.js';
import {tileUrlFromTemplate} from './raster/tile-url.js';
import {isUnusual, tileUrl} from './url-fields.js';
import {createMvtLayer} from './vector-tiles/mvt-layer.js';
import {flatStyle} from './vector/flat-style.js';

const names = 'must be a list of the names of layers in the tiles';

const schema = layerFields('mvt', {
  /**
   * `{z}/{x}/{y}`, `{-y}` for rows counted from below, `{a-c}` for several hosts, `{z+1}/{x+1}/{y+1}` where the service
   * counts from one.
   */
  url: tileUrl,
  /** Those of the layers in the tiles that are shown; all of them when it is left out. */
  layers: v.optional(v.array(v.string(names), names)),
  style: v.optional(flatStyle),
  /** Which tiles there are, where it is not the whole of the tiling of the web. */
  tileGrid: tileGridField,
});

/** Mapbox Vector Tiles by a URL template, in the tiling of the web (EPSG:3857, 512 pixels). */
export const mvt: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const projection = knownProjection('EPSG:3857');
    if (config.tileGrid || isUnusual(config.url)) {
      const {url, tileGrid} = config;
      return createMvtLayer(config, context, ownTiles({url, tileSize: 512, tileGrid}, context.baseUrl, projection));
    }
    const tileGrid = createXYZ({extent: extentFromProjection(projection), tileSize: 512, maxZoom: 22});
    return createMvtLayer(config, context, {
      projection,
      tileGrid,
      tileUrl: tileUrlFromTemplate(config.url, context.baseUrl, tileGrid),
    });
  },
};
