import {ascii} from './image-size.js';

/** Walks the chunks of a PNG to the one that ends it (PNG specification, 5.3). */
const lacksEnd = (png: DataView): boolean => {
  for (let at = 8; at + 8 <= png.byteLength; at += 12 + png.getUint32(at)) if (ascii(png, at + 4, 'IEND')) return false;
  return true;
};

/** Within the picture a byte 0xFF is always followed by 0x00 or a restart marker (ITU-T T.81, B.1.1.5). */
const lacksEndMarker = (jpeg: DataView): boolean => {
  for (let at = jpeg.byteLength - 2; at > 2; at -= 1) if (jpeg.getUint16(at) === 0xffd9) return false;
  return true;
};

/** Whether the end of a PNG, JPEG or WebP is missing. What follows after the end is of no interest. */
export const isCutShort = (bytes: Uint8Array<ArrayBuffer>): boolean => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12) return true;
  if (ascii(view, 1, 'PNG')) return lacksEnd(view);
  if (ascii(view, 0, 'RIFF') && ascii(view, 8, 'WEBP')) return view.getUint32(4, true) + 8 > view.byteLength;
  return view.getUint16(0) === 0xffd8 && lacksEndMarker(view);
};
