export interface TiffImage {
  readonly width: number;
  readonly height: number;
  /** One list for each band, row by row. */
  readonly bands: readonly (readonly number[])[];
}

export interface TiffOptions {
  /** The picture, and smaller ones of it. */
  readonly images: readonly TiffImage[];
  /** West and north. */
  readonly corner?: readonly [number, number];
  /** The size of a pixel of the first image. */
  readonly pixel?: number;
  /** 0 for a TIFF that does not say where it is. */
  readonly epsg?: number;
  readonly nodata?: string;
  /** 8 are bytes, 32 are floats. */
  readonly bits?: 8 | 32;
  /** Bytes of nothing before the pictures, so that they are not in the part that is read first. */
  readonly gap?: number;
}

type Entry = readonly [tag: number, type: number, values: readonly number[]];
const [ASCII, SHORT, LONG, DOUBLE] = [2, 3, 4, 12];
const sizes: Readonly<Record<number, number>> = {[ASCII]: 1, [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8};

/** A GeoTIFF of uncompressed strips, with its overviews behind it. */
export const geotiffFile = ({
  images,
  corner = [0, 0],
  pixel = 1,
  epsg = 3857,
  nodata,
  bits = 8,
  gap = 0,
}: TiffOptions): Uint8Array<ArrayBuffer> => {
  const file = new DataView(new ArrayBuffer(4_000_000));
  const bytes = new Uint8Array(file.buffer);
  bytes.set([0x49, 0x49, 42, 0]);
  let end = 8;
  let link = 4;
  const places: {offset: number; image: TiffImage}[] = [];
  const write = (type: number, value: number, at: number): void => {
    if (type === ASCII) file.setUint8(at, value);
    else if (type === SHORT) file.setUint16(at, value, true);
    else if (type === LONG) file.setUint32(at, value, true);
    else file.setFloat64(at, value, true);
  };
  for (const [index, image] of images.entries()) {
    const {width, height, bands} = image;
    const length = (width * height * bands.length * bits) / 8;
    const entries: Entry[] = [
      [254, LONG, [index === 0 ? 0 : 1]],
      [256, LONG, [width]],
      [257, LONG, [height]],
      [258, SHORT, bands.map(() => bits)],
      [259, SHORT, [1]],
      [262, SHORT, [bands.length >= 3 ? 2 : 1]],
      [273, LONG, [0]],
      [277, SHORT, [bands.length]],
      [278, LONG, [height]],
      [279, LONG, [length]],
      [339, SHORT, bands.map(() => (bits === 32 ? 3 : 1))],
    ];
    if (index === 0 && epsg > 0) {
      entries.push([33_550, DOUBLE, [pixel, pixel, 0]], [33_922, DOUBLE, [0, 0, 0, ...corner, 0]]);
      const isDegrees = epsg === 4326;
      entries.push([34_735, SHORT, [1, 1, 0, 2, 1024, 0, 1, isDegrees ? 2 : 1, isDegrees ? 2048 : 3072, 0, 1, epsg]]);
    }
    if (nodata !== undefined) entries.push([42_113, ASCII, Array.from(new TextEncoder().encode(`${nodata}\0`))]);
    file.setUint32(link, end, true);
    file.setUint16(end, entries.length, true);
    let at = end + 2;
    let beyond = end + 2 + entries.length * 12 + 4;
    link = end + 2 + entries.length * 12;
    for (const [tag, type, values] of entries) {
      const size = sizes[type] ?? 1;
      file.setUint16(at, tag, true);
      file.setUint16(at + 2, type, true);
      file.setUint32(at + 4, values.length, true);
      let to = at + 8;
      if (size * values.length > 4) {
        file.setUint32(to, beyond, true);
        to = beyond;
        beyond += size * values.length;
      }
      if (tag === 273) places.push({offset: to, image});
      for (const [i, value] of values.entries()) write(type, value, to + i * size);
      at += 12;
    }
    end = beyond;
  }
  end += gap;
  for (const {offset, image} of places) {
    file.setUint32(offset, end, true);
    const {width, height, bands} = image;
    for (let i = 0; i < width * height; i += 1)
      for (const band of bands) {
        if (bits === 8) file.setUint8(end, band[i] ?? 0);
        else file.setFloat32(end, band[i] ?? 0, true);
        end += bits / 8;
      }
  }
  return bytes.slice(0, end);
};

/** A picture of one value for each band. */
export const plain = (width: number, height: number, ...values: readonly number[]): TiffImage => ({
  width,
  height,
  bands: values.map((value) => Array<number>(width * height).fill(value)),
});

/** Red, over the middle of the map. */
export const redGeotiff = (): Uint8Array<ArrayBuffer> =>
  geotiffFile({images: [plain(128, 128, 255, 0, 0)], corner: [-10_000_000, 10_000_000], pixel: 156_250});
