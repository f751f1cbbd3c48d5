import {refused, shown} from './accepted.js';
import {around, box, type Box} from './box.js';
import {chooseProjection} from './choose-projection.js';
import {uniqueIds} from './ids.js';
import type {Recognised} from './source.js';
import {plainText} from './text.js';
import {children, find, textOf} from './xml.js';

const boxOf = (layer: Element): Box | undefined => {
  const bounds = find(layer, 'WGS84BoundingBox');
  const corners = ['LowerCorner', 'UpperCorner'].flatMap((name) => textOf(find(bounds, name))?.split(/\s+/) ?? []);
  return bounds && box(corners);
};

/** Capabilities of a Web Map Tile Service: each layer, as the service itself tells it when it is made. */
export const recogniseWmts = async (root: Element, url: string): Promise<Recognised | undefined> => {
  if (root.localName !== 'Capabilities' || !root.namespaceURI?.includes('/wmts/')) return undefined;
  const version = root.getAttribute('version') ?? '1.0.0';
  if (!version.startsWith('1.0') || !root.namespaceURI.endsWith('/wmts/1.0'))
    throw refused(`is the capabilities of a WMTS of version ${shown(version)}, which is not supported`);
  const contents = find(root, 'Contents');
  const id = uniqueIds();
  const read = children(contents, 'Layer').flatMap((layer) => {
    const name = textOf(find(layer, 'Identifier'));
    return name === undefined ? [] : [{layer, name}];
  });
  if (read.length === 0) throw refused('is the capabilities of a WMTS without any layer');
  const sets = children(contents, 'TileMatrixSet').flatMap((set) => textOf(find(set, 'SupportedCRS')) ?? []);
  const projection = await chooseProjection(sets);
  const extent = around(read.map(({layer}) => boxOf(layer)));
  return {
    title: plainText(textOf(find(root, 'ServiceIdentification', 'Title'))),
    view: {...(projection === undefined ? {} : {projection}), ...(extent ? {extent} : {})},
    layers: read.map(({layer, name}, index) => ({
      type: 'wmts',
      id: id(name),
      title: plainText(textOf(find(layer, 'Title'))) ?? name,
      url,
      layer: name,
      // Most are whole maps, of which the upper one hides those below.
      visible: index === 0,
      ...(find(layer, 'InfoFormat') ? {identify: true} : {}),
      ...(children(layer, 'Style').some((style) => find(style, 'LegendURL')) ? {legend: true} : {}),
    })),
  };
};
