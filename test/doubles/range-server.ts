import type {RequestOptions} from '../../src/request/request.js';
import {RequestError} from '../../src/request/request-error.js';

type File = Uint8Array<ArrayBuffer> | (() => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>);

/** Answers range requests for a file, as the authorized fetch would hand the answers over. */
export const fileAnswer =
  (file: File, etag = '"1"') =>
  async (url: string, {headers}: RequestOptions): Promise<Response> => {
    const bytes = typeof file === 'function' ? await file() : file;
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers?.['range'] ?? '') ?? [];
    if (!first || !last) return new Response(bytes, {headers: {etag}});
    if (Number(first) >= bytes.length) throw new RequestError('416', {kind: 'network', status: 416, url});
    return new Response(bytes.slice(Number(first), Number(last) + 1), {status: 206, headers: {etag}});
  };
