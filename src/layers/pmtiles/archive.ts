import {bytesToHeader, findTile, TileType, zxyToTileId, type Entry, type Header} from 'pmtiles';
import {explainBytes} from '../../request/explain-bytes.js';
import {readRange, type FilePart} from '../../request/read-range.js';
import {RequestError} from '../../request/request-error.js';
import type {Request} from '../../request/request.js';
import {readDirectory} from './directory.js';
import {SingleFlight} from '../../request/single-flight.js';
import {refuseCompression, unpack} from './unpack.js';

/** The header and the root directory are within it (PMTiles 3, §3). */
const firstBytes = 16_384;
const headerBytes = 127;
const mostPacked = 4_000_000;
const mostUnpacked = 32_000_000;
const deepest = 3;
const keptDirectories = 64;
const keptEntries = 1_000_000;

interface Opened {
  readonly header: Header;
  readonly root: readonly Entry[];
  readonly etag: string | undefined;
}

const types: readonly number[] = [TileType.Mvt, TileType.Png, TileType.Jpeg, TileType.Webp, TileType.Avif];

class Changed extends Error {}

/** Reads a part of a file; the caller decides about turns and credentials. */
export type ReadPart = (url: string, part: {offset: number; length: number}, signal: AbortSignal) => Promise<FilePart>;

/** A PMTiles archive (version 3), of which only what is needed is asked for. */
export class Archive {
  readonly #url: string;
  readonly #read: ReadPart;
  readonly #flights = new SingleFlight<unknown>();
  /** The least recently used first. */
  readonly #directories = new Map<string, readonly Entry[]>();
  #opened: Opened;

  private constructor(url: string, read: ReadPart, opened: Opened) {
    this.#url = url;
    this.#read = read;
    this.#opened = opened;
  }

  static async open(url: string, request: Request, read: ReadPart, signal: AbortSignal): Promise<Archive> {
    // The first part goes ahead of the tiles that wait for their turn.
    const first: ReadPart = (at, part, own) => readRange(request, at, part, own);
    return new Archive(url, read, await open(url, first, signal));
  }

  get header(): Header {
    return this.#opened.header;
  }

  /** What the archive says of itself, as JSON has it; `undefined` when it says nothing that can be read. */
  async metadata(request: Request, signal: AbortSignal): Promise<unknown> {
    const {jsonMetadataOffset: offset, jsonMetadataLength: length, internalCompression} = this.header;
    if (length === 0 || length > mostPacked) return undefined;
    const {bytes} = await readRange(request, this.#url, {offset, length}, signal);
    try {
      const json: unknown = JSON.parse(
        new TextDecoder().decode(await unpack(bytes, internalCompression, this.#url, mostUnpacked)),
      );
      return json;
    } catch {
      // The tiles can be shown without it.
      return undefined;
    }
  }

  /** The bytes of a tile, unpacked; `undefined` when the archive has none there. */
  async tile(
    [z = 0, x = 0, y = 0]: readonly number[],
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return await this.#tile(z, x, y, signal);
    } catch (error) {
      if (!(error instanceof Changed)) throw error;
    }
    // Somebody has put another file there: what was read of the former says nothing of this one.
    const stale = this.#opened;
    await this.#flights.get(
      'open',
      async (own) => {
        if (this.#opened !== stale) return;
        this.#opened = await open(this.#url, this.#read, own);
        this.#directories.clear();
      },
      signal,
    );
    try {
      return await this.#tile(z, x, y, signal);
    } catch (error) {
      if (error instanceof Changed) throw refuse('The archive changes all the while', this.#url);
      throw error;
    }
  }

  async #tile(z: number, x: number, y: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const {header, root, etag} = this.#opened;
    const id = zxyToTileId(z, x, y);
    let directory = root;
    for (let depth = 0; depth <= deepest; depth += 1) {
      const entry = findTile([...directory], id);
      if (!entry) return undefined;
      if (entry.runLength > 0) {
        if (entry.length > mostUnpacked) throw refuse('The archive has a tile that is too large', this.#url);
        const part = {offset: header.tileDataOffset + entry.offset, length: entry.length};
        const bytes = await this.#part(part, etag, signal);
        return unpack(bytes, header.tileCompression, this.#url, mostUnpacked);
      }
      directory = await this.#directory(header.leafDirectoryOffset + entry.offset, entry.length, signal);
    }
    throw refuse(`The archive has directories more than ${deepest} deep`, this.#url);
  }

  async #part(part: {offset: number; length: number}, etag: string | undefined, signal: AbortSignal) {
    const read = await this.#read(this.#url, part, signal);
    if (etag && read.etag && read.etag !== etag) throw new Changed();
    if (read.bytes.length < part.length) throw refuse('The archive is cut short', this.#url);
    return read.bytes;
  }

  #makeRoom(): void {
    let count = 0;
    for (const {length} of this.#directories.values()) count += length;
    for (const [oldest, {length}] of this.#directories) {
      if (this.#directories.size <= keptDirectories && count <= keptEntries) return;
      this.#directories.delete(oldest);
      count -= length;
    }
  }

  async #directory(offset: number, length: number, signal: AbortSignal): Promise<readonly Entry[]> {
    const key = `${offset}`;
    const known = this.#directories.get(key);
    if (known) {
      this.#directories.delete(key);
      this.#directories.set(key, known);
      return known;
    }
    const {header, etag} = this.#opened;
    return (await this.#flights.get(
      `${key} ${etag}`,
      async (own) => {
        if (length > mostPacked) throw refuse('The archive has a directory that is too large', this.#url);
        const bytes = await this.#part({offset, length}, etag, own);
        const entries = await entriesOf(bytes, header, this.#url);
        this.#directories.set(key, entries);
        this.#makeRoom();
        return entries;
      },
      signal,
    )) as readonly Entry[];
  }
}

const refuse = (message: string, url: string, cause?: unknown): RequestError =>
  new RequestError(message, {kind: 'format', url, cause});

const entriesOf = async (bytes: Uint8Array<ArrayBuffer>, header: Header, url: string): Promise<readonly Entry[]> => {
  const unpacked = await unpack(bytes, header.internalCompression, url, mostUnpacked);
  try {
    return readDirectory(unpacked);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it is damaged';
    throw refuse(`A directory of the archive cannot be read: ${why}`, url, cause);
  }
};

const checkHeader = (header: Header, url: string): void => {
  refuseCompression(header.internalCompression, url);
  refuseCompression(header.tileCompression || 1, url);
  if (!types.includes(header.tileType))
    throw refuse('The archive has tiles of a kind that cannot be shown; vector tiles (MVT) and images can', url);
  if (!(header.minZoom <= header.maxZoom && header.maxZoom <= 26))
    throw refuse('The archive says to have levels that there are not', url);
  if (header.rootDirectoryLength > mostPacked) throw refuse('The archive has a directory that is too large', url);
};

const open = async (url: string, read: ReadPart, signal: AbortSignal): Promise<Opened> => {
  const {bytes, etag} = await read(url, {offset: 0, length: firstBytes}, signal);
  const start = new TextDecoder().decode(bytes.subarray(0, 7));
  if (start !== 'PMTiles')
    throw explainBytes(bytes, 'a PMTiles archive', url) ?? refuse('The file is not a PMTiles archive', url);
  if (bytes.length < headerBytes) throw refuse('The archive is cut short', url);
  if (bytes[7] !== 3) throw refuse(`The archive is of PMTiles version ${bytes[7]}; version 3 can be read`, url);
  const header = bytesToHeader(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + headerBytes), etag);
  checkHeader(header, url);
  const {rootDirectoryOffset: offset, rootDirectoryLength: length} = header;
  const isWithin = offset + length <= bytes.length;
  const root = isWithin ? bytes.slice(offset, offset + length) : (await read(url, {offset, length}, signal)).bytes;
  if (root.length < length) throw refuse('The archive is cut short', url);
  return {header, root: await entriesOf(root, header, url), etag};
};
