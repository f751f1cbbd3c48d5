import {GeoTIFF, type GeoTIFFImage} from 'geotiff';
import {isAbort, SecureMapError} from '../../credentials/errors.js';
import {explainBytes} from '../../request/explain-bytes.js';
import {readRange} from '../../request/read-range.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import {PartsSource} from './parts-source.js';

/** A GeoTIFF: the picture in several sizes, the largest first. */
export interface GeoTiffFile {
  readonly url: string;
  readonly levels: readonly GeoTIFFImage[];
  /** West, south, east, north in its projection. */
  readonly extent: readonly [number, number, number, number];
  readonly crs: string;
  readonly nodata: number | null;
}

const mostLevels = 40;
const reduced = 1;
const mask = 4;

const refuse = (message: string, url: string, cause?: unknown): RequestError =>
  new RequestError(message, {kind: 'format', url, cause});

/** What the library says of a file that it cannot use, as an error of the request. */
export const usable = async <T>(url: string, task: () => Promise<T>): Promise<T> => {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof SecureMapError || isAbort(cause)) throw cause;
    throw refuse('The GeoTIFF cannot be read: it is damaged, cut short, or of a kind that is not known', url, cause);
  }
};

const crsOf = (image: GeoTIFFImage, url: string): string => {
  const keys = image.getGeoKeys();
  const code: unknown = keys?.ProjectedCSTypeGeoKey ?? keys?.GeographicTypeGeoKey;
  if (typeof code === 'number' && code > 0 && code < 32_767) return `EPSG:${code}`;
  throw refuse(
    keys
      ? 'The GeoTIFF has a projection of its own, without a code; save it in one that has a code'
      : 'The TIFF does not say where on the earth it is: it is not a GeoTIFF',
    url,
  );
};

const kindOf = (image: GeoTIFFImage): number => Number(image.getFileDirectory().getValue('NewSubfileType') ?? 0);

const allLevels = async (tiff: GeoTIFF): Promise<GeoTIFFImage[]> => {
  const count = Math.min(mostLevels, await tiff.getImageCount());
  const images = await Promise.all(Array.from({length: count}, (_, index) => tiff.getImage(index)));
  return images
    .filter((image, index) => index === 0 || ((kindOf(image) & reduced) !== 0 && (kindOf(image) & mask) === 0))
    .toSorted((a, b) => b.getWidth() - a.getWidth());
};

/** Reads where the parts of a file are. */
export const openFile = async (
  url: string,
  {request, inTurn}: Pick<LayerContext, 'request' | 'inTurn'>,
  signal: AbortSignal,
): Promise<GeoTiffFile> => {
  let isFirst = true;
  const source = new PartsSource(url, async (from, part, own) => {
    if (!isFirst) return inTurn(from, own, () => readRange(request, from, part, own));
    isFirst = false;
    const first = await readRange(request, from, part, own);
    const order = new TextDecoder().decode(first.bytes.subarray(0, 2));
    if (order !== 'II' && order !== 'MM')
      throw explainBytes(first.bytes, 'a GeoTIFF', url) ?? refuse('The file is not a GeoTIFF', url);
    return first;
  });
  return usable(url, async () => {
    const tiff = await GeoTIFF.fromSource(source, undefined, signal);
    const levels = await allLevels(tiff);
    const [full] = levels;
    if (!full) throw refuse('The GeoTIFF has no picture in it', url);
    const crs = crsOf(full, url);
    const [west = 0, south = 0, east = 0, north = 0] = full.getBoundingBox();
    if (!(west < east && south < north)) throw refuse('The GeoTIFF does not say where on the earth it is', url);
    source.isOpening = false;
    return {url, levels, crs, extent: [west, south, east, north], nodata: full.getGDALNoData()};
  });
};
