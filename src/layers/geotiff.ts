import type {TileCoord} from 'ol/tilecoord.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import * as v from 'valibot';
import {SecureMapError} from '../credentials/errors.js';
import {layerFields} from './common-fields.js';
import {byteStretch, chooseBands, type Bands, type Window} from './geotiff/bands.js';
import {openFile, usable, type GeoTiffFile} from './geotiff/open-file.js';
import {rangeOf, toPixels, type Stretch} from './geotiff/stretch.js';
import type {LayerHandle, LayerKind} from './layer-kind.js';
import {absoluteUrl, projectionOf} from './layer-options.js';
import {createLoads} from './loads.js';
import {createTileLayer} from './raster/tile-layer.js';
import {limitZoomOut} from './service/coarsest.js';
import {url} from './url-fields.js';

const needed = 'either "url" or "urls" is required';
const number = v.number('must be a number');
const bandNumbers = 'must be a list of one, three or four numbers of bands, counted from 1';
const band = v.pipe(v.number(bandNumbers), v.integer(bandNumbers), v.minValue(1, bandNumbers));

const looks = {
  /** One is shown as grey, three as red, green and blue, a fourth is how opaque. Counted from 1, through all files. */
  bands: v.optional(
    v.union(
      [v.strictTuple([band]), v.strictTuple([band, band, band]), v.strictTuple([band, band, band, band])],
      bandNumbers,
    ),
  ),
  /** The value that is shown as black. */
  min: v.optional(number),
  /** The value that is shown as white, or as the full colour. */
  max: v.optional(number),
  /** The value that means that there is none; otherwise what the file says. */
  nodata: v.optional(number),
};

const schema = v.variant('type', [
  layerFields('geotiff', {url, ...looks}, needed),
  layerFields(
    'geotiff',
    {urls: v.pipe(v.array(url, 'must be a list of URLs'), v.minLength(1, 'must not be empty')), ...looks},
    needed,
  ),
]);

const invalid = (message: string): SecureMapError => new SecureMapError('invalid-layer', message);

const mostTile = 1024;
/** What is read to find out how dark and how bright a file is. */
const mostSampled = 1024;

/** No larger than the picture: what reprojects draws all of a tile, in pixels of the screen. */
const tileSizeOf = (tile: number, picture: number): number => Math.min(mostTile, picture, Math.max(256, tile));

const refuseDifferent = (files: readonly GeoTiffFile[]): void => {
  const shapeOf = ({levels, extent, crs}: GeoTiffFile): string =>
    `${crs} ${extent.join()} ${levels.map((image) => `${image.getWidth()}x${image.getHeight()}`).join()}`;
  const [first, ...others] = files;
  if (first && others.some((other) => shapeOf(other) !== shapeOf(first)))
    throw invalid('The files of "urls" must be bands of one picture: of the same place, size and levels.');
};

const stretchOf = async (
  {min, max, nodata: own}: {min?: number | undefined; max?: number | undefined; nodata?: number | undefined},
  file: GeoTiffFile,
  bands: Bands,
  signal: AbortSignal,
): Promise<Stretch> => {
  const nodata = own ?? file.nodata;
  const said = bands.areBytes ? byteStretch : undefined;
  const coarsest = file.levels.at(-1);
  let found: {min: number; max: number} | undefined = said;
  if (!found && coarsest && (min === undefined || max === undefined)) {
    const [width, height] = [coarsest.getWidth(), coarsest.getHeight()];
    if (Math.max(width, height) > mostSampled)
      throw invalid('The layer needs "min" and "max": the file has no overview that is small enough to find them out.');
    found = rangeOf(await bands.read(file.levels.length - 1, [0, 0, width, height], signal), nodata);
  }
  const stretch = {min: min ?? found?.min ?? 0, max: max ?? found?.max ?? 1, nodata};
  if (!(stretch.min < stretch.max)) throw invalid(`"min" (${stretch.min}) must be less than "max" (${stretch.max}).`);
  return stretch;
};

/** Pictures and measurements in GeoTIFF files, of which only the parts that are in view are read. */
export const geotiff: LayerKind<typeof schema> = {
  schema,
  async create(config, context): Promise<LayerHandle> {
    const {signal: wanted} = context;
    const urls = ('url' in config ? [config.url] : config.urls).map((each) => absoluteUrl(each, context.baseUrl).href);
    const {file, bands, stretch} = await createLoads(context).during(wanted, async () => {
      const files = await Promise.all(urls.map((each) => openFile(each, context, wanted)));
      refuseDifferent(files);
      const [first] = files;
      if (!first) throw invalid(needed);
      const chosen = chooseBands(files, config.bands);
      return {
        file: first,
        bands: chosen,
        stretch: await usable(first.url, () => stretchOf(config, first, chosen, wanted)),
      };
    });
    const {levels, extent, crs} = file;
    const [west, south, east, north] = extent;
    const coarsestFirst = levels.toReversed();
    const projection = await projectionOf(crs);
    const tileGrid = new TileGrid({
      extent: [...extent],
      origin: [west, north],
      resolutions: coarsestFirst.map((image) => (east - west) / image.getWidth()),
      tileSizes: coarsestFirst.map((image) => [
        tileSizeOf(image.getTileWidth(), image.getWidth()),
        tileSizeOf(image.getTileHeight(), image.getHeight()),
      ]),
    });
    const load = async (tileCoord: TileCoord, signal: AbortSignal): Promise<ImageBitmap> => {
      const level = levels.length - 1 - (tileCoord[0] ?? 0);
      const image = levels[level];
      const [left = 0, bottom = 0, right = 0, top = 0] = tileGrid.getTileCoordExtent(tileCoord);
      const [width = 256, height = 256] = [tileGrid.getTileSize(tileCoord[0] ?? 0)].flat();
      const [columns, rows] = [image?.getWidth() ?? 0, image?.getHeight() ?? 0];
      const x = (at: number): number =>
        Math.min(columns, Math.max(0, Math.round(((at - west) / (east - west)) * columns)));
      const y = (at: number): number =>
        Math.min(rows, Math.max(0, Math.round(((north - at) / (north - south)) * rows)));
      const window: Window = [x(left), y(top), x(right), y(bottom)];
      const [wide, high] = [window[2] - window[0], window[3] - window[1]];
      if (wide < 1 || high < 1) return createImageBitmap(new ImageData(1, 1));
      const values = await usable(file.url, () => bands.read(level, window, signal));
      signal.throwIfAborted();
      const picture = await createImageBitmap(toPixels(values, wide, high, stretch));
      if (wide === width && high === height) return picture;
      // At the edge, and where its pixels are no squares.
      const canvas = new OffscreenCanvas(width, height);
      const resolution = (right - left) / width;
      const [drawnWide, drawnHigh] = [
        (wide / columns) * ((east - west) / resolution),
        (high / rows) * ((north - south) / resolution),
      ];
      canvas.getContext('2d')?.drawImage(picture, 0, 0, drawnWide, drawnHigh);
      picture.close();
      return canvas.transferToImageBitmap();
    };
    const handle = createTileLayer(config, context, {projection, tileGrid, tileUrl: () => file.url, load});
    limitZoomOut(handle, config, context.projection, {projection, tileGrid});
    return {...handle, isPersonal: true};
  },
};
