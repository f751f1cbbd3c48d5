import {isRecord} from '../../credentials/is-record.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import {SecureMapError} from '../../credentials/errors.js';
import {absoluteUrl} from '../layer-options.js';
import type {LayerContext} from '../layer-kind.js';
import {notAmong} from '../service/allowed.js';
import {describe} from '../service/describe.js';
import {withQuery} from '../service/query.js';

type Json = Readonly<Record<string, unknown>>;

/** What a MapServer or ImageServer says of itself with `f=json`. */
export interface ArcgisService {
  /** Without its query. */
  readonly url: string;
  readonly document: Json;
  readonly isImageServer: boolean;
  readonly attribution: string | undefined;
  /** An operation of the service, with the query that the config's address has. */
  readonly at: (path: string, parameters: Readonly<Record<string, string | number | undefined>>) => string;
}

export const records = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];

export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Asks the service what it is. Throws when the address is another kind of service. */
export const readArcgisService = async (address: string, context: LayerContext): Promise<ArcgisService> => {
  const config = absoluteUrl(address, context.baseUrl);
  config.hash = '';
  config.pathname = config.pathname.replace(/\/+$/, '');
  const kind = /\/([A-Za-z]+Server)(?:\/|$)/.exec(config.pathname)?.[1];
  if (kind && kind !== 'MapServer' && kind !== 'ImageServer')
    throw new SecureMapError(
      'invalid-layer',
      `The "url" of the layer is a ${kind}. Allowed: a MapServer or an ImageServer.`,
    );
  const at: ArcgisService['at'] = (path, parameters) => {
    const operation = new URL(config);
    operation.pathname += path;
    return withQuery(operation.href, parameters);
  };
  const document = await describe(context, at('', {f: 'json'}), 'arcgis', async (response, url) => {
    const value = await readJson(response, url);
    if (isRecord(value) && ('layers' in value || 'tileInfo' in value || 'fullExtent' in value || 'pixelType' in value))
      return value;
    throw new RequestError('The answer is not the description of a MapServer or ImageServer', {kind: 'format', url});
  });
  const copyright = document['copyrightText'];
  return {
    url: `${config.origin}${config.pathname}`,
    document,
    isImageServer: kind === 'ImageServer' || ('pixelType' in document && !('layers' in document)),
    attribution: typeof copyright === 'string' && copyright ? copyright.slice(0, 1000) : undefined,
    at,
  };
};

/** The name that ol knows a spatial reference by. The later of its numbers is that of EPSG. */
export const referenceName = (value: unknown): string | undefined => {
  if (!isRecord(value)) return undefined;
  const number = numberOf(value['latestWkid']) ?? numberOf(value['wkid']);
  return number === undefined ? undefined : `EPSG:${number}`;
};

/** How ArcGIS wants a projection named: by its number. */
export const referenceNumber = (code: string): string =>
  code === 'CRS:84' ? '4326' : (code.split(':').at(-1) ?? code);

/** The layers that the config names, checked against those of the service. */
export const layerIds = (
  {document, isImageServer}: ArcgisService,
  wanted: string | number | readonly (string | number)[] | undefined,
): readonly string[] | undefined => {
  if (wanted === undefined) return undefined;
  if (isImageServer)
    throw new SecureMapError('invalid-layer', '"layers" is for a MapServer: an ImageServer has one picture only.');
  const all = records(document['layers']);
  const list =
    typeof wanted === 'object'
      ? wanted
      : String(wanted)
          .replace(/^show:/, '')
          .split(',');
  return list.map((each) => {
    const name = String(each).trim();
    const found = all.find(({id, name: title}) => String(id) === name || title === name);
    if (found) return String(found['id']);
    throw notAmong(
      'layers',
      name,
      all.map(({id, name: title}) => `${String(id)} (${String(title)})`),
    );
  });
};
