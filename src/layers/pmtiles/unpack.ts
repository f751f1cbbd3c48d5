import {Compression} from 'pmtiles';
import {readBody} from '../../request/read-body.js';
import {RequestError} from '../../request/request-error.js';

const names: Readonly<Record<number, string>> = {
  [Compression.Unknown]: 'an unknown way',
  [Compression.Brotli]: 'Brotli',
  [Compression.Zstd]: 'Zstandard',
};

/** Rejects a way of compression that a browser does not undo by itself. */
export const refuseCompression = (compression: number, url: string): void => {
  if (compression === Compression.None || compression === Compression.Gzip) return;
  const message = `The archive is compressed by ${names[compression] ?? 'an unknown way'}; gzip or none can be read`;
  throw new RequestError(message, {kind: 'format', url});
};

/** Some kilobytes of gzip can unpack to gigabytes: it ends at `limit`. */
export const unpack = async (
  bytes: Uint8Array<ArrayBuffer>,
  compression: number,
  url: string,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  if (compression !== Compression.Gzip) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Blob(await readBody(new Response(stream), url, limit)).arrayBuffer());
  } catch (cause) {
    if (cause instanceof RequestError && cause.reason === 'too-large') throw cause;
    throw new RequestError('A part of the archive cannot be unpacked: it is damaged, or cut short', {
      kind: 'format',
      url,
      cause,
    });
  }
};
