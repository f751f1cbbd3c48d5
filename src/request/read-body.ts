import {isAbort} from '../credentials/errors.js';
import {RequestError} from './request-error.js';
import type {WholeResponse} from './whole-response.js';

/** More than any tile, image or collection of features that a browser can show; what is larger is a mistake or an attack. */
export const maxBytes = 50_000_000;

/** Larger ones are counted in any case. */
const SMALL = 1_000_000;

/**
 * Whether nothing has to be counted: the browser holds an answer to its Content-Length, and shows an encoding that could
 * unpack to more where the page's own server was asked; of others it keeps that to itself.
 */
const isSmall = ({type, headers}: Response): boolean => {
  const length = Number(headers.get('content-length'));
  return type === 'basic' && length > 0 && length <= SMALL && !headers.has('content-encoding');
};

const broken = (url: string, cause: unknown): RequestError =>
  new RequestError('The connection broke while the answer was arriving', {kind: 'network', url, cause});

const tooLarge = (url: string, limit: number): RequestError =>
  new RequestError(`The answer is larger than ${limit / 1_000_000} MB`, {kind: 'format', url, reason: 'too-large'});

/** The body of an answer of which nothing has to be counted, not yet in the memory of the page. Else `undefined`. */
export const readUnseen = async (response: Response, url: string): Promise<Blob | undefined> => {
  const {whole} = response as WholeResponse;
  if (whole && whole.size > maxBytes) throw tooLarge(url, maxBytes);
  if (whole || !isSmall(response)) return whole;
  try {
    return await response.blob();
  } catch (error) {
    throw isAbort(error) ? error : broken(url, error);
  }
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
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  try {
    if (isSmall(response)) return [new Uint8Array(await response.arrayBuffer())];
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
  } catch (error) {
    throw isAbort(error) || error instanceof RequestError ? error : broken(url, error);
  }
  return chunks;
};

export const decodeText = async (chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<string> =>
  new Blob([...chunks]).text();
