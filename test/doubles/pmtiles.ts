import {zxyToTileId} from 'pmtiles';
import {png} from './images.js';
import {everywhere, vectorTile} from './vector-tiles.js';

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];

export interface Entry {
  readonly tileId: number;
  readonly runLength: number;
  readonly length: number;
  readonly offset: number;
}

export const directory = (entries: readonly Entry[]): number[] => [
  ...varint(entries.length),
  ...entries.flatMap(({tileId}, i) => varint(tileId - (entries[i - 1]?.tileId ?? 0))),
  ...entries.flatMap(({runLength}) => varint(runLength)),
  ...entries.flatMap(({length}) => varint(length)),
  ...entries.flatMap(({offset}) => varint(offset + 1)),
];

export const gzip = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );

export interface ArchiveOptions {
  readonly tiles: readonly {readonly at: readonly [number, number, number]; readonly bytes: Uint8Array<ArrayBuffer>}[];
  readonly tileType?: number;
  readonly metadata?: unknown;
  readonly tileCompression?: number;
  readonly internalCompression?: number;
  readonly zooms?: readonly [number, number];
  /** West, south, east, north. */
  readonly bounds?: readonly [number, number, number, number];
  /** Puts the entries into a directory of their own below the root. */
  readonly hasLeaf?: boolean;
  /** Instead of a root directory made from the tiles. */
  readonly root?: readonly number[];
}

/** A PMTiles archive of version 3. Parts that are compressed are handed in so, except for its directories. */
export const archive = async ({
  tiles,
  tileType = 1,
  metadata = {},
  tileCompression = 1,
  internalCompression = 1,
  zooms = [0, 1],
  bounds = [-180, -85, 180, 85],
  hasLeaf = false,
  root: given,
}: ArchiveOptions): Promise<Uint8Array<ArrayBuffer>> => {
  const pack = async (bytes: Uint8Array<ArrayBuffer>) => (internalCompression === 2 ? gzip(bytes) : bytes);
  let offset = 0;
  const entries = tiles
    .map(({at, bytes}) => ({tileId: zxyToTileId(...at), runLength: 1, length: bytes.length, bytes}))
    .toSorted((a, b) => a.tileId - b.tileId)
    .map((entry) => {
      const placed = {...entry, offset};
      offset += entry.length;
      return placed;
    });
  const leaf = hasLeaf ? await pack(new Uint8Array(directory(entries))) : new Uint8Array();
  const above = [{tileId: 0, runLength: 0, length: leaf.length, offset: 0}];
  const root = await pack(new Uint8Array(given ?? directory(hasLeaf ? above : entries)));
  const json = await pack(new TextEncoder().encode(JSON.stringify(metadata)));
  // The root has to be within the first 16 384 bytes, the rest beyond it, so that each is a request.
  const places = [127, 16_384, 16_384 + json.length, 16_384 + json.length + leaf.length] as const;
  const [rootAt, jsonAt, leafAt, dataAt] = places;
  const file = new Uint8Array(dataAt + offset);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('PMTiles'));
  file[7] = 3;
  const numbers = [rootAt, root.length, jsonAt, json.length, leafAt, leaf.length, dataAt, offset, entries.length];
  for (const [i, value] of numbers.entries()) view.setBigUint64(8 + i * 8, BigInt(value), true);
  file.set([1, internalCompression, tileCompression, tileType, ...zooms], 96);
  for (const [i, degrees] of bounds.entries()) view.setInt32(102 + i * 4, degrees * 10_000_000, true);
  file.set(root, rootAt);
  file.set(json, jsonAt);
  file.set(leaf, leafAt);
  for (const entry of entries) file.set(entry.bytes, dataAt + entry.offset);
  return file;
};

const firstLevels: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [1, 0, 0],
  [1, 0, 1],
  [1, 1, 0],
  [1, 1, 1],
];

export const vectorArchive = (more: Partial<ArchiveOptions> = {}): Promise<Uint8Array<ArrayBuffer>> =>
  archive({
    tiles: firstLevels.map((at) => ({at, bytes: vectorTile({features: [{ring: everywhere}]})})),
    ...more,
  });

export const imageArchive = async (more: Partial<ArchiveOptions> = {}): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(await (await png('red')).arrayBuffer());
  return archive({tiles: firstLevels.map((at) => ({at, bytes})), tileType: 2, ...more});
};
