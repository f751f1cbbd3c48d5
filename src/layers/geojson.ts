import * as v from 'valibot';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {url} from './url-fields.js';
import {flatStyle, toFlatStyle} from './vector/flat-style.js';

const needed = 'either "url" or "data" is required';
const style = v.optional(flatStyle);

const schema = v.variant('type', [
  layerFields('geojson', {url, style}, needed),
  layerFields(
    'geojson',
    {data: v.looseObject({type: v.string('must be a GeoJSON type')}, 'must be a GeoJSON object'), style},
    needed,
  ),
]);

/** Features of a GeoJSON file, or written into the configuration. */
export const geojson: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    // The vector part of ol is as large as the raster part; maps without features do not load it.
    const [{createVectorLayer}, {readGeojson}] = await Promise.all([
      import('./vector/vector-layer.js'),
      import('./vector/read-geojson.js'),
    ]);
    const from = 'url' in config ? absoluteUrl(config.url, context.baseUrl).href : context.baseUrl;
    return createVectorLayer(config, context, {
      style: config.style && toFlatStyle(config.style),
      url: from,
      load: async (projection, getJson) =>
        readGeojson('url' in config ? await getJson(from) : config.data, projection, from),
    });
  },
};
