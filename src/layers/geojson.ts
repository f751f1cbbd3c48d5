import * as v from 'valibot';
import {readJson} from '../request/read-json.js';
import {layerFields} from './common-fields.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import {readGeojson} from './vector/read-geojson.js';
import {createVectorLayer} from './vector/vector-layer.js';

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
  create(config, context) {
    const from = 'url' in config ? absoluteUrl(config.url, context.baseUrl).href : context.baseUrl;
    return createVectorLayer(config, context, {
      url: from,
      strategy: 'all',
      async load({request, add, projection, signal}) {
        const data = 'url' in config ? await readJson(await request(from), from) : config.data;
        add(await readGeojson(data, {url: from, projection, signal}));
      },
    });
  },
};
