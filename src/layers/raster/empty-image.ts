/** A tile with nothing on it, for places where a source has none. */
export const emptyImage = (): Promise<ImageBitmap> => createImageBitmap(new ImageData(1, 1));
