import {isRecord} from '../../credentials/is-record.js';
import {numberOf} from '../numbers.js';
import type {PlatformContext} from '../platform.js';
import {unusable} from '../wrong.js';

type Fields = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** A service of another origin is asked without a credential: the list is no word of the page's own markup. */
const service = (named: string | undefined, listUrl: string): object | undefined => {
  const url = named === undefined ? null : URL.parse(named, listUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return {url: url.href, ...(url.origin === new URL(listUrl).origin ? {} : {credential: 'none'})};
};

const withService = (
  {url}: Fields,
  listUrl: string,
  make: (service: object) => object | undefined,
): object | undefined => {
  const found = service(textOf(url), listUrl);
  return found && make(found);
};

/**
 * Which types of Planviewer can be drawn here. Assumed: `url`, and `layers` of a WMS, `type_name` of a WFS; the fields of
 * a type beside the common ones are not documented. A `vector` is taken for GeoJSON where it has a `url`.
 */
const kinds: Readonly<Record<string, (layer: Fields, listUrl: string) => object | undefined>> = {
  osm: () => ({type: 'osm', credential: 'none'}),
  wms: (layer, listUrl) =>
    withService(layer, listUrl, (found) => {
      const layers = textOf(layer['layers']);
      return layers === undefined
        ? undefined
        : {...found, type: 'wms', layers, ...(layer['consultable'] === true ? {identify: true} : {})};
    }),
  wfs: (layer, listUrl) =>
    withService(layer, listUrl, (found) => {
      const typeName = textOf(layer['type_name']) ?? textOf(layer['layers']);
      return typeName === undefined ? undefined : {...found, type: 'wfs', typeName, identify: true};
    }),
  vector: (layer, listUrl) => withService(layer, listUrl, (found) => ({...found, type: 'geojson', identify: true})),
};

const drawable = (layer: Fields, listUrl: string): object | undefined => {
  const type = String(layer['type']);
  const drawn = Object.hasOwn(kinds, type) ? kinds[type]?.(layer, listUrl) : undefined;
  const title = textOf(layer['name']);
  return drawn && {...drawn, ...(title === undefined ? {} : {title})};
};

const nameOf = ({name, type}: Fields): string =>
  `${textOf(name)?.slice(0, 60) ?? 'without a name'} (${String(type).slice(0, 20)})`;

/** Base layers below, then in Planviewer's order. */
const order = (layer: Fields): readonly [number, number] => [
  layer['base'] === true ? 0 : 1,
  numberOf(layer['sort_order']) ?? 0,
];

/** The answer of `/viewers/{identifier}/layers` as a map configuration. What cannot be drawn is named on the console. */
export const readLayers = ({layers}: Fields, url: string, {warn}: PlatformContext): object => {
  if (!Array.isArray(layers)) throw unusable('the list of layers has no "layers"');
  const listed = (layers as readonly unknown[]).filter(isRecord).filter(({type}) => type !== 'empty');
  const inOrder = listed.toSorted((a, b) => {
    const [[baseA, placeA], [baseB, placeB]] = [order(a), order(b)];
    return baseA - baseB || placeA - placeB;
  });
  const drawn = inOrder.map((layer) => ({layer, config: drawable(layer, url)}));
  const missing = drawn.filter(({config}) => !config).map(({layer}) => nameOf(layer));
  if (missing.length > 0)
    warn?.(`platform: layers of Planviewer that cannot be drawn here: ${missing.slice(0, 20).join(', ')}.`);
  return {layers: drawn.flatMap(({config}) => config ?? [])};
};
