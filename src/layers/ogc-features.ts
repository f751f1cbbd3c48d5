import * as v from 'valibot';
import {isRecord} from '../credentials/is-record.js';
import {readJson} from '../request/read-json.js';
import {RequestError} from '../request/request-error.js';
import {advertisedUrl} from './advertised.js';
import {layerFields} from './common-fields.js';
import {itemsUrl, linkOf} from './features/items-url.js';
import {lonLatExtent} from './features/lon-lat.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {withQuery} from './service/query.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import type {FeatureQuery} from './vector/feature-query.js';
import {readGeojson} from './vector/read-geojson.js';
import {createVectorLayer} from './vector/vector-layer.js';

const pageSize = 1000;
const limit = 'must be a number of features from 1 to 10000';

const schema = layerFields('ogc-features', {
  /** The landing page of the API, or one collection of it. */
  url,
  collection: v.optional(v.string('must be the id of a collection')),
  /** How many features are asked for at a time. */
  limit: v.optional(v.pipe(v.number(limit), v.integer(limit), v.minValue(1, limit), v.maxValue(10_000, limit))),
  style: v.optional(flatStyle),
});

/** Features by OGC API – Features, Part 1 (OGC 17-069r4): those in view, page by page. */
export const ogcFeatures: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const {items, attribution} = await itemsUrl(
      absoluteUrl(config.url, context.baseUrl).href,
      config.collection,
      context,
    );
    const load = async ({request, add, signal, ...query}: FeatureQuery): Promise<void> => {
      let page = withQuery(items, {bbox: lonLatExtent(query).join(','), limit: config.limit ?? pageSize});
      const asked = new Set<string>();
      for (;;) {
        asked.add(page);
        const answer = await readJson(await request(page, {headers: {accept: 'application/geo+json'}}), page);
        // Without `crs` the coordinates are longitude and latitude (requirement 7.16 of Part 1).
        const isWanted = add(await readGeojson(answer, {url: page, projection: query.projection, signal}));
        const next = isRecord(answer) ? linkOf(answer, ['next']) : undefined;
        if (!next || !isWanted) return;
        page = advertisedUrl(next, page, context);
        if (asked.has(page))
          throw new RequestError('The service names a page as the next one that it has given before', {
            kind: 'format',
            url: page,
          });
      }
    };
    return createVectorLayer(config, context, {url: items, strategy: 'view', load, attribution, isPersonal: true});
  },
};
