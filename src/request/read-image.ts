import {isCutShort} from './cut-short.js';
import {imageFailure, refuseBomb} from './image-limit.js';
import {imageSize} from './image-size.js';
import {decodeText, readBlob, readBody, readUnseen} from './read-body.js';

const sniffed = 1024;

const refuseLate = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new DOMException('The image is not wanted any more', 'AbortError');
};

/** Not by a `Blob`, which takes the bytes to another process and back. */
const join = (chunks: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> => {
  const [first] = chunks;
  if (first && chunks.length === 1) return first;
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
};

const decode = async (chunks: Uint8Array<ArrayBuffer>[], type: string, url: string): Promise<ImageBitmap> => {
  const bytes = join(chunks);
  if (bytes.byteLength === 0) throw imageFailure('The answer is empty', url);
  const size = imageSize(bytes);
  // By content, not by its label: services send their reports as image/png, and images as text/plain.
  const start = size ? '' : new TextDecoder().decode(bytes.subarray(0, sniffed)).trimStart();
  if (start.startsWith('<') || start.startsWith('{') || start.startsWith('[')) {
    const {imageFromText} = await import('./image-from-text.js');
    return imageFromText((await decodeText(chunks)).trimStart(), url);
  }
  refuseBomb(size, url);
  // Firefox and WebKit draw what there is of it, and take it for the whole.
  if (isCutShort(bytes)) throw imageFailure('The image is cut short', url);
  try {
    return await createImageBitmap(new Blob([bytes], {type}));
  } catch (cause) {
    throw imageFailure('The image is damaged or of a kind that this browser does not show', url, {cause});
  }
};

/**
 * Decoded as an `<img>` would: unseen, which spares a third of the work for a tile. Only what cannot be decoded is
 * looked at.
 */
const decodeUnseen = async (blob: Blob, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  try {
    return await createImageBitmap(blob);
  } catch {
    const bytes = await readBlob(blob, url);
    refuseLate(signal);
    return decode([bytes], blob.type, url);
  }
};

const read = async (response: Response, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  const unseen = await readUnseen(response, url);
  const chunks = unseen ? [] : await readBody(response, url);
  refuseLate(signal);
  return unseen ? decodeUnseen(unseen, url, signal) : decode(chunks, response.headers.get('content-type') ?? '', url);
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
