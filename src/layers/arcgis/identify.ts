import {readJson} from '../../request/read-json.js';
import {isRecord} from '../../credentials/is-record.js';
import type {IdentifiedFeature, Identify} from '../around.js';
import type {LayerContext} from '../layer-kind.js';
import {numberOf, records, referenceNumber, type ArcgisService} from './read-service.js';

/** In CSS pixels around the place. */
const tolerance = 5;
/** Of the picture that the place is thought to be in. */
const side = 101;
const mostFeatures = 100;

type Json = Readonly<Record<string, unknown>>;

const toGeojson = async (geometry: Json): Promise<unknown> => {
  const [{default: EsriJSON}, {default: GeoJSON}] = await Promise.all([
    import('ol/format/EsriJSON.js'),
    import('ol/format/GeoJSON.js'),
  ]);
  try {
    const shape = new EsriJSON().readGeometry(geometry);
    return shape ? new GeoJSON().writeGeometryObject(shape) : undefined;
  } catch {
    // What is there is of use without its shape.
    return undefined;
  }
};

const ofMap = async (answer: unknown): Promise<readonly IdentifiedFeature[]> => {
  const results = records(isRecord(answer) ? answer['results'] : undefined).slice(0, mostFeatures);
  return Promise.all(
    results.map(async ({layerId, layerName, attributes, geometry}) => {
      const shape = isRecord(geometry) ? await toGeojson(geometry) : undefined;
      const properties = isRecord(attributes) ? attributes : {};
      const number = numberOf(Number(properties['OBJECTID']));
      const name = typeof layerName === 'string' ? layerName : String(layerId);
      return {
        id: number === undefined ? name : `${name}.${number}`,
        properties,
        ...(shape === undefined ? {} : {geometry: shape}),
      };
    }),
  );
};

const ofImage = (answer: unknown): readonly IdentifiedFeature[] => {
  if (!isRecord(answer) || answer['value'] === undefined || answer['value'] === 'NoData') return [];
  return [{properties: {value: answer['value']}}];
};

/** Asks the service what is at a place. Geometries are in the projection of the view, as they were asked for. */
export const arcgisIdentify =
  (service: ArcgisService, context: Pick<LayerContext, 'request'>, layers: readonly string[] | undefined): Identify =>
  async ({coordinate: [x = 0, y = 0], resolution, projection}, signal) => {
    const wkid = referenceNumber(projection);
    const half = (side / 2) * resolution;
    const url = service.isImageServer
      ? service.at('/identify', {
          geometry: JSON.stringify({x, y, spatialReference: {wkid: Number(wkid)}}),
          geometryType: 'esriGeometryPoint',
          returnGeometry: 'false',
          returnCatalogItems: 'false',
          f: 'json',
        })
      : service.at('/identify', {
          geometry: `${x},${y}`,
          geometryType: 'esriGeometryPoint',
          sr: wkid,
          layers: layers ? `visible:${layers.join(',')}` : 'visible',
          tolerance,
          mapExtent: [x - half, y - half, x + half, y + half].join(','),
          imageDisplay: `${side},${side},96`,
          returnGeometry: 'true',
          f: 'json',
        });
    const answer = await readJson(await context.request(url, {signal}), url);
    return service.isImageServer ? ofImage(answer) : ofMap(answer);
  };

/** Whether the service says that it can be asked; an ImageServer always can. */
export const canIdentify = ({document, isImageServer}: ArcgisService): boolean => {
  const capabilities = document['capabilities'];
  return isImageServer || typeof capabilities !== 'string' || /\bQuery\b/.test(capabilities);
};
