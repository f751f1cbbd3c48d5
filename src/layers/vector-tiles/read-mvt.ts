import MVT from 'ol/format/MVT.js';
import type {FeatureLike} from 'ol/Feature.js';
import {RequestError} from '../../request/request-error.js';
import {exceptionText, isHtml} from '../../request/service-exception.js';
import {mvtProblem} from './check-mvt.js';
import type {TilePlace} from './fetched-vector-tile.js';

const unusable = (message: string, url: string, cause?: unknown): RequestError =>
  new RequestError(message, {kind: 'format', url, cause});

const begins = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** Says what came instead of a vector tile, where that can be told by how it begins. */
const stranger = (bytes: Uint8Array, url: string): RequestError | undefined => {
  if (begins(bytes, 0x1f, 0x8b))
    return unusable('The tile is compressed (gzip), and the server does not say so in Content-Encoding', url);
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47) || begins(bytes, 0xff, 0xd8, 0xff) || begins(bytes, 0x52, 0x49, 0x46, 0x46))
    return unusable('The answer is an image where a vector tile was asked for', url);
  const text = new TextDecoder().decode(bytes.subarray(0, 16_384)).trimStart();
  if (!/^[<{[]/.test(text)) return undefined;
  const said = exceptionText(text);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url});
  if (isHtml(text)) return unusable('The answer is a web page (HTML) where a vector tile was asked for', url);
  const what = text.startsWith('<') ? 'XML' : 'JSON';
  return unusable(`The answer is ${what} where a vector tile was asked for`, url);
};

/** A reader of Mapbox Vector Tiles. `layers` are those of their layers to read; all of them when it is left out. */
export const mvtReader = (layers?: readonly string[]) => {
  const format = new MVT(layers ? {layers: [...layers]} : {});
  return (bytes: Uint8Array<ArrayBuffer>, {extent, projection}: TilePlace, url: string): FeatureLike[] => {
    const problem = mvtProblem(bytes);
    if (problem) throw stranger(bytes, url) ?? unusable(`The vector tile cannot be read: ${problem}`, url);
    try {
      // ol declares a buffer only; its parser takes a view of one as well.
      return format.readFeatures(bytes as unknown as ArrayBuffer, {extent, featureProjection: projection});
    } catch (cause) {
      throw unusable('The vector tile is damaged', url, cause);
    }
  };
};

export type MvtReader = ReturnType<typeof mvtReader>;
