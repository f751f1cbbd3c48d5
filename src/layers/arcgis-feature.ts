import type Feature from 'ol/Feature.js';
import * as v from 'valibot';
import {isRecord} from '../credentials/is-record.js';
import {RequestError} from '../request/request-error.js';
import {layerFields} from './common-fields.js';
import {isArcgisRefusal, readArcgisJson} from './features/arcgis-json.js';
import {arcgisLayers, type ArcgisLayer} from './features/arcgis-layer.js';
import {lonLatExtent} from './features/lon-lat.js';
import type {LayerKind} from './layer-kind.js';
import {absoluteUrl} from './layer-options.js';
import {withQuery} from './service/query.js';
import {url} from './url-fields.js';
import {flatStyle} from './vector/flat-style.js';
import type {FeatureQuery} from './vector/feature-query.js';
import {readGeojson} from './vector/read-geojson.js';
import {createVectorLayer} from './vector/vector-layer.js';

const one = v.union(
  [v.string(), v.number()],
  'must be the number or the name of a layer of the service, or a list of them',
);

const schema = layerFields('arcgis-feature', {
  /** A FeatureServer or MapServer, or one layer of it. */
  url,
  layers: v.optional(v.union([one, v.array(one)], one.message as string)),
  style: v.optional(flatStyle),
});

type Answer = Readonly<Record<string, unknown>>;

const isCutOff = (answer: Answer): boolean => {
  const {exceededTransferLimit, properties} = answer;
  return (exceededTransferLimit ?? (isRecord(properties) && properties['exceededTransferLimit'])) === true;
};

const readEsri = async (answer: Answer, {projection}: FeatureQuery, at: string): Promise<readonly Feature[]> => {
  const {default: EsriJSON} = await import('ol/format/EsriJSON.js');
  try {
    // They are asked for in degrees, as those in GeoJSON are.
    return new EsriJSON().readFeatures(answer, {dataProjection: 'EPSG:4326', featureProjection: projection});
  } catch (cause) {
    throw new RequestError('The features of the answer cannot be read', {kind: 'format', url: at, cause});
  }
};

const load = async (layer: ArcgisLayer, query: FeatureQuery): Promise<void> => {
  const {request, add, cutOff, projection, signal} = query;
  for (let offset = 0; ;) {
    const at = withQuery(`${layer.url.replace(/\/$/, '')}/query`, {
      where: '1=1',
      geometry: lonLatExtent(query).join(','),
      geometryType: 'esriGeometryEnvelope',
      inSR: 4326,
      outSR: 4326,
      spatialRel: 'esriSpatialRelIntersects',
      outFields: '*',
      f: layer.hasGeojson ? 'geojson' : 'json',
      resultOffset: offset || undefined,
    });
    const answer = await readArcgisJson(await request(at, {isRefused: isArcgisRefusal}), at);
    const page = layer.hasGeojson
      ? await readGeojson(answer, {url: at, projection, signal})
      : await readEsri(answer, query, at);
    const isWanted = add(page);
    if (!isCutOff(answer) || !isWanted) return;
    if (!layer.hasPages || page.length === 0) return cutOff();
    offset += page.length;
  }
};

/** Features of an ArcGIS service: those in view, page by page. */
export const arcgisFeature: LayerKind<typeof schema> = {
  schema,
  async create(config, context) {
    const from = absoluteUrl(config.url, context.baseUrl).href;
    const {layers: wanted} = config;
    const layers = await arcgisLayers(from, wanted === undefined ? undefined : [wanted].flat(), context);
    return createVectorLayer(config, context, {
      url: from,
      strategy: 'view',
      isPersonal: true,
      attribution: layers.map(({attribution}) => attribution).find(Boolean),
      load: async (query) => {
        await Promise.all(layers.map((layer) => load(layer, query)));
      },
    });
  },
};
