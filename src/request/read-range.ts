import {readBody} from './read-body.js';
import {RequestError} from './request-error.js';
import type {Request} from './request.js';

/** A part of a file. */
export interface FilePart {
  /** Fewer than asked for where the file ends before. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Tells versions of the file apart, where the server says it and lets the page read it. */
  readonly etag: string | undefined;
}

const strong = (etag: string | null): string | undefined => (etag && !etag.startsWith('W/') ? etag : undefined);

const refuse = (message: string, url: string, reason: string): RequestError =>
  new RequestError(message, {kind: 'format', url, reason});

/**
 * A part of a file by an HTTP range request (RFC 9110 §14). A server that knows no ranges sends the whole file: that is
 * taken where it is no more than was asked for, and told otherwise, before it has all come.
 */
export const readRange = async (
  request: Request,
  url: string,
  {offset, length}: {readonly offset: number; readonly length: number},
  signal: AbortSignal,
): Promise<FilePart> => {
  const headers = {range: `bytes=${offset}-${offset + length - 1}`};
  const response = await request(url, {signal, headers}).catch((error: unknown) => {
    if (error instanceof RequestError && error.status === 416)
      throw refuse('The file ends before what is said to be in it: it is cut short, or has changed', url, 'cut-short');
    throw error instanceof TypeError
      ? new RequestError('There was no answer', {kind: 'network', url, cause: error})
      : error;
  });
  const isWhole = response.status === 200;
  const noRanges = (): RequestError =>
    refuse(
      'The server sends the whole file where a part was asked for: it does not support range requests',
      url,
      'no-ranges',
    );
  if (isWhole && offset > 0) {
    void response.body?.cancel();
    throw noRanges();
  }
  const chunks = await readBody(response, url, length).catch((error: unknown) => {
    throw error instanceof RequestError && error.reason === 'too-large' ? noRanges() : error;
  });
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  return {bytes, etag: strong(response.headers.get('etag'))};
};
