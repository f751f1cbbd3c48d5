import {isRecord} from '../../credentials/is-record.js';
import type {LayerContext} from '../layer-kind.js';
import {notAmong} from '../service/allowed.js';
import {describe} from '../service/describe.js';
import {withQuery} from '../service/query.js';
import {isArcgisRefusal, readArcgisJson} from './arcgis-json.js';

type Json = Readonly<Record<string, unknown>>;

export interface ArcgisLayer {
  readonly url: string;
  readonly hasGeojson: boolean;
  readonly hasPages: boolean;
  readonly attribution: string | undefined;
}

const ask = (url: string, context: LayerContext): Promise<Json> => {
  const request: LayerContext['request'] = (at, options) =>
    context.request(at, {...options, isRefused: isArcgisRefusal});
  return describe({...context, request}, withQuery(url, {f: 'json'}), 'arcgis', readArcgisJson);
};

const toLayer = (url: string, document: Json): ArcgisLayer => {
  const {advancedQueryCapabilities: advanced, supportedQueryFormats: formats, copyrightText} = document;
  return {
    url,
    hasGeojson: /geojson/i.test(String(formats)),
    hasPages: isRecord(advanced) && advanced['supportsPagination'] === true,
    attribution: typeof copyrightText === 'string' && copyrightText ? copyrightText : undefined,
  };
};

/** The layers of a feature or map service that have features, by number or name; all of them when none is named. */
export const arcgisLayers = async (
  url: string,
  wanted: readonly (string | number)[] | undefined,
  context: LayerContext,
): Promise<readonly ArcgisLayer[]> => {
  const service = await ask(url, context);
  if (!Array.isArray(service['layers'])) return [toLayer(url, service)];
  const layers = (service['layers'] as readonly unknown[])
    .filter(isRecord)
    // A group has no features of its own.
    .filter(({subLayerIds}) => !Array.isArray(subLayerIds) || subLayerIds.length === 0);
  const names = layers.map(({id, name}) => `${String(id)}: ${String(name)}`);
  const chosen = wanted?.map((one) => {
    const found = layers.find(({id, name}) => String(id) === String(one) || name === one);
    if (!found) throw notAmong('layers', String(one), names);
    return found;
  });
  if (!chosen && layers.length === 0) throw notAmong('layers', undefined, []);
  const root = new URL(url);
  return Promise.all(
    (chosen ?? layers).map(async ({id}) => {
      const at = new URL(root);
      at.pathname = `${root.pathname.replace(/\/$/, '')}/${encodeURIComponent(String(id))}`;
      return toLayer(at.href, await ask(at.href, context));
    }),
  );
};
