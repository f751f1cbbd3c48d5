import {isAbort} from '../credentials/errors.js';
import {RequestError} from './request-error.js';
import type {KnownResponse} from './known-response.js';

/** More than any tile, image or collection of features that a browser can show; what is larger is a mistake or an attack. */
export const maxBytes = 50_000_000;

/** Larger ones are counted in any case. */
const SMALL = 1_000_000;

/** Less than `SMALL`, in digits alone. */
const saysSmall = ({headers}: Response): boolean => /^[1-9]\d{0,5}$/.test(headers.get('content-length') ?? '');

/**
 * Whether nothing has to be counted: the browser holds an answer to its Content-Length, unless it comes in chunks or can
 * unpack to more. Both are seen of the page's own server alone.
 */
const isSmall = (response: Response): boolean => {
  const {type, headers} = response;
  const isSized = !headers.has('transfer-encoding') && !headers.has('content-encoding');
  return type === 'basic' && isSized && saysSmall(response);
};

const broken = (url: string, cause: unknown): RequestError =>
  new RequestError('The connection broke while the answer was arriving', {kind: 'network', url, cause});

const tooLarge = (url: string, limit: number): RequestError =>
  new RequestError(`The answer is larger than ${limit / 1_000_000} MB`, {kind: 'format', url, reason: 'too-large'});

/** What is read of an answer or of its blob. Rejects as a request does. */
const arrived = async <T>(reading: Promise<T>, url: string): Promise<T> => {
  try {
    return await reading;
  } catch (error) {
    throw isAbort(error) || error instanceof RequestError ? error : broken(url, error);
  }
};

/**
 * The body of an answer that is small, and that the browser keeps out of the memory of the page; else `undefined`. Who
 * may have the credential is taken at its word: an answer that unpacks to much more costs what it costs in an `<img>`.
 */
export const readUnseen = async (response: Response, url: string): Promise<Blob | undefined> => {
  const {whole, isTrusted} = response as KnownResponse;
  if (whole) return whole.size <= SMALL ? whole : undefined;
  if (!isSmall(response) && !(isTrusted && saysSmall(response))) return undefined;
  const blob = await arrived(response.blob(), url);
  if (blob.size > maxBytes) throw tooLarge(url, maxBytes);
  return blob;
};

export const readBlob = async (blob: Blob, url: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await arrived(blob.arrayBuffer(), url));

const readPieces = async (response: Response, url: string, limit: number): Promise<Uint8Array<ArrayBuffer>[]> => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let bytes = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > limit) {
      void reader?.cancel();
      throw tooLarge(url, limit);
    }
    chunks.push(part.value);
  }
  return chunks;
};

/**
 * The body of an answer, counted while it arrives: `Content-Length` may be missing, and says nothing about what a
 * compressed body unpacks to. Reading stops at the limit.
 */
export const readBody = async (
  response: Response,
  url: string,
  limit = maxBytes,
): Promise<Uint8Array<ArrayBuffer>[]> => {
  const declared = (response as KnownResponse).whole?.size ?? Number(response.headers.get('content-length'));
  if (declared > limit) {
    // Not awaited: the answer to "stop" is of no interest.
    void response.body?.cancel();
    throw tooLarge(url, limit);
  }
  if (isSmall(response)) return [new Uint8Array(await arrived(response.arrayBuffer(), url))];
  return arrived(readPieces(response, url, limit), url);
};

export const decodeText = async (chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<string> =>
  new Blob([...chunks]).text();
