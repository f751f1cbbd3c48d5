/** Counts the bitmaps that are open, by standing before `createImageBitmap` and `close` until `restore`. */
export const countBitmaps = (): {readonly open: number; readonly made: number; restore(): void} => {
  const make = globalThis.createImageBitmap;
  const close = ImageBitmap.prototype.close;
  const open = new Set<ImageBitmap>();
  let made = 0;
  // The overloads of the DOM's type cannot be written as one function; the double passes everything on.
  globalThis.createImageBitmap = (async (...options: Parameters<typeof make>) => {
    const bitmap = await make(...options);
    made += 1;
    open.add(bitmap);
    return bitmap;
  }) as typeof make;
  ImageBitmap.prototype.close = function (this: ImageBitmap) {
    open.delete(this);
    close.call(this);
  };
  return {
    get open() {
      return open.size;
    },
    get made() {
      return made;
    },
    restore() {
      globalThis.createImageBitmap = make;
      ImageBitmap.prototype.close = close;
    },
  };
};
