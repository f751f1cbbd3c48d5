/** Services of features in miniature: what each says of itself, and the one feature that it has. */

const point = {type: 'Feature', id: 'a.1', properties: {name: 'A'}, geometry: {type: 'Point', coordinates: [5, 52]}};

export const pointCollection = {type: 'FeatureCollection', features: [point]};

const xml = (text: string): Response => new Response(text, {headers: {'content-type': 'application/xml'}});

export interface WfsOptions {
  readonly version?: string;
  readonly formats?: readonly string[];
  readonly hasPages?: boolean;
}

export const wfsCapabilities = ({
  version = '2.0.0',
  formats = ['application/json'],
  hasPages,
}: WfsOptions = {}): string =>
  `<?xml version="1.0"?>
<wfs:WFS_Capabilities version="${version}" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1">
  <ows:OperationsMetadata>
    <ows:Operation name="GetFeature">
      <ows:Parameter name="outputFormat"><ows:AllowedValues>${formats
        .map((format) => `<ows:Value>${format}</ows:Value>`)
        .join('')}</ows:AllowedValues></ows:Parameter>
    </ows:Operation>
    ${hasPages ? '<ows:Constraint name="ImplementsResultPaging"><ows:NoValues/><ows:DefaultValue>TRUE</ows:DefaultValue></ows:Constraint>' : ''}
  </ows:OperationsMetadata>
  <wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>city:trees</wfs:Name></wfs:FeatureType></wfs:FeatureTypeList>
</wfs:WFS_Capabilities>`;

/** A position as WFS 2.0 and 1.1 write it under `srsName`. */
export const gml32 = (srsName: string, position: string, next = ''): string =>
  `<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:city="https://city.example/" numberReturned="1" ${next}>
  <wfs:member><city:trees gml:id="trees.1"><city:name>Oak</city:name>
    <city:shape><gml:Point srsName="${srsName}" srsDimension="2"><gml:pos>${position}</gml:pos></gml:Point></city:shape>
  </city:trees></wfs:member>
</wfs:FeatureCollection>`;

export const gml31 = (srsName: string, position: string): string =>
  `<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:city="https://city.example/">
  <gml:featureMember><city:trees gml:id="trees.1"><city:name>Oak</city:name>
    <city:shape><gml:Point srsName="${srsName}"><gml:pos>${position}</gml:pos></gml:Point></city:shape>
  </city:trees></gml:featureMember>
</wfs:FeatureCollection>`;

export const gml2 = (srsName: string, coordinates: string): string =>
  `<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:city="https://city.example/">
  <gml:featureMember><city:trees fid="trees.1"><city:name>Oak</city:name>
    <city:shape><gml:Point srsName="${srsName}"><gml:coordinates>${coordinates}</gml:coordinates></gml:Point></city:shape>
  </city:trees></gml:featureMember>
</wfs:FeatureCollection>`;

export const wfsAnswer = async (url: string, options?: WfsOptions): Promise<Response> =>
  url.includes('REQUEST=GetCapabilities') ? xml(wfsCapabilities(options)) : Response.json(pointCollection);

const link = (rel: string, href: string, type = 'application/json') => ({rel, href, type});

export const ogcFeaturesAnswer = async (url: string): Promise<Response> => {
  const {pathname} = new URL(url);
  const trees = {id: 'trees', links: [link('items', '/api/collections/trees/items', 'application/geo+json')]};
  if (pathname.endsWith('/items')) return Response.json(pointCollection);
  if (pathname.endsWith('/collections')) return Response.json({collections: [trees, {id: 'roads', links: []}]});
  return Response.json({title: 'API', links: [link('data', '/api/collections')]});
};

export const featureServerAnswer = async (url: string): Promise<Response> => {
  const {pathname} = new URL(url);
  if (pathname.endsWith('/query')) return Response.json(pointCollection);
  if (pathname.endsWith('/FeatureServer'))
    return Response.json({currentVersion: 11, layers: [{id: 0, name: 'Trees', subLayerIds: null}]});
  return Response.json({
    id: 0,
    name: 'Trees',
    supportedQueryFormats: 'JSON, geoJSON, PBF',
    advancedQueryCapabilities: {supportsPagination: true},
  });
};

export const kmlAnswer = async (): Promise<Response> =>
  xml(`<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>
    <Point><coordinates>5,52</coordinates></Point></Placemark></Document></kml>`);

export const gpxAnswer = async (): Promise<Response> =>
  xml(`<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><wpt lat="52" lon="5"><name>A</name></wpt></gpx>`);
