import {refused, shown} from './accepted.js';
import {around, box, type Box} from './box.js';
import {chooseProjection} from './choose-projection.js';
import {uniqueIds} from './ids.js';
import {shownAtFirst, type Recognised} from './source.js';
import {linked, plainText} from './text.js';
import {children, find, hrefOf, textOf} from './xml.js';

const versions = ['1.1.0', '1.1.1', '1.3.0'];

/** What a layer has of the one that it is in (WMS 1.3.0 §7.2.4.8). */
interface Inherited {
  readonly attribution?: string | undefined;
  readonly hasLegend?: boolean | undefined;
}

const isRoot = ({localName}: Element): boolean =>
  localName === 'WMS_Capabilities' || localName === 'WMT_MS_Capabilities';

const boxOf = (layer: Element): Box | undefined => {
  const of130 = find(layer, 'EX_GeographicBoundingBox');
  const names = ['westBoundLongitude', 'southBoundLatitude', 'eastBoundLongitude', 'northBoundLatitude'];
  if (of130) return box(names.map((name) => textOf(find(of130, name))));
  const of111 = find(layer, 'LatLonBoundingBox');
  return of111 && box(['minx', 'miny', 'maxx', 'maxy'].map((name) => of111.getAttribute(name)));
};

/** Of the layer, or else around those in it. */
const extentOf = (layer: Element): Box | undefined => boxOf(layer) ?? around(children(layer, 'Layer').map(extentOf));

const attributionOf = (layer: Element): string | undefined => {
  const attribution = find(layer, 'Attribution');
  return linked(plainText(textOf(find(attribution, 'Title'))), hrefOf(find(attribution, 'OnlineResource')));
};

const formatOf = (root: Element): string | undefined => {
  const formats = children(find(root, 'Capability', 'Request', 'GetMap'), 'Format').map((each) => textOf(each) ?? '');
  return formats.includes('image/png') ? undefined : formats.find((each) => each.startsWith('image/'));
};

class Layers {
  readonly #fields: object;
  readonly #id = uniqueIds();
  count = 0;

  constructor(fields: object) {
    this.#fields = fields;
  }

  read(layer: Element, inherited: Inherited): object | undefined {
    const own = {
      attribution: attributionOf(layer) ?? inherited.attribution,
      hasLegend: inherited.hasLegend || children(layer, 'Style').some((style) => find(style, 'LegendURL')),
    };
    const name = textOf(find(layer, 'Name'));
    const title = plainText(textOf(find(layer, 'Title'))) ?? name;
    const inside = children(layer, 'Layer');
    if (inside.length > 0) {
      const layers = inside.map((each) => this.read(each, own)).filter((each) => each !== undefined);
      return layers.length > 0 ? {type: 'group', title, layers} : undefined;
    }
    if (name === undefined) return undefined;
    this.count += 1;
    return {
      type: 'wms',
      id: this.#id(name),
      title,
      layers: name,
      visible: this.count <= shownAtFirst,
      ...this.#fields,
      ...(own.attribution === undefined ? {} : {attribution: own.attribution}),
      ...(own.hasLegend ? {legend: true} : {}),
      ...(/^(?:1|true)$/.test(layer.getAttribute('queryable') ?? '') ? {identify: true} : {}),
    };
  }
}

/** Projections of the service as a whole: those of its outermost layer, or of the first one that names any. */
const projectionsOf = (layer: Element): readonly string[] => {
  const own = ['CRS', 'SRS']
    .flatMap((name) => children(layer, name))
    .flatMap((each) => textOf(each)?.split(/\s+/) ?? []);
  if (own.length > 0) return own;
  const first = children(layer, 'Layer')[0];
  return first ? projectionsOf(first) : [];
};

/** Capabilities of a Web Map Service: each named layer, in the groups that it is in. */
export const recogniseWms = async (root: Element, url: string): Promise<Recognised | undefined> => {
  if (!isRoot(root)) return undefined;
  const version = root.getAttribute('version') ?? '';
  if (!versions.includes(version))
    throw refused(`is the capabilities of a WMS of version ${shown(version)}, which is not supported`);
  const outermost = children(find(root, 'Capability'), 'Layer');
  const get = find(root, 'Capability', 'Request', 'GetMap', 'DCPType', 'HTTP', 'Get', 'OnlineResource');
  const format = formatOf(root);
  const layers = new Layers({url: hrefOf(get) ?? url, version, ...(format === undefined ? {} : {format})});
  const read = outermost.map((layer) => layers.read(layer, {})).filter((each) => each !== undefined);
  if (layers.count === 0) throw refused('is the capabilities of a WMS without any layer that has a name');
  const projection = await chooseProjection(outermost.flatMap(projectionsOf));
  const extent = around(outermost.map(extentOf));
  const [only] = read;
  return {
    title: plainText(textOf(find(root, 'Service', 'Title'))),
    view: {...(projection === undefined ? {} : {projection}), ...(extent ? {extent} : {})},
    // The outermost layer stands for the service, whose title the map has already.
    layers:
      read.length === 1 && only && 'layers' in only && Array.isArray(only.layers) && !('url' in only)
        ? only.layers
        : read,
  };
};
