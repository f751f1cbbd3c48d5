import {imageFailure, refuseBomb} from './image-limit.js';
import {RequestError} from './request-error.js';
import {exceptionCode, exceptionText, isHtml} from './service-exception.js';

const isSvg = (start: string): boolean => /<svg[\s>]/i.test(start) && !isHtml(start);

/** Reads what is in it, which for SVG draws nothing yet. `decode` may draw. */
const load = (image: HTMLImageElement, src: string): Promise<void> =>
  new Promise((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new Error('The browser cannot read it.'));
    image.src = src;
  });

/**
 * `createImageBitmap` takes no SVG blobs, an `<img>` does. A page whose policy lacks `img-src data:` shows no SVG; the
 * normal path needs no such permission.
 */
const decodeSvg = async (svg: string, url: string): Promise<ImageBitmap> => {
  const image = new Image();
  try {
    await load(image, `data:image/svg+xml,${encodeURIComponent(svg)}`);
    // As the browser has understood it, since the text has more ways to say it than we could read.
    refuseBomb({width: image.naturalWidth, height: image.naturalHeight}, url);
    return await createImageBitmap(image);
  } catch (cause) {
    if (cause instanceof RequestError) throw cause;
    throw imageFailure('The SVG image cannot be shown: it is damaged, or the policy of the page forbids it', url, {
      cause,
    });
  }
};

/** Says why a text came where an image was asked for. */
const explain = (answer: string, url: string): RequestError => {
  const said = exceptionText(answer);
  if (said) return new RequestError(`The service answered: ${said}`, {kind: 'ogc', url, reason: exceptionCode(answer)});
  if (isHtml(answer)) return imageFailure('The answer is a web page (HTML) where an image was asked for', url);
  return imageFailure(`The answer is ${answer.startsWith('<') ? 'XML' : 'JSON'} where an image was asked for`, url);
};

/** The image that a text is: an SVG, or none but what it says instead. Most maps never get one. */
export const imageFromText = (answer: string, url: string): Promise<ImageBitmap> => {
  if (isSvg(answer.slice(0, 1024))) return decodeSvg(answer, url);
  throw explain(answer, url);
};
