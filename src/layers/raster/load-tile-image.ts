import {readImage} from '../../request/read-image.js';
import type {LayerContext} from '../layer-kind.js';
import type {Loads} from '../loads.js';
import type {TileImage} from './fetched-tile.js';

/** The browser's own way. An abort takes the request off the wire. */
const loadElement = (url: string, signal: AbortSignal): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image();
    // Without it the canvas would be tainted, and the map could not be exported.
    image.crossOrigin = 'anonymous';
    // Public tile servers want to know the site that asks, and no more than that.
    image.referrerPolicy = 'strict-origin-when-cross-origin';
    const settle = (outcome: () => void): void => {
      signal.removeEventListener('abort', aborted);
      image.onload = image.onerror = null;
      outcome();
    };
    const aborted = (): void => {
      settle(() => reject(new DOMException('The image is not wanted any more', 'AbortError')));
      image.src = '';
    };
    signal.addEventListener('abort', aborted);
    image.onload = () => settle(() => resolve(image));
    image.onerror = () => settle(() => reject(new Error('The image failed')));
    image.src = url;
  });

/** An `<img>` sends the cookies of the page to the page's own origin, whatever its `crossorigin` says. */
const isOwnOrigin = (url: string): boolean => URL.parse(url, location.href)?.origin === location.origin;

/**
 * Loads the image of a URL: through the map's request, or by an `<img>` where no credential can be for it and no cookie
 * goes along.
 */
export const loadTileImage =
  ({request, isPublic, inTurn}: Pick<LayerContext, 'request' | 'isPublic' | 'inTurn'>, loads: Loads) =>
  (url: string, signal: AbortSignal): Promise<TileImage> =>
    loads.during(signal, () =>
      inTurn(url, signal, async () => {
        if (isPublic(url) && !isOwnOrigin(url)) {
          try {
            return await loadElement(url, signal);
          } catch (error) {
            if (signal.aborted) throw error;
            // An <img> does not say why it failed. The request does, or brings the image after all.
          }
        }
        return readImage(await request(url, {signal}), url, signal);
      }),
    );
