import WMTSCapabilities from 'ol/format/WMTSCapabilities.js';
import {readXml} from '../../request/read-xml.js';
import {RequestError} from '../../request/request-error.js';
import {queryValue, withQuery} from '../service/query.js';

/** What ol reads from a document. Any part may be missing: the document is another's. */
interface Parsed {
  readonly OperationsMetadata?: Readonly<
    Record<string, {readonly DCP?: {readonly HTTP?: {readonly Get?: readonly HttpGet[]}}} | undefined>
  >;
  readonly Contents?: {readonly Layer?: readonly WmtsLayer[]; readonly TileMatrixSet?: readonly MatrixSet[]};
}

interface HttpGet {
  readonly href?: string;
  readonly Constraint?: readonly {
    readonly name?: string;
    readonly AllowedValues?: {readonly Value?: readonly string[]};
  }[];
}

export interface WmtsLayer {
  readonly Identifier?: string;
  readonly Format?: readonly string[];
  readonly Style?: readonly WmtsStyle[];
  readonly TileMatrixSetLink?: readonly MatrixSetLink[];
  readonly WGS84BoundingBox?: readonly number[];
  readonly Dimension?: readonly {
    readonly Identifier?: string;
    readonly Default?: string;
    readonly Value?: readonly string[];
  }[];
  readonly ResourceURL?: readonly {
    readonly format?: string;
    readonly template?: string;
    readonly resourceType?: string;
  }[];
}

export interface WmtsStyle {
  readonly Identifier?: string;
  readonly Title?: string;
  readonly isDefault?: boolean;
  readonly LegendURL?: readonly {readonly format?: string | null; readonly href?: string}[];
}

export interface MatrixSetLink {
  readonly TileMatrixSet?: string;
  readonly TileMatrixSetLimits?: readonly Record<string, unknown>[];
}

export interface MatrixSet {
  readonly Identifier?: string;
  readonly SupportedCRS?: string;
  readonly TileMatrix?: readonly TileMatrix[];
}

export interface TileMatrix {
  readonly Identifier?: string;
  readonly ScaleDenominator?: number;
  readonly TopLeftCorner?: readonly number[];
  readonly TileWidth?: number;
  readonly TileHeight?: number;
  readonly MatrixWidth?: number;
  readonly MatrixHeight?: number;
}

export interface WmtsService {
  /** Where the document is from; what it names is relative to it. */
  readonly url: string;
  readonly layers: readonly WmtsLayer[];
  readonly matrixSets: readonly MatrixSet[];
  /** The address that takes the requests of this name as parameters (KVP), when there is one. */
  readonly kvp: (operation: string) => string | undefined;
  /** Formats of GetFeatureInfo, which ol does not read. */
  readonly infoFormats: (layer: string) => readonly string[];
}

/** The URL of the document, of which the config may name the service only. */
export const capabilitiesUrl = (url: string): string => {
  const isDocument =
    /\.xml$/i.test(new URL(url).pathname) || /^getcapabilities$/i.test(queryValue(url, 'REQUEST') ?? '');
  return isDocument ? url : withQuery(url, {SERVICE: 'WMTS', REQUEST: 'GetCapabilities'});
};

const takesParameters = ({Constraint}: HttpGet): boolean => {
  const encoding = Constraint?.find(({name}) => name === 'GetEncoding');
  return !encoding || (encoding.AllowedValues?.Value ?? []).some((value) => /^kvp$/i.test(value));
};

const childText = (element: Element, name: string): string[] =>
  [...element.children].filter(({localName}) => localName === name).map(({textContent}) => textContent.trim());

const formatsByLayer = (document: Document): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...document.getElementsByTagNameNS('*', 'Layer')].map((layer) => [
      childText(layer, 'Identifier')[0] ?? '',
      childText(layer, 'InfoFormat'),
    ]),
  );

/** What the capabilities say; a `RequestError` when they are none. */
export const readWmts = async (response: Response, url: string): Promise<WmtsService> => {
  const document = await readXml(response, url);
  const parsed = new WMTSCapabilities().read(document) as Parsed | null;
  if (document.documentElement.localName !== 'Capabilities' || !parsed?.Contents)
    throw new RequestError(
      `The answer is not the capabilities of a WMTS, but <${document.documentElement.localName.slice(0, 60)}>`,
      {kind: 'format', url},
    );
  const formats = formatsByLayer(document);
  return {
    url,
    layers: parsed.Contents.Layer ?? [],
    matrixSets: parsed.Contents.TileMatrixSet ?? [],
    kvp: (operation) => parsed.OperationsMetadata?.[operation]?.DCP?.HTTP?.Get?.find(takesParameters)?.href,
    infoFormats: (layer) => formats.get(layer) ?? [],
  };
};
