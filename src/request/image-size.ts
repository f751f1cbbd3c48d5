export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Whether this word stands there. */
export const ascii = (view: DataView, at: number, word: string): boolean =>
  at + word.length <= view.byteLength
  && Array.from(word).every((letter, i) => view.getUint8(at + i) === letter.charCodeAt(0));

/** Walks the segments of a JPEG to the frame header (ITU-T T.81 B.2.2). */
const jpeg = (view: DataView): ImageSize | undefined => {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return {height: view.getUint16(at + 5), width: view.getUint16(at + 7)};
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
};

const webp = (view: DataView): ImageSize | undefined => {
  if (view.byteLength < 30) return undefined;
  if (ascii(view, 12, 'VP8X')) {
    const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
    return {width: uint24(24) + 1, height: uint24(27) + 1};
  }
  if (ascii(view, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return {width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1};
  }
  return {width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff};
};

/**
 * The size that the header of a PNG, JPEG, GIF or WebP declares, without decoding: 40 kB of PNG can unpack to
 * gigabytes. `undefined` for other formats and for headers that are cut short.
 */
export const imageSize = (bytes: Uint8Array<ArrayBuffer>): ImageSize | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12) return undefined;
  if (ascii(view, 1, 'PNG'))
    return view.byteLength < 24 ? undefined : {width: view.getUint32(16), height: view.getUint32(20)};
  if (ascii(view, 0, 'GIF8')) return {width: view.getUint16(6, true), height: view.getUint16(8, true)};
  if (ascii(view, 0, 'RIFF') && ascii(view, 8, 'WEBP')) return webp(view);
  return view.getUint16(0) === 0xffd8 ? jpeg(view) : undefined;
};
