import {createXYZ, extentFromProjection} from 'ol/tilegrid.js';
import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {projectionOf} from './layer-options.js';
import {createTileLayer} from './raster/tile-layer.js';
import {tileUrlFromTemplate} from './raster/tile-url.js';
import {tileUrl} from './url-fields.js';

const size = 'must be a number of pixels from 16 to 4096';

const schema = layerFields('xyz', {
  /** `{z}/{x}/{y}`, `{-y}` for rows counted from below, `{a-c}` for several hosts. */
  url: tileUrl,
  tileSize: v.optional(v.pipe(v.number(size), v.integer(size), v.minValue(16, size), v.maxValue(4096, size))),
  projection: v.optional(v.string('must be the code of a projection, like "EPSG:3857"')),
});

/** Image tiles by a URL template. */
export const xyz: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const projection = await projectionOf(config.projection ?? 'EPSG:3857');
    const tileGrid = createXYZ({
      extent: extentFromProjection(projection),
      ...(config.tileSize === undefined ? {} : {tileSize: config.tileSize}),
    });
    const tileUrl = tileUrlFromTemplate(config.url, context.baseUrl, tileGrid);
    return createTileLayer(config, context, {projection, tileGrid, tileUrl});
  },
};
