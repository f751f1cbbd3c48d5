import {isRecord} from '../../credentials/is-record.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {notAmong} from '../service/allowed.js';
import {describe} from '../service/describe.js';

type Json = Readonly<Record<string, unknown>>;

const headers = {accept: 'application/json'};
const dataRels = ['data', 'http://www.opengis.net/def/rel/ogc/1.0/data'];
const preferred = /geo\+json/;

const linksOf = (document: Json): readonly Json[] =>
  Array.isArray(document['links']) ? (document['links'] as readonly unknown[]).filter(isRecord) : [];

/** Where a link of one of these relations leads, GeoJSON before other formats. */
export const linkOf = (document: Json, rels: readonly string[]): string | undefined => {
  const found = linksOf(document).filter(({rel, href}) => rels.includes(String(rel)) && typeof href === 'string');
  const best = found.find(({type}) => preferred.test(String(type))) ?? found[0];
  return typeof best?.['href'] === 'string' ? best['href'] : undefined;
};

const ask = (url: string, context: LayerContext): Promise<Json> => {
  const withHeaders = {
    ...context,
    request: ((at, options) => context.request(at, {...options, headers})) as LayerContext['request'],
  };
  return describe(withHeaders, url, 'ogc-features', async (response, at) => {
    const answer = await readJson(response, at);
    if (isRecord(answer)) return answer;
    throw new RequestError('This is not the description of an OGC API', {kind: 'format', url: at});
  });
};

const within = (url: string, part: string): string => {
  const inside = new URL(url);
  inside.pathname = `${inside.pathname.replace(/\/$/, '')}/${part}`;
  return inside.href;
};

/** The collection of that id among those that the API has, by the link on its landing page. */
const findCollection = async (
  landing: Json,
  url: string,
  collection: string | undefined,
  context: LayerContext,
): Promise<{readonly document: Json; readonly at: string}> => {
  const named = linkOf(landing, dataRels);
  const at = Array.isArray(landing['collections'])
    ? url
    : named
      ? advertisedUrl(named, url, context)
      : within(url, 'collections');
  const list = at === url ? landing : await ask(at, context);
  if (!Array.isArray(list['collections']))
    throw new RequestError('This is not an OGC API with collections of features', {kind: 'format', url: at});
  const all = (list['collections'] as readonly unknown[]).filter(isRecord);
  const only = collection === undefined && all.length === 1 ? all[0] : undefined;
  const found = only ?? all.find(({id}) => collection !== undefined && id === collection);
  if (!found)
    throw notAmong(
      'collection',
      collection,
      all.map(({id}) => String(id)),
    );
  return {document: found, at: within(at, encodeURIComponent(String(found['id'])))};
};

/** Where the features of a collection are, and what the API says of whom they are from. */
export const itemsUrl = async (
  url: string,
  collection: string | undefined,
  context: LayerContext,
): Promise<{readonly items: string; readonly attribution: string | undefined}> => {
  const first = await ask(url, context);
  const isCollection = typeof first['id'] === 'string' && !Array.isArray(first['collections']);
  const {document, at} = isCollection
    ? {document: first, at: url}
    : await findCollection(first, url, collection, context);
  const items = linkOf(document, ['items']);
  const {attribution} = document;
  return {
    items: items ? advertisedUrl(items, at, context) : within(at, 'items'),
    attribution: typeof attribution === 'string' ? attribution : undefined,
  };
};
