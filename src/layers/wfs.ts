import type Feature from 'ol/Feature.js';
import * as v from 'valibot';
import {isRecord} from '../credentials/is-record.js';
import {readJson} from '../request/read-json.js';
import {advertisedUrl} from './advertised.js';
import {layerFields} from './common-fields.js';
import {linkOf} from './features/items-url.js';
import {lonLatExtent} from './features/lon-lat.js';
import {describeWfs, type WfsDescription} from './features/wfs-description.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {withQuery} from './service/query.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import type {FeatureQuery} from './vector/feature-query.js';
import {readGeojson} from './vector/read-geojson.js';
import {createVectorLayer} from './vector/vector-layer.js';

const schema = layerFields('wfs', {
  /** The service; a query that it needs may be in it. */
  url,
  typeName: v.pipe(v.string('must be the name of a feature type'), v.minLength(1, 'must not be empty')),
  version: v.optional(v.picklist(['1.0.0', '1.1.0', '2.0.0'], 'must be "1.0.0", "1.1.0" or "2.0.0"')),
  /** `POST` sends the query as a form, for credentials that travel in one and for services that want it. */
  method: v.optional(v.picklist(['GET', 'POST'], 'must be "GET" or "POST"')),
  style: v.optional(flatStyle),
});

const pageSize = 2000;
/** Beyond it servers and proxies begin to refuse addresses. */
const longestUrl = 2000;
const crs84 = 'EPSG:4326';
const urn = 'urn:ogc:def:crs:EPSG::4326';

interface Page {
  readonly features: readonly Feature[];
  readonly next: string | undefined;
}

const getFeatureUrl = (
  from: string,
  {version, typeName, geojson, hasPages}: WfsDescription,
  query: FeatureQuery,
  startIndex: number,
): string => {
  const [west = 0, south = 0, east = 0, north = 0] = lonLatExtent(query);
  // OGC 09-025r2 §7.9.2.4.4: in the order of the axes of the coordinate system, which for the URN is latitude first.
  const bbox = version === '1.0.0' ? [west, south, east, north] : [south, west, north, east, urn];
  const isSecond = version === '2.0.0';
  return withQuery(from, {
    SERVICE: 'WFS',
    VERSION: version,
    REQUEST: 'GetFeature',
    [isSecond ? 'TYPENAMES' : 'TYPENAME']: typeName,
    SRSNAME: version === '1.0.0' ? crs84 : urn,
    BBOX: bbox.join(','),
    OUTPUTFORMAT: geojson,
    ...(isSecond ? {COUNT: pageSize} : {MAXFEATURES: pageSize}),
    STARTINDEX: hasPages && startIndex > 0 ? startIndex : undefined,
  });
};

/** A query that is too long for an address goes as a form, as the one of a config that says so. */
const send = (at: string, isForm: boolean, {request}: FeatureQuery): Promise<Response> => {
  if (!isForm && at.length <= longestUrl) return request(at);
  const {origin, pathname, search} = new URL(at);
  return request(`${origin}${pathname}`, {
    method: 'POST',
    headers: {'content-type': 'application/x-www-form-urlencoded'},
    body: search.slice(1),
  });
};

const readPage = async (
  response: Response,
  at: string,
  {geojson, version}: WfsDescription,
  {projection, signal}: FeatureQuery,
): Promise<Page> => {
  if (geojson !== undefined) {
    const answer = await readJson(response, at);
    const features = await readGeojson(answer, {url: at, projection, signal});
    return {features, next: isRecord(answer) ? linkOf(answer, ['next']) : undefined};
  }
  const [{readGml}, {readXml}] = await Promise.all([
    import('./features/read-gml.js'),
    import('../request/read-xml.js'),
  ]);
  const document = await readXml(response, at);
  const next = document.documentElement.getAttribute('next') ?? undefined;
  return {features: readGml(document, version, projection, at), next};
};

/** Features of an OGC Web Feature Service: those in view, page by page. */
export const wfs: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const from = absoluteUrl(config.url, context.baseUrl).href;
    const description = await describeWfs(from, {typeName: config.typeName, version: config.version}, context);
    const isForm = config.method === 'POST';
    const load = async (query: FeatureQuery): Promise<void> => {
      const asked = new Set<string>();
      for (let start = 0, at = getFeatureUrl(from, description, query, 0); ;) {
        asked.add(at);
        const {features, next} = await readPage(await send(at, isForm, query), at, description, query);
        if (!query.add(features)) return;
        start += features.length;
        const isFull = features.length >= pageSize;
        if (!next && !isFull) return;
        if (next) at = advertisedUrl(next, at, context);
        else at = getFeatureUrl(from, description, query, start);
        // A service without pages would give the same ones over and over.
        if (asked.has(at) || (!next && !description.hasPages)) return query.cutOff();
      }
    };
    return createVectorLayer(config, context, {url: from, strategy: 'view', isPersonal: true, load});
  },
};
