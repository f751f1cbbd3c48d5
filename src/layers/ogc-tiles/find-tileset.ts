import {isRecord} from '../../credentials/is-record.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {projectionCode} from '../projections/projection-code.js';
import {notAmong} from '../service/allowed.js';
import {linksOf, linkTo} from './links.js';

export interface TilesWanted {
  readonly collection?: string | undefined;
  readonly tileMatrixSet?: string | undefined;
  /** `undefined`: features where there are any, otherwise pictures. */
  readonly dataType?: 'map' | 'vector' | undefined;
  /** The name of a style of the service, for pictures. */
  readonly mapStyle?: string | undefined;
}

/** A document of the service, and where it stands. */
export interface Found {
  readonly url: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface Tileset extends Found {
  readonly dataType: 'map' | 'vector';
  readonly attribution: string | undefined;
}

const refuse = (message: string, url: string): RequestError => new RequestError(message, {kind: 'format', url});

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const records = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];

const below = (url: string, ...path: readonly string[]): string => {
  const {origin, pathname, search} = new URL(url);
  return `${origin}${pathname.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}${search}`;
};

/** The name of a tileset's TileMatrixSet, by whatever of the fields the service has. */
export const matrixSetName = (tileset: Found['document']): string | undefined => {
  const embedded = isRecord(tileset['tileMatrixSet']) ? text(tileset['tileMatrixSet']['id']) : undefined;
  const uri = text(tileset['tileMatrixSetURI']) ?? linkTo(tileset, 'tiling-scheme')?.href;
  return text(tileset['tileMatrixSetId']) ?? embedded ?? uri?.split(/[?#]/)[0]?.split('/').at(-1);
};

/** Reads JSON of the service, once for all layers of the map. */
export const readDocument = async ({request, share}: LayerContext, url: string): Promise<Found> => {
  const document = await share(`ogc ${url}`, async (signal) => {
    // Without it some services answer with a web page.
    const response = await request(url, {signal, headers: {accept: 'application/json'}}).catch((cause: unknown) => {
      throw cause instanceof TypeError ? new RequestError('There was no answer', {kind: 'network', url, cause}) : cause;
    });
    return readJson(response, url);
  });
  if (!isRecord(document)) throw refuse('The answer is not a document of an OGC API', url);
  return {url, document};
};

const isTileset = ({document}: Found): boolean =>
  linksOf(document).some(({rel}) => rel === 'item')
  && ['dataType', 'tileMatrixSet', 'tileMatrixSetURI', 'tileMatrixSetId'].some((field) => field in document);

const readCollection = async (context: LayerContext, start: Found, wanted: string): Promise<Found> => {
  if (start.document['id'] === wanted) return start;
  const data = linkTo(start.document, 'data')?.href;
  const list = data ? advertisedUrl(data, start.url, context) : below(start.url, 'collections');
  const {document} = await readDocument(context, list);
  const all = records(document['collections']);
  const found = all.find(({id}) => id === wanted);
  if (!found) throw notAmong('collection', wanted, all.map(({id}) => text(id) ?? '').filter(Boolean));
  const self = linkTo(found, 'self')?.href;
  // In the list it may be told in short.
  return tilesetsLink(found, undefined) || !self
    ? {url: list, document: found}
    : readDocument(context, advertisedUrl(self, list, context));
};

const dataTypes = ['vector', 'map'] as const;

const tilesetsLink = (document: unknown, dataType: TilesWanted['dataType']) =>
  (dataType ? [dataType] : dataTypes).map((each) => linkTo(document, `tilesets-${each}`)).find(Boolean)
  // What drafts of the standard said.
  ?? linkTo(document, 'tiles');

const listOf = async (context: LayerContext, from: Found, wanted: TilesWanted): Promise<Found> => {
  if (wanted.mapStyle !== undefined)
    return readDocument(context, below(from.url, 'styles', wanted.mapStyle, 'map', 'tiles'));
  const link = tilesetsLink(from.document, wanted.dataType);
  if (link) return readDocument(context, advertisedUrl(link.href, from.url, context));
  const what = wanted.dataType ? `${wanted.dataType} tiles` : 'tiles';
  const data = wanted.collection === undefined && linkTo(from.document, 'data')?.href;
  if (!data) throw refuse(`The service offers no ${what} there`, from.url);
  const {document} = await readDocument(context, advertisedUrl(data, from.url, context));
  throw notAmong(
    'collection',
    undefined,
    records(document['collections']).map(({id}) => text(id) ?? ''),
  );
};

const choose = (list: Found, {dataType, tileMatrixSet}: TilesWanted, viewProjection: string): Found['document'] => {
  const all = records(list.document['tilesets']);
  const fitting = all.filter((each) => !dataType || (each['dataType'] ?? dataType) === dataType);
  if (fitting.length === 0)
    throw refuse(`The service lists no ${dataType ?? ''} tiles there`.replace('  ', ' '), list.url);
  const named = (wanted: string) =>
    fitting.find((each) => matrixSetName(each) === wanted || each['tileMatrixSetURI'] === wanted);
  if (tileMatrixSet !== undefined) {
    const found = named(tileMatrixSet);
    if (found) return found;
    throw notAmong('tileMatrixSet', tileMatrixSet, fitting.map((each) => matrixSetName(each) ?? '').filter(Boolean));
  }
  const inView = fitting.find((each) => projectionCode(text(each['crs']) ?? '') === viewProjection);
  const [first = {}] = fitting;
  return inView ?? named('WebMercatorQuad') ?? first;
};

/** From whatever document of the service the config names, to the one that says where its tiles are. */
export const findTileset = async (context: LayerContext, url: string, wanted: TilesWanted): Promise<Tileset> => {
  const start = await readDocument(context, url);
  const finish = ({document, url: at}: Found, ...others: readonly Found[]): Tileset => {
    const said = document['dataType'];
    const isVector = said === 'vector' || linksOf(document).some(({rel, type}) => rel === 'item' && isVectorType(type));
    const attribution = [document, ...others.map((other) => other.document)]
      .map((each) => text(each['attribution']))
      .find(Boolean);
    return {document, url: at, dataType: said === 'map' || !isVector ? 'map' : 'vector', attribution};
  };
  if (isTileset(start)) return finish(start);
  const isList = 'tilesets' in start.document;
  const from =
    isList || wanted.collection === undefined ? start : await readCollection(context, start, wanted.collection);
  const list = isList ? start : await listOf(context, from, wanted);
  if (isTileset(list)) return finish(list, from, start);
  const chosen = choose(list, wanted, context.projection);
  const self = linkTo(chosen, 'self') ?? linkTo(chosen, 'tileset');
  const read = self && (await readDocument(context, advertisedUrl(self.href, list.url, context)));
  const whole = read ? {...read, document: {...chosen, ...read.document}} : {url: list.url, document: chosen};
  if (!isTileset(whole)) throw refuse('The service does not say where the tiles are (no link "item")', whole.url);
  return finish(whole, from, start);
};

export const isVectorType = (type: string | undefined): boolean =>
  /vnd\.mapbox-vector-tile|x-protobuf|^mvt$|^pbf$/i.test(type ?? '');
