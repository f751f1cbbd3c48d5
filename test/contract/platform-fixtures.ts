import type {PlatformName} from '../../src/platforms/registry.js';
import {imageAnswer} from '../doubles/images.js';
import {tileAnswer} from '../doubles/vector-tiles.js';

/** Where the platforms of the fixtures are. */
export const SERVER = 'https://maps.example';

/** What the contract suite must know of a platform: how a tag names a map on it, and what its server answers. */
export interface PlatformFixture {
  /** The properties of the tag, beside `platform` and `server`. */
  readonly tag: {readonly mapName: string; readonly platformOptions?: object};
  /** What it says without a `server`, where that is not simply required. */
  readonly withoutServer?: string;
  /** The token on a request, where the platform wants it; `null` when there is none. */
  readonly tokenOf: (request: Request) => string | null;
  /** What the server answers to each of its requests when all is well. */
  readonly answer: (url: URL) => Promise<Response> | Response;
}

const bearer = ({headers}: Request): string | null => headers.get('authorization')?.replace(/^Bearer /, '') ?? null;

const missing = (): Response => new Response('', {status: 404});
const picture = (): Promise<Response> => imageAnswer('red');
const halfWorld = 20_037_508.342789244;

const iserver = (url: URL): Promise<Response> | Response => {
  const map = '/iserver/services/map-world/rest/maps/World';
  if (url.pathname === `${map}.json`)
    return Response.json({
      name: 'World',
      prjCoordSys: {epsgCode: 3857},
      bounds: {left: -halfWorld, bottom: -halfWorld, right: halfWorld, top: halfWorld},
    });
  return url.pathname === `${map}/zxyTileImage.png` ? picture() : missing();
};

const world = {
  type: 'Polygon',
  coordinates: [
    [
      [-179, -80],
      [179, -80],
      [179, 80],
      [-179, 80],
      [-179, -80],
    ],
  ],
};

/** One for each registered platform, and more for those with more ways; the type sees to it that none is missing. */
export const platformFixtures: Readonly<Record<PlatformName, readonly PlatformFixture[]>> = {
  onemap: [
    {
      tag: {mapName: 'sewers'},
      tokenOf: bearer,
      answer: ({pathname}) => {
        if (pathname === '/api/v1/maps/sewers')
          return Response.json({
            title: 'Sewers',
            projection: 'EPSG:3857',
            layers: [{id: 'map', type: 'xyz', url: '/tiles/{z}/{x}/{y}.png', queryable: false}],
          });
        return pathname.startsWith('/tiles/') ? picture() : missing();
      },
    },
  ],
  planviewer: [
    {
      tag: {mapName: '138230fe', platformOptions: {view: 'openlayers'}},
      withoutServer: 'invalid-attribute: server: must be a proxy of the site with the view "openlayers"',
      tokenOf: bearer,
      answer: ({pathname}) => {
        if (pathname === '/maps_api/v2/server/viewers/138230fe/layers')
          return Response.json({
            error: false,
            layers: [{id: 1, name: 'Pipes', type: 'wms', url: `${SERVER}/wms`, layers: 'pipes', sort_order: 0}],
          });
        return pathname === '/wms' ? picture() : missing();
      },
    },
  ],
  spectrum: [
    {
      tag: {mapName: '/Samples/NamedTiles/WorldTile'},
      tokenOf: bearer,
      answer: ({pathname}) => {
        const map = '/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile';
        if (pathname === `${map}/description.json`)
          return Response.json({
            Response: {coordSys: 'epsg:3857', minimumLevel: 1, maximumLevel: 19, tileWidth: 256, tileHeight: 256},
          });
        return pathname.startsWith(map) && /\/[1-9]\d*\/[1-9]\d*:[1-9]\d*\/tile\.png$/.test(pathname)
          ? picture()
          : missing();
      },
    },
    {
      tag: {mapName: '/Samples/NamedMaps/WorldMap', platformOptions: {service: 'mapping'}},
      tokenOf: bearer,
      answer: ({pathname}) =>
        pathname.startsWith('/rest/Spatial/MappingService/maps/Samples/NamedMaps/WorldMap/image.png;w=512;h=512;b=')
          ? picture()
          : missing(),
    },
  ],
  'supermap-imanager': [
    {tag: {mapName: '/iserver/services/map-world/rest/maps/World'}, tokenOf: bearer, answer: iserver},
  ],
  'supermap-iserver': [
    {
      tag: {mapName: '/iserver/services/map-world/rest/maps/World'},
      tokenOf: ({headers}) => headers.get('token'),
      answer: iserver,
    },
    {
      tag: {mapName: 'iserver/services/map-world/rest/maps/World', platformOptions: {transport: 'query'}},
      tokenOf: ({url}) => new URL(url).searchParams.get('token'),
      answer: iserver,
    },
  ],
  'spatial-studio': [
    {
      tag: {mapName: 'DATASET/GEOM'},
      tokenOf: bearer,
      answer: ({pathname}) =>
        pathname.startsWith('/spatialstudio/oauth/v1/vt/DATASET/GEOM/') ? tileAnswer() : missing(),
    },
    {
      tag: {mapName: 'DATASET/GEOM', platformOptions: {kind: 'jsonstream'}},
      tokenOf: bearer,
      answer: ({pathname, search}) =>
        pathname === '/spatialstudio/oauth/v1/jsonstream/DATASET' && search === '?geo=GEOM'
          ? Response.json({
              type: 'FeatureCollection',
              features: [{type: 'Feature', properties: {}, geometry: world}],
            })
          : missing(),
    },
    {
      tag: {mapName: 'COLUMN', platformOptions: {kind: 'rt'}},
      tokenOf: bearer,
      answer: ({pathname}) => (pathname.startsWith('/spatialstudio/oauth/v1/rt/COLUMN/') ? picture() : missing()),
    },
  ],
};
