import {RequestError} from '../../request/request-error.js';
import {advertisedUrl} from '../advertised.js';
import type {LayerContext} from '../layer-kind.js';
import {notAmong} from '../service/allowed.js';
import {isVectorType, type Tileset} from './find-tileset.js';
import {linksOf, type Link} from './links.js';

const short: Readonly<Record<string, RegExp>> = {
  mvt: /mapbox-vector-tile/i,
  png: /^image\/png/i,
  jpeg: /^image\/jpe?g/i,
  jpg: /^image\/jpe?g/i,
  webp: /^image\/webp/i,
};

/** Those that a browser shows, the best first. */
const pictures = [/^image\/png/i, /^image\/webp/i, /^image\/jpe?g/i, /^image\/(gif|svg)/i];

const chooseItem = ({document, dataType, url}: Tileset, format: string | undefined): Link => {
  const items = linksOf(document).filter(({rel}) => rel === 'item');
  if (format !== undefined) {
    const wanted = Object.hasOwn(short, format.toLowerCase()) ? short[format.toLowerCase()] : undefined;
    const found = items.find(({type = ''}) => wanted?.test(type) ?? type.toLowerCase() === format.toLowerCase());
    if (found) return found;
    throw notAmong(
      'format',
      format,
      items.map(({type}) => type ?? '').filter((type) => isVectorType(type) || type.startsWith('image/')),
    );
  }
  const usable =
    dataType === 'vector'
      ? items.find(({type}) => isVectorType(type))
      : pictures.map((kind) => items.find(({type = ''}) => kind.test(type))).find(Boolean);
  const untold = items.find(({type}) => type === undefined);
  if (usable ?? untold) return (usable ?? untold) as Link;
  throw new RequestError(`The service has its tiles in forms only that cannot be shown here`, {kind: 'format', url});
};

export interface TilePlaceNames {
  readonly tileMatrix: string;
  readonly row: number;
  readonly column: number;
}

/** A maker of the URLs of a tileset's tiles. What the template is relative to, and where it may lead, is checked once. */
export const tileTemplate = (
  tileset: Tileset,
  names: Readonly<Record<string, string | undefined>>,
  format: string | undefined,
  context: LayerContext,
): ((place: TilePlaceNames) => string) => {
  const {href} = chooseItem(tileset, format);
  // Parsing a URL encodes the braces of its path.
  const template = advertisedUrl(href, tileset.url, context).replace(/%7B/gi, '{').replace(/%7D/gi, '}');
  const values = ({
    tileMatrix,
    row,
    column,
  }: TilePlaceNames): Readonly<Record<string, string | number | undefined>> => ({
    ...names,
    tilematrix: tileMatrix,
    z: tileMatrix,
    tilerow: row,
    y: row,
    tilecol: column,
    x: column,
  });
  const known = values({tileMatrix: '0', row: 0, column: 0});
  const variable = /\{(\w+)\}/g;
  for (const [whole, name = ''] of template.matchAll(variable)) {
    if (known[name.toLowerCase()] !== undefined) continue;
    const message = `The service names an address for its tiles with ${whole.slice(0, 40)} in it, which is nothing known`;
    throw new RequestError(message, {kind: 'format', url: tileset.url});
  }
  return (place) => {
    const filled = values(place);
    return template.replace(variable, (_, name: string) => encodeURIComponent(String(filled[name.toLowerCase()])));
  };
};
