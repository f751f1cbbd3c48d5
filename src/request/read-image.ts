import {refuseBomb} from './image-limit.js';
import {readBlob, readBody, readUnseen} from './read-body.js';
import {RequestError} from './request-error.js';

const refuseLate = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new DOMException('The image is not wanted any more', 'AbortError');
};

/** Read where it has to be: while that is on its way, what looks at it is loaded. */
const decode = async (
  reading: Promise<Uint8Array<ArrayBuffer>[]>,
  type: string,
  url: string,
  signal?: AbortSignal,
): Promise<ImageBitmap> => {
  const loading = import('./decode-bytes.js').catch((cause: unknown) => {
    const reason = 'module';
    throw new RequestError('A part of secure-map.js could not be loaded', {kind: 'network', url, reason, cause});
  });
  const [chunks, {decodeBytes}] = await Promise.all([reading, loading]);
  refuseLate(signal);
  return decodeBytes(chunks, type, url);
};

/**
 * Decoded as an `<img>` would: unseen, which spares a third of the work for a tile. Only what cannot be decoded is
 * looked at.
 */
const decodeUnseen = async (blob: Blob, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  refuseLate(signal);
  try {
    return await createImageBitmap(blob);
  } catch {
    return decode(
      readBlob(blob, url).then((bytes) => [bytes]),
      blob.type,
      url,
      signal,
    );
  }
};

const read = async (response: Response, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  const unseen = await readUnseen(response, url);
  if (unseen) return decodeUnseen(unseen, url, signal);
  return decode(readBody(response, url), response.headers.get('content-type') ?? '', url, signal);
};

/**
 * The image of an answer. Rejects with a `RequestError` (`ogc` with the service's own words, or `format`), and with an
 * `AbortError` when `signal` fires; a bitmap that is finished too late is closed.
 */
export const readImage = async (response: Response, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  let bitmap: ImageBitmap | undefined;
  try {
    bitmap = await read(response, url, signal);
    refuseLate(signal);
    refuseBomb(bitmap, url);
    return bitmap;
  } catch (error) {
    bitmap?.close();
    throw error;
  }
};
