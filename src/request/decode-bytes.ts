import {isCutShort} from './cut-short.js';
import {imageFailure, refuseBomb} from './image-limit.js';
import {imageSize} from './image-size.js';
import {decodeText} from './read-body.js';

const sniffed = 1024;

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

/** Bytes that are here are looked at first: what they say that they unpack to, whether they are an image, and whole. */
export const decodeBytes = async (
  chunks: Uint8Array<ArrayBuffer>[],
  type: string,
  url: string,
): Promise<ImageBitmap> => {
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
