import {bytes, json, notAllowed} from './front.js';
import {isTile, HALF_WORLD, windowOfMetres} from './world-content.js';
import type {Drawing, WorldContent} from './world-content.js';

const MAPS: ReadonlyMap<string, Drawing> = new Map([
  ['World', 'world'],
  ['Boundaries', 'boundaries'],
]);

const COMPONENT = 'map-world';
const DPI = 96;
const METRES_PER_INCH = 0.0254;
const TILE_SIZE = 256;

/** The denominator's inverse for each zoom of the pyramid with one tile at zoom 0. */
const SCALES = Array.from({length: 19}, (_, zoom) => scaleOf((2 * HALF_WORLD) / TILE_SIZE / 2 ** zoom));

function scaleOf(resolution: number): number {
  return 1 / ((resolution * DPI) / METRES_PER_INCH);
}

const ORIGIN = {x: -HALF_WORLD, y: HALF_WORLD};

/** The map services of an iServer, whoever asks. */
export const createSupermapMaps =
  (content: WorldContent) =>
  async (request: Request, url: URL): Promise<Response> => {
    const [, component, name = '', rest = ''] =
      /^\/iserver\/services\/([\w-]+)\/rest\/maps\/([^/]+?)(\.json|\/.*)?$/u.exec(decodeURI(url.pathname)) ?? [];
    const drawing = component === COMPONENT ? MAPS.get(name) : undefined;
    if (!drawing) return failed(404, 'The resource does not exist.');
    if (request.method !== 'GET' && request.method !== 'POST') return notAllowed('GET, POST');
    const query = url.searchParams;
    switch (rest) {
      case '.json':
        return json(describe(name));
      case '/zxyTileImage.png':
        return zxyTile(content, drawing, query);
      case '/tileImage.png':
        return scaleTile(content, drawing, query);
      case '/image.png':
        return image(content, drawing, query);
      default:
        return failed(404, 'The resource does not exist.');
    }
  };

const describe = (name: string): object => {
  const bounds = {left: -HALF_WORLD, bottom: -HALF_WORLD, right: HALF_WORLD, top: HALF_WORLD};
  const corners = {leftBottom: {x: -HALF_WORLD, y: -HALF_WORLD}, rightTop: {x: HALF_WORLD, y: HALF_WORLD}};
  return {
    name,
    description: 'Natural Earth',
    bounds: {...bounds, ...corners},
    viewBounds: {...bounds, ...corners},
    center: {x: 0, y: 0},
    scale: SCALES[2],
    visibleScales: SCALES,
    visibleScalesEnabled: false,
    dpi: DPI,
    coordUnit: 'METER',
    distanceUnit: 'METER',
    tileSize: TILE_SIZE,
    origin: ORIGIN,
    prjCoordSys: {epsgCode: 3857, coordUnit: 'METER', type: 'PCS_USER_DEFINED', name: 'WGS 1984 Web Mercator'},
  };
};

const zxyTile = async (content: WorldContent, drawing: Drawing, query: URLSearchParams): Promise<Response> => {
  const [z, x, y] = [number(query, 'z'), number(query, 'x'), number(query, 'y')];
  const size = [number(query, 'width', TILE_SIZE), number(query, 'height', TILE_SIZE)];
  const wrong = projectionFault(query);
  if (wrong) return wrong;
  if (!isTile(z, x, y)) return failed(400, `There is no tile ${z}/${x}/${y}.`);
  if (size.some((pixels) => pixels !== TILE_SIZE)) return failed(400, 'width and height must be 256.');
  return bytes(await content.tile(drawing, z, x, y), 'image/png');
};

/** `x` and `y` count tiles from `origin`, to the right and down. */
const scaleTile = async (content: WorldContent, drawing: Drawing, query: URLSearchParams): Promise<Response> => {
  const [x, y, scale] = [number(query, 'x'), number(query, 'y'), number(query, 'scale')];
  const [width, height] = [number(query, 'width', TILE_SIZE), number(query, 'height', TILE_SIZE)];
  const wrong = projectionFault(query);
  if (wrong) return wrong;
  if (![x, y].every(Number.isInteger) || !(scale > 0)) return failed(400, 'x, y and scale must be numbers.');
  if (![width, height].every(isSize)) return failed(400, 'width and height must be pixels from 1 to 4096.');
  const origin = point(query.get('origin')) ?? ORIGIN;
  const resolution = 1 / scale / (DPI / METRES_PER_INCH);
  const [west, north] = [origin.x + x * width * resolution, origin.y - y * height * resolution];
  const window = windowOfMetres([west, north - height * resolution, west + width * resolution, north], width, height);
  return bytes(await content.image(drawing, window), 'image/png');
};

/** Assumed: of the ways to say where, `viewBounds` only. */
const image = async (content: WorldContent, drawing: Drawing, query: URLSearchParams): Promise<Response> => {
  const [width, height] = [number(query, 'width', TILE_SIZE), number(query, 'height', TILE_SIZE)];
  const wrong = projectionFault(query);
  if (wrong) return wrong;
  if (![width, height].every(isSize)) return failed(400, 'width and height must be pixels from 1 to 4096.');
  const bounds = parse(query.get('viewBounds'));
  const {leftBottom, rightTop} = typeof bounds === 'object' && bounds !== null ? (bounds as Partial<Corners>) : {};
  if (!leftBottom || !rightTop) return failed(400, 'viewBounds must be {"leftBottom":{x,y},"rightTop":{x,y}}.');
  const window = windowOfMetres([leftBottom.x, leftBottom.y, rightTop.x, rightTop.y], width, height);
  return bytes(await content.image(drawing, window), 'image/png');
};

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Corners {
  readonly leftBottom: Place;
  readonly rightTop: Place;
}

const number = (query: URLSearchParams, name: string, otherwise = NaN): number => {
  const value = query.get(name);
  return value === null || value === '' ? otherwise : Number(value);
};

const isSize = (pixels: number): boolean => Number.isInteger(pixels) && pixels >= 1 && pixels <= 4096;

const parse = (value: string | null): unknown => {
  try {
    return JSON.parse(value ?? 'null');
  } catch {
    return undefined;
  }
};

const point = (value: string | null): Place | undefined => {
  const given = parse(value);
  if (typeof given !== 'object' || given === null || !('x' in given) || !('y' in given)) return undefined;
  return {x: Number(given.x), y: Number(given.y)};
};

/** The maps are in EPSG:3857, and are not projected anew. */
const projectionFault = (query: URLSearchParams): Response | undefined => {
  const asked = query.get('prjCoordSys');
  if (asked === null) return undefined;
  const given = parse(asked);
  const code = typeof given === 'object' && given !== null && 'epsgCode' in given ? given.epsgCode : undefined;
  return code === 3857 ? undefined : failed(400, 'prjCoordSys must be {"epsgCode":3857}.');
};

/** How iServer says that something went wrong. */
export const failed = (code: number, errorMsg: string): Response =>
  json({succeed: false, error: {code, errorMsg}}, code);
