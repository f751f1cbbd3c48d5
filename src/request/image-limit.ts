import type {ImageSize} from './image-size.js';
import {RequestError} from './request-error.js';

/** 256 MB decoded. Four screens of 4K are a quarter of it. */
const maxPixels = 64_000_000;

export const imageFailure = (
  message: string,
  url: string,
  options: {cause?: unknown; reason?: string} = {},
): RequestError => new RequestError(message, {kind: 'format', url, ...options});

/** Refuses what is declared to be of that size, or has been decoded to it. */
export const refuseBomb = (size: ImageSize | undefined, url: string): void => {
  if (size && size.width * size.height > maxPixels)
    throw imageFailure(`The image is too large: ${size.width} × ${size.height} pixels`, url, {reason: 'too-large'});
};
