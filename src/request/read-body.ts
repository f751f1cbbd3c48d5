import {isAbort} from '../credentials/errors.js';
import {RequestError} from './request-error.js';

/** More than any tile, image or collection of features that a browser can show; what is larger is a mistake or an attack. */
export const maxBytes = 50_000_000;

/**
 * The body of an answer, counted while it arrives: `Content-Length` may be missing, and says nothing about what a
 * compressed body unpacks to. Reading stops at the limit.
 */
export const readBody = async (
  response: Response,
  url: string,
  limit = maxBytes,
): Promise<Uint8Array<ArrayBuffer>[]> => {
  const refuse = (): RequestError =>
    new RequestError(`The answer is larger than ${limit / 1_000_000} MB`, {kind: 'format', url, reason: 'too-large'});
  if (Number(response.headers.get('content-length')) > limit) {
    // Not awaited: the answer to "stop" is of no interest.
    void response.body?.cancel();
    throw refuse();
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let bytes = 0;
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      bytes += part.value.byteLength;
      if (bytes > limit) {
        void reader?.cancel();
        throw refuse();
      }
      chunks.push(part.value);
    }
  } catch (error) {
    if (isAbort(error) || error instanceof RequestError) throw error;
    throw new RequestError('The connection broke while the answer was arriving', {kind: 'network', url, cause: error});
  }
  return chunks;
};

export const decodeText = async (chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<string> =>
  new Blob([...chunks]).text();
