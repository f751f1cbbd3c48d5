import {RequestError} from '../../request/request-error.js';
import {SingleFlight} from '../../request/single-flight.js';
import type {ReadPart} from '../pmtiles/archive.js';

/** Directories are read in many small steps, which then cost one request. */
const blockSize = 65_536;
const keptBlocks = 64;
const mostBytes = 50_000_000;

interface Slice {
  readonly offset: number;
  readonly length: number;
}

/**
 * What the library reads a file through. Its own sources hide why a request failed, and want headers that servers of
 * other origins do not let a page read (geotiff 3.1, `RemoteSource`, `BlockedSource`).
 */
export class PartsSource {
  readonly #url: string;
  readonly #read: ReadPart;
  readonly #flights = new SingleFlight<Uint8Array<ArrayBuffer>>();
  /** The least recently used first. */
  readonly #blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  #etag: string | undefined;
  /** While the directories are read, the library asks for more than there may be. */
  isOpening = true;
  /** What a library asks for that has no signal of its own. */
  readonly #idle = new AbortController().signal;

  constructor(url: string, read: ReadPart) {
    this.#url = url;
    this.#read = read;
  }

  async fetch(slices: readonly Slice[], signal: AbortSignal = this.#idle): Promise<ArrayBuffer[]> {
    return Promise.all(slices.map((slice) => this.#slice(slice, signal)));
  }

  // The rest of what the library calls a source.
  async fetchSlice(slice: Slice, signal: AbortSignal = this.#idle): Promise<Slice & {data: ArrayBuffer}> {
    return {...slice, data: await this.#slice(slice, signal)};
  }

  readonly fileSize = null;

  async close(): Promise<void> {
    this.#blocks.clear();
  }

  async #slice({offset, length}: Slice, signal: AbortSignal): Promise<ArrayBuffer> {
    if (!(length <= mostBytes)) throw this.#refuse('The file has a part that is too large');
    const whole = new Uint8Array(length);
    let end = 0;
    if (length > blockSize) {
      const bytes = await this.#part({offset, length}, signal);
      whole.set(bytes);
      end = bytes.length;
    } else {
      const first = Math.floor(offset / blockSize);
      const last = Math.floor((offset + Math.max(1, length) - 1) / blockSize);
      for (let index = first; index <= last; index += 1) {
        const block = await this.#block(index, index > first, signal);
        const from = Math.max(0, offset - index * blockSize);
        const part = block.subarray(from, offset + length - index * blockSize);
        whole.set(part, Math.max(0, index * blockSize - offset));
        end += part.length;
        if (block.length < blockSize) break;
      }
    }
    if (end < length && !this.isOpening) throw this.#refuse('The file is cut short');
    return whole.buffer;
  }

  async #block(index: number, mayBeMissing: boolean, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#blocks.get(index);
    if (known) {
      this.#blocks.delete(index);
      this.#blocks.set(index, known);
      return known;
    }
    try {
      return await this.#flights.get(
        String(index),
        async (own) => {
          const bytes = await this.#part({offset: index * blockSize, length: blockSize}, own);
          this.#blocks.set(index, bytes);
          const [oldest] = this.#blocks.keys();
          if (this.#blocks.size > keptBlocks && oldest !== undefined) this.#blocks.delete(oldest);
          return bytes;
        },
        signal,
      );
    } catch (error) {
      if (mayBeMissing && error instanceof RequestError && error.reason === 'cut-short') return new Uint8Array();
      throw error;
    }
  }

  async #part(part: Slice, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const {bytes, etag} = await this.#read(this.#url, part, signal);
    if (this.#etag && etag && etag !== this.#etag)
      throw this.#refuse('The file has changed while it was read: load the map anew');
    this.#etag ??= etag;
    return bytes;
  }

  #refuse(message: string): RequestError {
    return new RequestError(message, {kind: 'format', url: this.#url});
  }
}
