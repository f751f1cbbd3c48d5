const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** A whole WebP of 300 × 170 transparent pixels. WebKit's canvas writes none. */
export const webp = (): Uint8Array<ArrayBuffer> => bytesOf('UklGRiIAAABXRUJQVlA4TBYAAAAvK0EqEAcQEREQkCT+/09F9D/tfzsB');

/** How the three kinds of WebP begin, of the same size. */
export const webpStarts: Readonly<Record<'VP8' | 'VP8L' | 'VP8X', () => Uint8Array<ArrayBuffer>>> = {
  VP8: () => bytesOf('UklGRpQAAABXRUJQVlA4IIgAAABwDgCdASosAaoA'),
  VP8L: () => webp().slice(0, 30),
  VP8X: () => bytesOf('UklGRpwCAABXRUJQVlA4WAoAAAAwAAAAKwEAqQAA'),
};
