import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import {absoluteUrl} from '../layer-options.js';
import {description} from '../service/describe.js';
import {queryValue, withQuery} from '../service/query.js';
import type {WmsService} from './capabilities.js';
import type {WmsRequest} from './get-map-url.js';

/** What a pasted GetMap URL has that no other request wants. */
const ofMaps = [
  'LAYERS',
  'STYLES',
  'FORMAT',
  'TRANSPARENT',
  'BBOX',
  'WIDTH',
  'HEIGHT',
  'CRS',
  'SRS',
  'TIME',
  'REQUEST',
];

/** Another request of the service than GetMap, with what the config adds to every request. */
export const requestUrl = (
  {url, version, params}: WmsRequest,
  baseUrl: string,
  operation: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string => {
  const service = absoluteUrl(url, baseUrl).href;
  const extra = Object.fromEntries(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]));
  return withQuery(
    withQuery(service, extra),
    {
      SERVICE: 'WMS',
      REQUEST: operation,
      VERSION: version ?? queryValue(service, 'VERSION') ?? '1.3.0',
      ...parameters,
    },
    ofMaps,
  );
};

/** The capabilities, read when they are first needed, once for all layers of the service. */
export const wmsService = async (
  request: WmsRequest,
  context: Pick<LayerContext, 'request' | 'share' | 'baseUrl'>,
): Promise<WmsService> => {
  const {readWms} = await import('./capabilities.js');
  return description(context, requestUrl(request, context.baseUrl, 'GetCapabilities'), 'wms', readWms);
};

/** As `wmsService`; `undefined` when the service draws maps but does not tell this visitor of itself. */
export const wmsServiceIfTold = async (...options: Parameters<typeof wmsService>): Promise<WmsService | undefined> => {
  try {
    return await wmsService(...options);
  } catch (error) {
    if (error instanceof RequestError && ['forbidden', 'format', 'ogc'].includes(error.kind)) return undefined;
    throw error;
  }
};
