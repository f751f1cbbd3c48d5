import type {FeatureCollection} from 'geojson';
import {createAtlas, toPng} from '../../../demo/servers/atlas.js';
import type {Atlas} from '../../../demo/servers/atlas.js';
import {collectCities} from '../../../demo/servers/cities.js';
import type {Window} from '../../../demo/servers/frame.js';
import {drawBaseMap, drawBoundaries, drawCountryFills} from '../../../demo/servers/render.js';
import {createWms} from '../../../demo/servers/wms.js';
import {collectCountries} from '../../../demo/servers/world.js';
import {createTiles} from '../../../demo/servers/xyz.js';
import {encodeWorldTile} from './world-vector-tile.js';

/** Half the width of the world in EPSG:3857, in metres. */
export const HALF_WORLD = 20_037_508.342_789_244;
const METRES_PER_DEGREE = HALF_WORLD / 180;

/** `world` is opaque; the others are drawn on nothing. */
export type Drawing = 'world' | 'boundaries' | 'countries';
export type ImageType = 'png' | 'jpeg';

/** What all platforms show: the world. */
export interface WorldContent {
  tile(drawing: Drawing, z: number, x: number, y: number, type?: ImageType): Promise<Uint8Array<ArrayBuffer>>;
  image(drawing: Drawing, window: Window, type?: ImageType): Promise<Uint8Array<ArrayBuffer>>;
  vectorTile(dataset: Dataset, layer: string, z: number, x: number, y: number): Uint8Array<ArrayBuffer>;
  features(dataset: Dataset): FeatureCollection;
  wms(url: URL): Promise<Response>;
}

export type Dataset = 'countries' | 'cities';

/** West, south, east and north in metres of EPSG:3857. */
export const windowOfMetres = (
  [west, south, east, north]: readonly [number, number, number, number],
  width: number,
  height: number,
): Window => ({
  west: west / METRES_PER_DEGREE,
  south: south / METRES_PER_DEGREE,
  east: east / METRES_PER_DEGREE,
  north: north / METRES_PER_DEGREE,
  mercator: true,
  width,
  height,
});

export const windowOfTile = (z: number, x: number, y: number, size = 256): Window => {
  const span = 360 / 2 ** z;
  const [west, north] = [x * span - 180, 180 - y * span];
  return {west, north, east: west + span, south: north - span, mercator: true, width: size, height: size};
};

/** Whether a tile of a pyramid with one tile at zoom 0 exists. */
export const isTile = (z: number, x: number, y: number, deepest = 18): boolean =>
  [z, x, y].every((number) => Number.isInteger(number) && number >= 0) && z <= deepest && x < 2 ** z && y < 2 ** z;

export const createWorldContent = (atlas: Atlas = createAtlas()): WorldContent => {
  const tiles = createTiles(atlas);
  const draw = {world: drawBaseMap, boundaries: drawBoundaries, countries: drawCountryFills};

  const image: WorldContent['image'] = async (drawing, window, type = 'png') => {
    const canvas = draw[drawing](atlas.forWindow(window), window);
    return new Uint8Array(type === 'png' ? await toPng(canvas) : await canvas.encode('jpeg', 85));
  };

  return {
    image,
    async tile(drawing, z, x, y, type = 'png') {
      if (drawing !== 'world' || type !== 'png') return image(drawing, windowOfTile(z, x, y), type);
      const {body} = await tiles(`/${z}/${x}/${y}.png`);
      if (!(body instanceof Uint8Array)) throw new RangeError(`There is no tile ${z}/${x}/${y}.`);
      return new Uint8Array(body);
    },
    vectorTile: (dataset, layer, z, x, y) => encodeWorldTile(atlas, dataset, layer, windowOfTile(z, x, y)),
    features: (dataset) => (dataset === 'cities' ? collectCities() : collectCountries(atlas.coarse())),
    async wms(url) {
      const {status, headers, body} = await createWms(atlas, `${url.origin}${url.pathname}`)(url.searchParams);
      return new Response(typeof body === 'string' ? body : new Uint8Array(body ?? []), {
        status,
        headers: {...headers},
      });
    },
  };
};
