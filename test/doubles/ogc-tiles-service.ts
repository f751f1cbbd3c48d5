import {imageAnswer} from './images.js';
import {tileAnswer} from './vector-tiles.js';

const rel = 'http://www.opengis.net/def/rel/ogc/1.0/';
const json = 'application/json';

/** The documents of an OGC API – Tiles at `https://maps.example/ogc`, by their paths. */
export const ogcTilesDocuments = (): Record<string, Record<string, unknown>> => {
  const tileset = (dataType: string, set: string, type: string, crs: string): Record<string, unknown> => ({
    dataType,
    crs,
    tileMatrixSetId: set,
    tileMatrixSetURI: `http://www.opengis.net/def/tilematrixset/OGC/1.0/${set}`,
    links: [
      {rel: 'self', type: json, href: `https://maps.example/ogc/${dataType}/tiles/${set}?f=json`},
      {rel: 'item', type, href: `/ogc/${dataType}/tiles/${set}/{tileMatrix}/{tileRow}/{tileCol}?f=x`, templated: true},
    ],
  });
  const list = (...tilesets: Record<string, unknown>[]): Record<string, unknown> => ({
    // In the list there are no addresses of tiles yet.
    tilesets: tilesets.map((each) => ({...each, links: (each['links'] as {rel: string}[]).slice(0, 1)})),
  });
  const mvt = 'application/vnd.mapbox-vector-tile';
  const vector = tileset('vector', 'WebMercatorQuad', mvt, 'http://www.opengis.net/def/crs/EPSG/0/3857');
  const vectorWorld = tileset('vector', 'WorldCRS84Quad', mvt, 'http://www.opengis.net/def/crs/OGC/1.3/CRS84');
  const map = tileset('map', 'WebMercatorQuad', 'image/png', 'http://www.opengis.net/def/crs/EPSG/0/3857');
  const both = [
    {rel: `${rel}tilesets-vector`, type: json, href: 'vector/tiles'},
    {rel: `${rel}tilesets-map`, type: json, href: 'https://maps.example/ogc/map/tiles'},
  ];
  return {
    '/ogc/': {title: 'T', links: [...both, {rel: `${rel}data`, type: json, href: './collections'}]},
    '/ogc/collections': {
      collections: [
        {
          id: 'roads',
          attribution: 'City',
          links: both.map((each) => ({...each, href: `/ogc/${each.href.includes('map') ? 'map' : 'vector'}/tiles`})),
        },
        {id: 'pipes', links: [{rel: 'self', type: json, href: '/ogc/collections/pipes'}]},
      ],
    },
    '/ogc/collections/pipes': {id: 'pipes', links: [{rel: 'tilesets-map', href: '../map/tiles'}]},
    '/ogc/vector/tiles': list(vectorWorld, vector),
    '/ogc/map/tiles': list(map),
    '/ogc/vector/tiles/WebMercatorQuad': vector,
    '/ogc/vector/tiles/WorldCRS84Quad': vectorWorld,
    '/ogc/map/tiles/WebMercatorQuad': map,
    '/ogc/styles/night/map/tiles': list(map),
  };
};

/** Answers as that service does. */
export const ogcTilesAnswer =
  (documents: Record<string, unknown> = ogcTilesDocuments()) =>
  async (url: string): Promise<Response> => {
    const {pathname} = new URL(url);
    const document = documents[pathname];
    if (document) return Response.json(document);
    return pathname.includes('/map/') ? imageAnswer('red') : tileAnswer();
  };
