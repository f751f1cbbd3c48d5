import WMSCapabilities from 'ol/format/WMSCapabilities.js';
import {readXml} from '../../request/read-xml.js';
import {RequestError} from '../../request/request-error.js';

/** What ol reads of a layer. Any part may be missing: the document is another's. */
export interface WmsLayer {
  readonly Name?: string;
  readonly Title?: string;
  readonly queryable?: boolean;
  readonly CRS?: readonly string[];
  readonly SRS?: readonly string[];
  readonly Style?: readonly WmsStyle[];
  readonly Layer?: readonly WmsLayer[];
}

export interface WmsStyle {
  readonly Name?: string;
  readonly LegendURL?: readonly {readonly Format?: string; readonly OnlineResource?: string}[];
}

interface Parsed {
  readonly Capability?: {
    readonly Request?: Readonly<Record<string, {readonly Format?: readonly string[]} | undefined>>;
    readonly Layer?: WmsLayer;
  };
}

export interface WmsService {
  readonly url: string;
  /** The layer of this name, wherever in the tree it is. */
  readonly layer: (name: string) => WmsLayer | undefined;
  readonly formats: (operation: string) => readonly string[];
  readonly offers: (operation: string) => boolean;
}

/** 160 MB; the most that is usual are six thousand systems of two thousand layers. */
const mostInherited = 20_000_000;
const inherited = new Set(['CRS', 'SRS', 'Style', 'AuthorityURL', 'Dimension']);

/** How much the layers have together with what they have of those that they are in, of which ol gives each a copy. */
const countInherited = (layer: Element, above = 0): number => {
  const children = [...layer.children];
  const own = above + children.filter(({localName}) => inherited.has(localName)).length;
  return children
    .filter(({localName}) => localName === 'Layer')
    .reduce((count, child) => count + countInherited(child, own), own);
};

const refuseBomb = (document: Document, url: string): void => {
  const roots = [...document.getElementsByTagNameNS('*', 'Layer')].filter(
    ({parentElement}) => parentElement?.localName !== 'Layer',
  );
  if (roots.reduce((count, root) => count + countInherited(root), 0) > mostInherited)
    throw new RequestError('The layers of the capabilities have more systems and styles than can be kept', {
      kind: 'format',
      url,
      reason: 'too-large',
    });
};

const flat = (layer: WmsLayer): readonly WmsLayer[] => [layer, ...(layer.Layer ?? []).flatMap(flat)];

/** What the capabilities say; a `RequestError` when they are none. */
export const readWms = async (response: Response, url: string): Promise<WmsService> => {
  const document = await readXml(response, url);
  refuseBomb(document, url);
  const name = document.documentElement.localName;
  const parsed = /^(?:WMS|WMT_MS)_Capabilities$/.test(name)
    ? (new WMSCapabilities().read(document) as Parsed | null)
    : null;
  const {Request: operations, Layer: root} = parsed?.Capability ?? {};
  if (!root)
    throw new RequestError(`The answer is not the capabilities of a WMS, but <${name.slice(0, 60)}>`, {
      kind: 'format',
      url,
    });
  const layers = flat(root);
  return {
    url,
    layer: (wanted) => layers.find(({Name}) => Name === wanted),
    formats: (operation) => operations?.[operation]?.Format ?? [],
    offers: (operation) => operations?.[operation] !== undefined,
  };
};

/** Whether anything of the layer can be asked what is at a place. */
export const isQueryable = (layer: WmsLayer): boolean =>
  layer.queryable === true || (layer.Layer ?? []).some(isQueryable);

/** The systems that all of these layers can be drawn in. Before 1.1.1 a service could name several at once. */
export const systemsOf = (layers: readonly WmsLayer[]): readonly string[] => {
  const [first = [], ...others] = layers.map(({CRS, SRS}) => (CRS ?? SRS ?? []).flatMap((each) => each.split(/\s+/)));
  const known = others.map((other) => new Set(other));
  return first.filter((system) => system !== '' && known.every((other) => other.has(system)));
};
