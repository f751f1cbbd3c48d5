import {isRecord} from '../../credentials/is-record.js';
import {advertisedUrl} from '../../layers/advertised.js';
import {readJson} from '../../request/read-json.js';
import {refused} from './accepted.js';
import {around, box, type Box} from './box.js';
import {uniqueIds} from './ids.js';
import {shownAtFirst, type Recognised, type Source} from './source.js';
import {attributionOf, plainText} from './text.js';

type Json = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const records = (value: unknown): readonly Json[] => list(value).filter((each) => isRecord(each));

/** Relations are short names, or addresses that end in them. */
const isRel = (link: Json, ...names: readonly string[]): boolean => {
  const [rel = ''] = [link['rel']].filter((each) => typeof each === 'string');
  return names.includes(rel.replace(/^https?:\/\/www\.opengis\.net\/def\/rel\/ogc\/1\.0\//, ''));
};

const has = (document: Json, ...names: readonly string[]): boolean =>
  records(document['links']).some((link) => isRel(link, ...names));

/** How a collection is shown best: as ready tiles, as one picture, or as features. */
const typeOf = (collection: Json): string | undefined => {
  if (has(collection, 'tilesets-map', 'tilesets-vector')) return 'ogc-tiles';
  if (has(collection, 'map')) return 'ogc-map';
  return has(collection, 'items') && collection['itemType'] !== 'record' ? 'ogc-features' : undefined;
};

const boxOf = ({extent}: Json): Box | undefined => {
  const spatial = isRecord(extent) && isRecord(extent['spatial']) ? extent['spatial'] : {};
  const [first] = list(spatial['bbox']);
  const numbers = list(first);
  // With heights it has six.
  return box(numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers);
};

const collectionsOf = async (document: Json, {url, request, signal}: Source): Promise<readonly Json[]> => {
  const links = records(document['links']).filter((each) => isRel(each, 'data') && typeof each['href'] === 'string');
  const link = links.find(({type}) => type === 'application/json') ?? links[0];
  if (!link) return [];
  // The page named this service; what it names elsewhere is not the page's word.
  const mayFollow = (named: string): boolean => new URL(named).origin === new URL(url).origin;
  const address = advertisedUrl(String(link['href']), url, {mayFollow});
  const answer = await readJson(await request(address, {signal, headers: {accept: 'application/json'}}), address);
  return isRecord(answer) ? records(answer['collections']) : [];
};

/** Landing pages are told by their links, of which the standard asks for these (OGC 17-069r4 §7.2). */
const isLandingPage = (document: Json): boolean =>
  Array.isArray(document['links'])
  && !('type' in document)
  && has(document, 'conformance', 'data', 'service-desc', 'service-doc', 'tilesets-map', 'tilesets-vector', 'map');

/** The landing page of an OGC API: each of its collections that can be shown, or else its own tiles. */
export const recogniseOgcApi = async (document: Json, source: Source | undefined): Promise<Recognised | undefined> => {
  if (!isLandingPage(document)) return undefined;
  if (!source)
    throw refused('is the landing page of an OGC API, which has to be given by its address and not as an object');
  const {url} = source;
  const id = uniqueIds();
  const layers: object[] = [];
  const boxes: (Box | undefined)[] = [];
  for (const collection of await collectionsOf(document, source)) {
    const type = typeOf(collection);
    const name = collection['id'];
    if (!type || typeof name !== 'string' || name === '') continue;
    const attribution = attributionOf(collection['attribution']);
    boxes.push(boxOf(collection));
    layers.push({
      type,
      id: id(name),
      title: plainText(collection['title']) ?? name,
      url,
      collection: name,
      visible: layers.length < shownAtFirst,
      ...(attribution === undefined ? {} : {attribution}),
    });
  }
  const whole = has(document, 'tilesets-map', 'tilesets-vector')
    ? 'ogc-tiles'
    : has(document, 'map')
      ? 'ogc-map'
      : undefined;
  if (layers.length === 0 && whole) layers.push({type: whole, id: 'map', url});
  if (layers.length === 0)
    throw refused(
      'is the landing page of an OGC API without any collection that can be shown as tiles, map or features',
    );
  const extent = around(boxes);
  return {title: plainText(document['title']), view: extent ? {extent} : {}, layers};
};
