import {bytes, json} from './front.js';
import {isTile, HALF_WORLD, windowOfMetres} from './world-content.js';
import type {Dataset, Drawing, WorldContent} from './world-content.js';

const ROOT = '/rest/Spatial';

/** Named tiles and named maps, by their place in the repository. */
const TILES: ReadonlyMap<string, Drawing> = new Map([
  ['/Samples/NamedTiles/WorldTile', 'world'],
  ['/Samples/NamedTiles/CountriesTile', 'countries'],
]);
const MAPS: ReadonlyMap<string, Drawing> = new Map([
  ['/Samples/NamedMaps/WorldMap', 'world'],
  ['/Samples/NamedMaps/BoundariesMap', 'boundaries'],
]);
/** A map without a view of its own. */
const MAP_WITHOUT_VIEW = '/Samples/NamedMaps/BoundariesMap';
const TABLES: ReadonlyMap<string, Dataset> = new Map([
  ['/Samples/NamedTables/WorldcapTable', 'cities'],
  ['/Samples/NamedTables/WorldTable', 'countries'],
]);

const MIN_LEVEL = 1;
const MAX_LEVEL = 19;
const BOUNDS = {minX: -HALF_WORLD, minY: -HALF_WORLD, maxX: HALF_WORLD, maxY: HALF_WORLD};

/** The spatial services, whoever asks. */
export const createSpectrumMaps =
  (content: WorldContent) =>
  async (url: URL): Promise<Response> => {
    const path = decodeURI(url.pathname);
    const [, service, rest = ''] = /^\/rest\/Spatial\/(\w+)(\/.*)?$/u.exec(path) ?? [];
    if (service === 'MapTilingService') return tiling(content, rest);
    if (service === 'MappingService') return mapping(content, rest);
    if (service === 'FeatureService') return features(content, rest, url.searchParams);
    return problem(404, `There is no service ${service} under ${ROOT}.`);
  };

const tiling = async (content: WorldContent, rest: string): Promise<Response> => {
  if (rest === '/mapList.json') return json({Response: [...TILES.keys()]});
  const described = /^(\/.+)\/description\.json$/u.exec(rest)?.[1];
  if (described !== undefined) {
    return TILES.has(described)
      ? json({Response: describe(described)})
      : problem(404, `${described} is not a named tile.`);
  }
  const [, name = '', level = '', x = '', y = '', type = ''] =
    /^(\/.+)\/(-?\d+)\/(-?\d+):(-?\d+)\/tile\.(\w+)$/u.exec(rest) ?? [];
  const drawing = TILES.get(name);
  if (!drawing) return problem(404, `${name || rest} is not a named tile.`);
  return tile(content, drawing, Number(level), Number(x), Number(y), type);
};

/** Rows and columns begin at 1. Assumed: row 1 is the northernmost. */
const tile = async (
  content: WorldContent,
  drawing: Drawing,
  level: number,
  x: number,
  y: number,
  type: string,
): Promise<Response> => {
  if (level < MIN_LEVEL || level > MAX_LEVEL) {
    return problem(400, `The level ${level} is not between ${MIN_LEVEL} and ${MAX_LEVEL}.`);
  }
  if (x < 1 || y < 1) return problem(400, `The tile ${x}:${y} is less than 1:1.`);
  const zoom = level - 1;
  if (!isTile(zoom, x - 1, y - 1)) return problem(400, `The tile ${x}:${y} is greater than what level ${level} has.`);
  if (type === 'png') return bytes(await content.tile(drawing, zoom, x - 1, y - 1), 'image/png');
  if (type === 'jpg' || type === 'jpeg') {
    return bytes(await content.tile(drawing, zoom, x - 1, y - 1, 'jpeg'), 'image/jpeg');
  }
  // Assumed: the layer's name.
  const vector = (): Uint8Array<ArrayBuffer> => content.vectorTile('countries', 'World', zoom, x - 1, y - 1);
  if (type === 'mvt') return bytes(vector(), 'application/vnd.mapbox-vector-tile');
  return problem(400, `The image type ${type} is not one of png, jpg, jpeg and mvt.`);
};

const describe = (mapName: string): object => ({
  mapName,
  description: 'The world',
  namedMapLocation: mapName.replace('NamedTiles', 'NamedMaps').replace('Tile', 'Map'),
  coordSys: 'epsg:3857',
  minimumLevel: MIN_LEVEL,
  maximumLevel: MAX_LEVEL,
  tileWidth: 256,
  tileHeight: 256,
  bounds: BOUNDS,
  outputTypes: ['image/png', 'image/jpeg', 'application/vnd.mapbox-vector-tile'],
  mapExpirationDate: null,
  renderLabels: true,
  mapPadFactor: 1,
  backgroundOpacity: 1,
});

const mapping = async (content: WorldContent, rest: string): Promise<Response> => {
  if (rest === '/maps.json') return json({Maps: [...MAPS.keys()]});
  const described = /^\/maps(\/.+?)\.json$/u.exec(rest)?.[1];
  if (described !== undefined) {
    if (!MAPS.has(described)) return problem(404, `${described} is not a named map.`);
    // Assumed: a describing object with no more than this.
    return json({name: described, coordSys: 'epsg:3857', bounds: BOUNDS, layers: [{name: MAPS.get(described)}]});
  }
  const [, name = '', type = '', parameters = ''] = /^\/maps(\/.+?)\/image\.(\w+)((?:;[^/]*)?)$/u.exec(rest) ?? [];
  const drawing = MAPS.get(name);
  if (!drawing) return problem(404, `${name || rest} is not a named map.`);
  if (type !== 'png' && type !== 'jpg' && type !== 'jpeg')
    return problem(400, `The image type ${type} is not offered.`);

  const matrix = new URLSearchParams(parameters.slice(1).replaceAll(';', '&'));
  const [width, height] = ['w', 'h'].map((key) => Number(matrix.get(key)));
  if (!isSize(width) || !isSize(height)) return problem(400, 'w and h must be pixels from 1 to 4096.');
  const view = matrix.get('b');
  if (view === null && name === MAP_WITHOUT_VIEW) return problem(404, `${name} has no view, and none is given.`);
  const [corners, crs] = splitView(view ?? '-2e7,-2e7,2e7,2e7,epsg:3857');
  const [west, south, east, north] = corners;
  if (!/^epsg:(?:3857|900913|41001)$/iu.test(crs)) return problem(400, `The coordinate system ${crs} is not known.`);
  if (!corners.every(Number.isFinite) || west >= east || south >= north) {
    return problem(400, 'b must be x1,y1,x2,y2 and a coordinate system.');
  }
  const isPng = type === 'png';
  const window = windowOfMetres(corners, width, height);
  return bytes(await content.image(drawing, window, isPng ? 'png' : 'jpeg'), isPng ? 'image/png' : 'image/jpeg');
};

/** `x1,y1,x2,y2` and a coordinate system. What is missing is no number. */
const splitView = (view: string): [corners: [number, number, number, number], crs: string] => {
  const [west, south, east, north, crs = ''] = view.split(',');
  return [[Number(west), Number(south), Number(east), Number(north)], crs];
};

const isSize = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= 4096;

const features = (content: WorldContent, rest: string, query: URLSearchParams): Response => {
  if (rest === '/tables.json') return json({Tables: [...TABLES.keys()]});
  if (rest !== '/tables/features.json') return problem(404, `There is nothing at ${rest}.`);
  const sql = query.get('q') ?? '';
  // Assumed: of the SQL, what a map needs: all columns of one table.
  const name = /^\s*SELECT\s+\*\s+FROM\s+"([^"]+)"\s*$/iu.exec(sql)?.[1];
  if (name === undefined) return problem(400, 'q must be SELECT * FROM "a table".');
  const dataset = TABLES.get(name);
  return dataset ? json(content.features(dataset)) : problem(404, `${name} is not a named table.`);
};

/** "A JSON error will be returned". Assumed: its fields and its status. */
const problem = (status: number, message: string): Response =>
  json({Errors: [{ErrorCode: status, Message: message}]}, status);
