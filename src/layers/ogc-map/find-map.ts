import {isRecord} from '../../credentials/is-record.js';
import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {readDocument, type Found} from '../ogc-tiles/find-tileset.js';
import {linksOf, linkTo, type Link} from '../ogc-tiles/links.js';
import {notAmong} from '../service/allowed.js';

export interface MapWanted {
  readonly collection?: string | undefined;
  /** A media type, or its last word. */
  readonly format?: string | undefined;
  /** The name of a style of the service. */
  readonly style?: string | undefined;
}

export interface FoundMap {
  /** Without what is asked of it: the extent and the size. */
  readonly url: string;
  readonly attribution: string | undefined;
  /** The systems that the service names for maps of it; none when it names none. */
  readonly systems: readonly string[];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter((each) => typeof each === 'string') : [];

const records = (value: unknown): readonly Found['document'][] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isRecord) : [];

const below = (url: string, ...path: readonly string[]): string => {
  const {origin, pathname, search} = new URL(url);
  return `${origin}${pathname.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}${search}`;
};

/** Browsers show every kind of picture that services draw, but TIFF. */
const isShown = ({type}: Link): boolean => type === undefined || /^image\/(?!tiff|geotiff)/i.test(type);

const mapLinks = (document: Found['document']): readonly Link[] =>
  linksOf(document).filter((link) => link.rel.split(/[/:#]/).at(-1) === 'map' && isShown(link));

const chooseLink = (links: readonly Link[], format: string | undefined): Link | undefined => {
  if (format === undefined) return links.find(({type}) => type === 'image/png') ?? links[0];
  const found = links.find(({type = ''}) => type === format || type.split(/[/;]/)[1] === format);
  if (found) return found;
  throw notAmong(
    'format',
    format,
    links.flatMap(({type}) => type ?? []),
  );
};

/** The collection that the config names, or the only one that has maps. */
const collectionOf = async (context: LayerContext, start: Found, wanted: string | undefined): Promise<Found> => {
  const {document, url} = start;
  if (wanted === undefined ? mapLinks(document).length > 0 : document['id'] === wanted) return start;
  const data = linkTo(document, 'data')?.href;
  if (wanted === undefined && data === undefined)
    throw new RequestError('The service offers no maps there (no link "map")', {kind: 'format', url});
  const list = await readDocument(
    context,
    data === undefined ? below(url, 'collections') : advertisedUrl(data, url, context),
  );
  const all = records(list.document['collections']);
  const drawn = all.filter((each) => mapLinks(each).length > 0);
  const found = wanted === undefined ? drawn.length === 1 && drawn[0] : all.find(({id}) => id === wanted);
  const candidates = wanted === undefined && drawn.length > 0 ? drawn : all;
  if (!found)
    throw notAmong(
      'collection',
      wanted,
      candidates.flatMap(({id}) => text(id) ?? []),
    );
  const self = linkTo(found, 'self')?.href;
  // In the list it may be told in short.
  return mapLinks(found).length > 0 || !self
    ? {url: list.url, document: found}
    : readDocument(context, advertisedUrl(self, list.url, context));
};

/** From whatever document of the service the config names, to where its maps are. */
export const findMap = async (
  context: LayerContext,
  address: string,
  {collection, format, style}: MapWanted,
): Promise<FoundMap> => {
  const start = await readDocument(context, address);
  const {document, url} = await collectionOf(context, start, collection);
  const link = chooseLink(mapLinks(document), format);
  if (!link) throw new RequestError('The service offers no maps there (no link "map")', {kind: 'format', url});
  const map = new URL(advertisedUrl(link.href, url, context));
  // OGC API – Maps §8: the map of a style is at the styles of what the map is of.
  if (style !== undefined) map.pathname = map.pathname.replace(/\/map\/?$/, `/styles/${encodeURIComponent(style)}/map`);
  return {
    url: map.href,
    attribution: text(document['attribution']) ?? text(start.document['attribution']),
    systems: texts(document['crs']).filter((name) => !name.startsWith('#')),
  };
};
