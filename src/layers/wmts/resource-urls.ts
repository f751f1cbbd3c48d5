import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {queryValue, withQuery} from '../service/query.js';
import type {WmtsService} from './capabilities.js';
import type {WmtsChoice} from './choose.js';

/** Where in the matrix set, and for GetFeatureInfo where in the tile. */
export type Place = Readonly<Record<'TileMatrix' | 'TileRow' | 'TileCol', string | number>>
  & Readonly<Partial<Record<'I' | 'J', number>>>;

export type ResourceUrl = (place: Place) => string;

/** A value as a part of a path. A separator stays one: encoded, it would put the path outside of every scope. */
const inPath = (value: string): string => encodeURI(value).replace(/[?#]/g, encodeURIComponent);

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = values[name.toLowerCase()];
    return value === undefined ? whole : inPath(value);
  });

const lowerCased = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), String(value)]));

/** Braces would be encoded by making it a URL, so it is looked at as it will be, and filled as it was written. */
const fromTemplate = (
  template: string,
  {url}: WmtsService,
  {layerId, style, matrixSet, dimensions}: WmtsChoice,
  context: Pick<LayerContext, 'mayFollow'>,
): ResourceUrl => {
  const fixed = lowerCased({
    ...dimensions,
    layer: layerId,
    style: style?.Identifier ?? '',
    TileMatrixSet: matrixSet.Identifier,
  });
  const foreign = (): RequestError =>
    new RequestError('The service names an address that has a placeholder for its host', {kind: 'format', url});
  if (/^[^?#]*?:\/\/[^/?#]*[{}]/.test(template)) throw foreign();
  const at: ResourceUrl = (place) => {
    const filled = URL.parse(fill(template.trim(), {...fixed, ...lowerCased(place)}), url);
    if (filled) return filled.href;
    throw foreign();
  };
  const {origin} = new URL(advertisedUrl(at({TileMatrix: 0, TileRow: 0, TileCol: 0, I: 0, J: 0}), url, context));
  // What the matrices are called may be an address by itself.
  for (const {Identifier: TileMatrix = ''} of matrixSet.TileMatrix ?? [])
    for (const n of [0, 1])
      if (new URL(at({TileMatrix, TileRow: n, TileCol: n, I: n, J: n})).origin !== origin) throw foreign();
  return at;
};

/** What the config's address has in its query, such as a key, is for the requests to the same address as well. */
const withKeys = (address: string, config: string): string => {
  const [named, own] = [new URL(address), new URL(config)];
  if (named.origin !== own.origin || named.pathname !== own.pathname) return address;
  return withQuery(config, Object.fromEntries(named.searchParams), ['SERVICE', 'REQUEST', 'VERSION', 'ACCEPTVERSIONS']);
};

const fromParameters = (
  operation: 'GetTile' | 'GetFeatureInfo',
  address: string,
  {url}: WmtsService,
  {layerId, style, matrixSet, format, dimensions}: WmtsChoice,
  context: Pick<LayerContext, 'mayFollow'>,
  infoFormat: string | undefined,
): ResourceUrl => {
  const service = withKeys(advertisedUrl(address, url, context), url);
  return ({TileMatrix, TileRow, TileCol, I, J}) =>
    withQuery(service, {
      SERVICE: 'WMTS',
      REQUEST: operation,
      VERSION: '1.0.0',
      LAYER: layerId,
      STYLE: style?.Identifier ?? '',
      FORMAT: format,
      TILEMATRIXSET: matrixSet.Identifier,
      TILEMATRIX: TileMatrix,
      TILEROW: TileRow,
      TILECOL: TileCol,
      ...dimensions,
      I,
      J,
      INFOFORMAT: infoFormat,
    });
};

const firstThatServes = (makers: readonly (() => ResourceUrl)[]): ResourceUrl | undefined => {
  let refused: unknown;
  for (const make of makers) {
    try {
      return make();
    } catch (error) {
      refused ??= error;
    }
  }
  if (refused) throw refused as Error;
  return undefined;
};

const templatesFor = ({layer}: WmtsChoice, type: string, format: string): readonly string[] =>
  (layer.ResourceURL ?? []).flatMap((each) =>
    each.resourceType === type && each.format === format && each.template ? [each.template] : [],
  );

/** The addresses of tiles: by a template, else by parameters. Of several that the service names, the first that may be asked. */
export const tileUrls = (
  service: WmtsService,
  choice: WmtsChoice,
  context: Pick<LayerContext, 'mayFollow'>,
): ResourceUrl => {
  // Who answered with parameters once will do so again.
  const kvp = service.kvp('GetTile') ?? (queryValue(service.url, 'REQUEST') ? service.url : undefined);
  const urls = firstThatServes([
    ...templatesFor(choice, 'tile', choice.format).map(
      (template) => () => fromTemplate(template, service, choice, context),
    ),
    ...(kvp ? [() => fromParameters('GetTile', kvp, service, choice, context, undefined)] : []),
  ]);
  if (urls) return urls;
  throw new RequestError('The capabilities do not say where the tiles are', {kind: 'format', url: service.url});
};

/** The addresses of what is at a place; `undefined` when the service cannot tell. */
export const infoUrls = (
  service: WmtsService,
  choice: WmtsChoice,
  context: Pick<LayerContext, 'mayFollow'>,
  format: string | undefined,
): ResourceUrl | undefined => {
  const kvp = service.kvp('GetFeatureInfo');
  if (format === undefined) return undefined;
  return firstThatServes([
    ...templatesFor(choice, 'FeatureInfo', format).map(
      (template) => () => fromTemplate(template, service, choice, context),
    ),
    ...(kvp ? [() => fromParameters('GetFeatureInfo', kvp, service, choice, context, format)] : []),
  ]);
};
