import {isAbort} from '../credentials/errors.js';
import {RequestError} from './request-error.js';
import type {WholeResponse} from './whole-response.js';

/** More than any tile, image or collection of features that a browser can show; what is larger is a mistake or an attack. */
export const maxBytes = 50_000_000;

/** Larger ones are counted in any case. */
const SMALL = 1_000_000;

/**
 * Whether nothing has to be counted: the browser holds an answer to its Content-Length, unless it comes in chunks or can
 * unpack to more. Both are seen of the page's own server alone.
 */
const isSmall = ({type, headers}: Response): boolean => {
  const length = headers.get('content-length') ?? '';
  const isSized = !headers.has('transfer-encoding') && !headers.has('content-encoding');
  return type === 'basic' && isSized && /^[1-9]\d{0,6}$/.test(length) && Number(length) <= SMALL;
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

/** The body of an answer that is small, and that the browser keeps out of the memory of the page; else `undefined`. */
export const readUnseen = async (response: Response, url: string): Promise<Blob | undefined> => {
  const {whole} = response as WholeResponse;
  if (whole) return whole.size <= SMALL ? whole : undefined;
  return isSmall(response) ? arrived(response.blob(), url) : undefined;
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
  const declared = (response as WholeResponse).whole?.size ?? Number(response.headers.get('content-length'));
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
