import {advertisedUrl} from '../advertised.js';
import type {Legend} from '../around.js';
import type {LayerContext} from '../layer-kind.js';
import {queryValue} from '../service/query.js';
import {loadAll, loadLegend} from '../service/load-legend.js';
import type {WmsRequest} from './get-map-url.js';
import {requestUrl, wmsServiceIfTold} from './wms-service.js';

/** The legends of the layers: by GetLegendGraphic at the address of the config, else where the capabilities say. */
export const wmsLegend = async (
  request: WmsRequest,
  context: LayerContext,
  signal: AbortSignal,
): Promise<readonly Legend[]> => {
  const service = await wmsServiceIfTold(request, context);
  signal.throwIfAborted();
  const styles = (request.styles ?? '').split(',');
  const wanted = request.layers.split(',').flatMap((name, index) => {
    const layer = service?.layer(name);
    const style = styles[index] ?? '';
    const title = layer?.Title;
    if (!service || service.offers('GetLegendGraphic')) {
      const graphic = {LAYER: name, STYLE: style, FORMAT: 'image/png'};
      const url = requestUrl(request, context.baseUrl, 'GetLegendGraphic', graphic);
      const isNew = (queryValue(url, 'VERSION') ?? '') >= '1.3';
      // Asked for by the profile of SLD that belongs to WMS 1.3.0 (OGC 05-078r4).
      return [{title, url: isNew ? `${url}&SLD_VERSION=1.1.0` : url}];
    }
    const all = layer?.Style ?? [];
    const {LegendURL: pictures = []} = all.find(({Name}) => Name === style) ?? all[0] ?? {};
    const picture = pictures.find(({Format = ''}) => /^image\/(?!tiff)/.test(Format)) ?? pictures[0];
    return picture?.OnlineResource ? [{title, url: advertisedUrl(picture.OnlineResource, service.url, context)}] : [];
  });
  return loadAll(wanted, ({url, title}) => loadLegend(context, url, title, signal));
};
