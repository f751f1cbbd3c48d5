import type {IdentifiedFeature, IdentifyPlace} from '../around.js';
import {infoFormat, readFeatureInfo} from '../feature-info/read-feature-info.js';
import type {LayerContext} from '../layer-kind.js';
import {placeIn} from '../service/place-in-tile.js';
import {queryValue, withQuery} from '../service/query.js';
import {isQueryable} from './capabilities.js';
import {getMapUrls, type WmsRequest} from './get-map-url.js';
import type {System} from './known-system.js';
import {wmsServiceIfTold} from './wms-service.js';

/** Of the picture around the place; odd, so that it has a middle. */
const side = 101;
const middle = (side - 1) / 2;
const most = 20;

/** Asks what is at a place of the map: all layers of the config that can be asked. */
export const wmsIdentify = async (
  request: WmsRequest,
  {name, projection}: System,
  context: LayerContext,
  place: IdentifyPlace,
  signal: AbortSignal,
): Promise<readonly IdentifiedFeature[]> => {
  const service = await wmsServiceIfTold(request, context);
  signal.throwIfAborted();
  const queried = request.layers.split(',').filter((each) => {
    const layer = service?.layer(each);
    return !layer || isQueryable(layer);
  });
  // Without being told, the one that most services have.
  const format = service ? infoFormat(service.formats('GetFeatureInfo')) : 'text/plain';
  if (queried.length === 0 || format === undefined) return [];
  const {coordinate, resolution} = placeIn(place, projection);
  const [x = 0, y = 0] = coordinate;
  const half = (side / 2) * resolution;
  const map = getMapUrls(
    request,
    context.baseUrl,
  )({
    extent: [x - half, y - half, x + half, y + half],
    width: side,
    height: side,
    crs: name,
    axes: projection.getAxisOrientation(),
  });
  const [column, row] = (queryValue(map, 'VERSION') ?? '') >= '1.3' ? ['I', 'J'] : ['X', 'Y'];
  const url = withQuery(map, {
    REQUEST: 'GetFeatureInfo',
    QUERY_LAYERS: queried.join(','),
    INFO_FORMAT: format,
    FEATURE_COUNT: most,
    [column ?? '']: middle,
    [row ?? '']: middle,
  });
  return readFeatureInfo(await context.request(url, {signal}), url, place.projection);
};
