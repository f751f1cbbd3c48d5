import {readImage} from '../../request/read-image.js';
import {readJson} from '../../request/read-json.js';
import {isRecord} from '../../credentials/is-record.js';
import type {Legend} from '../around.js';
import type {LayerContext} from '../layer-kind.js';
import {loadAll} from '../service/load-legend.js';
import {records, type ArcgisService} from './read-service.js';

/** More than can be shown, and each is a picture. */
const mostSigns = 200;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const decoded = (data: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    return Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
};

/** A sign of a service's legend: its picture stands in the answer, or at an address below the layer. */
const loadSign = async (
  {request}: Pick<LayerContext, 'request'>,
  service: ArcgisService,
  {layerId, title, sign}: {layerId: unknown; title: string; sign: Readonly<Record<string, unknown>>},
  signal: AbortSignal,
): Promise<Legend> => {
  const url = service.at(`/${String(layerId)}/images/${encodeURIComponent(text(sign['url']))}`, {});
  const bytes = decoded(text(sign['imageData']));
  const response = bytes && bytes.length > 0 ? new Response(bytes) : await request(url, {signal});
  return {title, image: await readImage(response, url, signal)};
};

/** The signs of the layers that are shown. */
export const arcgisLegend =
  (service: ArcgisService, context: Pick<LayerContext, 'request'>, layers: readonly string[] | undefined) =>
  async (signal: AbortSignal): Promise<readonly Legend[]> => {
    const url = service.at('/legend', {f: 'json'});
    const answer = await readJson(await context.request(url, {signal}), url);
    const signs = records(isRecord(answer) ? answer['layers'] : undefined)
      .filter(({layerId}) => !layers || layers.includes(String(layerId)))
      .flatMap(({layerId, layerName, legend}) =>
        records(legend).map((sign, _, all) => {
          const [name, label] = [text(layerName), text(sign['label'])];
          return {layerId, sign, title: label && all.length > 1 ? `${name}: ${label}` : label || name};
        }),
      );
    return loadAll(signs.slice(0, mostSigns), (sign) => loadSign(context, service, sign, signal));
  };
