import {isCutShort} from './cut-short.js';
import type {DecodedResponse} from './decoded-response.js';
import {imageSize, type ImageSize} from './image-size.js';
import {decodeText, readBody} from './read-body.js';
import {RequestError} from './request-error.js';
import {exceptionCode, exceptionText, isHtml} from './service-exception.js';

/** 256 MB decoded. Four screens of 4K are a quarter of it. */
const maxPixels = 64_000_000;
const sniffed = 1024;

const failure = (message: string, url: string, options: {cause?: unknown; reason?: string} = {}): RequestError =>
  new RequestError(message, {kind: 'format', url, ...options});

const refuseBomb = (size: ImageSize | undefined, url: string): void => {
  if (size && size.width * size.height > maxPixels)
    throw failure(`The image is too large: ${size.width} × ${size.height} pixels`, url, {reason: 'too-large'});
};

const refuseLate = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new DOMException('The image is not wanted any more', 'AbortError');
};

const isSvg = (start: string): boolean => /<svg[\s>]/i.test(start) && !isHtml(start);

/** Reads what is in it, which for SVG draws nothing yet. `decode` may draw. */
const load = (image: HTMLImageElement, src: string): Promise<void> =>
  new Promise((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new Error('The browser cannot read it.'));
    image.src = src;
  });

/**
 * `createImageBitmap` takes no SVG blobs, an `<img>` does. A page whose policy lacks `img-src data:` shows no SVG; the
 * normal path needs no such permission.
 */
const decodeSvg = async (svg: string, url: string): Promise<ImageBitmap> => {
  const image = new Image();
  try {
    await load(image, `data:image/svg+xml,${encodeURIComponent(svg)}`);
    // As the browser has understood it, since the text has more ways to say it than we could read.
    refuseBomb({width: image.naturalWidth, height: image.naturalHeight}, url);
    return await createImageBitmap(image);
  } catch (cause) {
    if (cause instanceof RequestError) throw cause;
    throw failure('The SVG image cannot be shown: it is damaged, or the policy of the page forbids it', url, {cause});
  }
};

/** Says why a text came where an image was asked for. */
const explain = (answer: string, url: string): RequestError => {
  const said = exceptionText(answer);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url, reason: exceptionCode(answer)});
  if (isHtml(answer)) return failure('The answer is a web page (HTML) where an image was asked for', url);
  return failure(`The answer is ${answer.startsWith('<') ? 'XML' : 'JSON'} where an image was asked for`, url);
};

const decode = async (
  chunks: Uint8Array<ArrayBuffer>[],
  type: string,
  url: string,
  decoded: ImageBitmap | undefined,
): Promise<ImageBitmap> => {
  const blob = new Blob(chunks, {type});
  if (blob.size === 0) throw failure('The answer is empty', url);
  // By content, not by its label: services send their reports as image/png, and images as text/plain.
  const start = new TextDecoder().decode(chunks[0]?.subarray(0, sniffed)).trimStart();
  if (start.startsWith('<') || start.startsWith('{') || start.startsWith('[')) {
    const answer = (await decodeText(chunks)).trimStart();
    if (isSvg(start)) return decodeSvg(answer, url);
    throw explain(answer, url);
  }
  const bytes = chunks.length > 1 ? new Uint8Array(await blob.arrayBuffer()) : chunks[0];
  refuseBomb(bytes && imageSize(bytes), url);
  // Firefox and WebKit draw what there is of it, and take it for the whole.
  if (bytes && isCutShort(bytes)) throw failure('The image is cut short', url);
  try {
    return decoded ?? (await createImageBitmap(blob));
  } catch (cause) {
    throw failure('The image is damaged or of a kind that this browser does not show', url, {cause});
  }
};

/**
 * The image of an answer. Rejects with a `RequestError` (`ogc` with the service's own words, or `format`), and with an
 * `AbortError` when `signal` fires; a bitmap that is finished too late is closed.
 */
export const readImage = async (response: Response, url: string, signal?: AbortSignal): Promise<ImageBitmap> => {
  let bitmap = 'image' in response ? (response as DecodedResponse).image : undefined;
  try {
    const chunks = await readBody(response, url);
    refuseLate(signal);
    bitmap = await decode(chunks, response.headers.get('content-type') ?? '', url, bitmap);
    refuseLate(signal);
    refuseBomb(bitmap, url);
  } catch (error) {
    bitmap?.close();
    throw error;
  }
  return bitmap;
};
