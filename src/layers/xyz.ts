import {createXYZ, extentFromProjection} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {projectionOf} from './layer-options.js';
import {tileGridField} from './raster/tile-grid-field.js';
import {createTileLayer} from './raster/tile-layer.js';
import {tileUrlFromTemplate} from './raster/tile-url.js';
import {isUnusual, tileUrl} from './url-fields.js';

const size = 'must be a number of pixels from 16 to 4096';

const schema = layerFields('xyz', {
  /**
   * `{z}/{x}/{y}`, `{-y}` for rows counted from below, `{a-c}` for several hosts, `{z+1}/{x+1}/{y+1}` where the service
   * counts from one, `{bbox}` for the edges of the tile in the units of the projection.
   */
  url: tileUrl,
  tileSize: v.optional(v.pipe(v.number(size), v.integer(size), v.minValue(16, size), v.maxValue(4096, size))),
  projection: v.optional(v.string('must be the code of a projection, like "EPSG:3857"')),
  /** Which tiles there are, where it is not the whole of the tiling of the web. */
  tileGrid: tileGridField,
});

/** Image tiles by a URL template. */
export const xyz: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const projection = await projectionOf(config.projection ?? 'EPSG:3857');
    if (config.tileGrid || isUnusual(config.url)) {
      const {ownTileLayer} = await import('./raster/own-tile-layer.js');
      return ownTileLayer(config, context, projection);
    }
    const tileGrid = createXYZ({
      extent: extentFromProjection(projection),
      ...(config.tileSize === undefined ? {} : {tileSize: config.tileSize}),
    });
    const tileUrl = tileUrlFromTemplate(config.url, context.baseUrl, tileGrid);
    return createTileLayer(config, context, {projection, tileGrid, tileUrl});
  },
};
