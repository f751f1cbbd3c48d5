/** A feature of a vector tile: a ring of points in the units of the tile, or a single point. */
export interface TileFeature {
  readonly id?: number;
  readonly ring: readonly (readonly [number, number])[];
  readonly properties?: Readonly<Record<string, string>>;
}

export interface TileLayer {
  readonly name?: string | undefined;
  readonly version?: number | undefined;
  readonly features: readonly TileFeature[];
}

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
const field = (number: number, bytes: readonly number[]): number[] => [
  ...varint(number * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

const geometry = (ring: TileFeature['ring']): number[] => {
  let [lastX, lastY] = [0, 0];
  const numbers = ring.flatMap(([x, y], i) => {
    const command = i === 0 ? [1 + 8] : i === 1 ? [2 + 8 * (ring.length - 1)] : [];
    const step = [zigzag(x - lastX), zigzag(y - lastY)];
    [lastX, lastY] = [x, y];
    return [...command, ...step];
  });
  return [...numbers, ...(ring.length > 2 ? [7 + 8] : [])].flatMap(varint);
};

const layer = ({name = 'areas', version = 2, features}: TileLayer): number[] => {
  const keys = [...new Set(features.flatMap(({properties = {}}) => Object.keys(properties)))];
  const values = [...new Set(features.flatMap(({properties = {}}) => Object.values(properties)))];
  const feature = ({id, ring, properties = {}}: TileFeature): number[] => [
    ...(id === undefined ? [] : [8, ...varint(id)]),
    ...field(
      2,
      Object.entries(properties).flatMap(([key, value]) => [keys.indexOf(key), values.indexOf(value)].flatMap(varint)),
    ),
    24,
    ring.length > 2 ? 3 : ring.length,
    ...field(4, geometry(ring)),
  ];
  return [
    15 * 8,
    version,
    ...field(1, text(name)),
    ...features.flatMap((each) => field(2, feature(each))),
    ...keys.flatMap((key) => field(3, text(key))),
    ...values.flatMap((value) => field(4, field(1, text(value)))),
    5 * 8,
    ...varint(4096),
  ];
};

/** A Mapbox Vector Tile of 4096 units. */
export const vectorTile = (...layers: readonly TileLayer[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(layers.flatMap((each) => field(3, layer(each))));

/** The whole tile, and a bit more. */
export const everywhere: TileFeature['ring'] = [
  [-100, -100],
  [4196, -100],
  [4196, 4196],
  [-100, 4196],
];

export const tileAnswer = (bytes: Uint8Array<ArrayBuffer> = vectorTile({features: [{ring: everywhere}]})): Response =>
  new Response(bytes, {headers: {'content-type': 'application/vnd.mapbox-vector-tile'}});
