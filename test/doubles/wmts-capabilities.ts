/** One world in four levels, in the tiles of the web. */
export const webMatrices = (first = 0): string =>
  [0, 1, 2, 3]
    .slice(first)
    .map(
      (z) =>
        `<TileMatrix><ows:Identifier>web:${z}</ows:Identifier><ScaleDenominator>${559082264.0287178 / 2 ** z}</ScaleDenominator>
         <TopLeftCorner>-20037508.342789244 20037508.342789244</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
         <MatrixWidth>${2 ** z}</MatrixWidth><MatrixHeight>${2 ** z}</MatrixHeight></TileMatrix>`,
    )
    .join('');

/** The world in two tiles of half a world each; corners are latitude first, unless told otherwise. */
export const degreeMatrices = (corner = '90 -180'): string =>
  [0, 1, 2]
    .map(
      (z) =>
        `<TileMatrix><ows:Identifier>${z}</ows:Identifier><ScaleDenominator>${279541132.0143589 / 2 ** z}</ScaleDenominator>
         <TopLeftCorner>${corner}</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
         <MatrixWidth>${2 ** (z + 1)}</MatrixWidth><MatrixHeight>${2 ** z}</MatrixHeight></TileMatrix>`,
    )
    .join('');

export interface WmtsParts {
  /** Inside of OperationsMetadata. */
  readonly operations?: string;
  /** Inside of the layer `roads`, after its identifier. */
  readonly layer?: string;
  /** Beside the layer `roads`. */
  readonly more?: string;
  readonly matrixSets?: string;
}

export const operation = (name: string, href: string, encoding = 'KVP'): string =>
  `<ows:Operation name="${name}"><ows:DCP><ows:HTTP><ows:Get xlink:href="${href}"><ows:Constraint name="GetEncoding">
   <ows:AllowedValues><ows:Value>${encoding}</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get></ows:HTTP></ows:DCP></ows:Operation>`;

export const matrixSet = (id: string, crs: string, matrices: string): string =>
  `<TileMatrixSet><ows:Identifier>${id}</ows:Identifier><ows:SupportedCRS>${crs}</ows:SupportedCRS>${matrices}</TileMatrixSet>`;

export const link = (id: string): string =>
  `<TileMatrixSetLink><TileMatrixSet>${id}</TileMatrixSet></TileMatrixSetLink>`;

const defaultLayer = `<Style isDefault="true"><ows:Identifier>day</ows:Identifier></Style><Format>image/png</Format>${link('web')}`;

/** Capabilities of a WMTS with the layer `roads`. */
export const wmtsCapabilities = ({
  operations = operation('GetTile', 'https://maps.example/wmts?'),
  layer = defaultLayer,
  more = '',
  matrixSets = matrixSet('web', 'urn:ogc:def:crs:EPSG::3857', webMatrices()),
}: WmtsParts = {}): Response =>
  new Response(
    `<?xml version="1.0"?><Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
      xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><ows:OperationsMetadata>${operations}</ows:OperationsMetadata>
      <Contents><Layer><ows:Identifier>roads</ows:Identifier>${layer}</Layer>${more}${matrixSets}</Contents></Capabilities>`,
    {headers: {'content-type': 'text/xml'}},
  );
