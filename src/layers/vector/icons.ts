import ImageState from 'ol/ImageState.js';
import IconImage from 'ol/style/IconImage.js';
import {shared} from 'ol/style/IconImageCache.js';
import {SecureMapError} from '../../credentials/errors.js';
import {readImage} from '../../request/read-image.js';
import {absoluteUrl} from '../layer-options.js';
import {createLoads} from '../loads.js';
import type {AnyStyle} from './flat-style.js';
import type {StyleContext} from './layer-style.js';
import {isIconAddress} from './style-images.js';

type Properties = Record<string, unknown>;

interface LoadedIcons {
  /** With a name for each image, under which ol finds it, in the place of its address. */
  readonly style: AnyStyle;
  readonly areLoaded: boolean;
  dispose(): void;
}

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The properties that may name an icon: of the style, of each in a list, and of the rules. */
const partsOf = (style: AnyStyle): readonly Properties[] =>
  [style].flat().flatMap((part) => [part, ...[part['style'] ?? []].flat().filter(isObject)]);

const replaced = (style: AnyStyle, names: ReadonlyMap<string, string>): AnyStyle => {
  const one = (part: Properties): Properties => {
    const src = part['icon-src'];
    const inner = part['style'];
    return {
      ...part,
      ...(isIconAddress(src) ? {'icon-src': names.get(src)} : {}),
      ...(isObject(inner) ? {style: one(inner)} : {}),
      ...(Array.isArray(inner) ? {style: (inner as unknown[]).map((each) => (isObject(each) ? one(each) : each))} : {}),
    };
  };
  return Array.isArray(style) ? style.map(one) : one(style);
};

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number');

const colourOf = (part: Properties): string | number[] | null => {
  const colour = part['icon-color'] ?? null;
  if (colour === null || typeof colour === 'string' || isNumbers(colour)) return colour;
  throw new SecureMapError(
    'invalid-layer',
    '"icon-color" in the "style" of the layer must be a colour, and no expression, where "icon-src" is an address',
  );
};

/**
 * Loads the icons that a flat style names, with the credential where it may go. ol would ask for them by itself; it
 * finds these in its cache for all maps of the page, under names that nobody else can know or have.
 */
export const loadIcons = async (style: AnyStyle, context: StyleContext): Promise<LoadedIcons> => {
  const named = partsOf(style).filter((part) => isIconAddress(part['icon-src']));
  if (named.length === 0) return {style, areLoaded: false, dispose: () => undefined};
  const names = new Map(named.map((part) => [String(part['icon-src']), `secure-map-icon:${crypto.randomUUID()}`]));
  const bitmaps: ImageBitmap[] = [];
  const loads = createLoads(context);
  const dispose = (): void => {
    for (const bitmap of bitmaps) bitmap.close();
  };
  try {
    await loads.during(context.signal, () =>
      Promise.all(
        [...names].map(async ([src, name]) => {
          const {href} = absoluteUrl(src, context.baseUrl);
          const {signal} = context;
          const bitmap = await readImage(await context.request(href, {signal}), href, signal);
          bitmaps.push(bitmap);
          for (const part of named.filter((each) => each['icon-src'] === src)) {
            const colour = colourOf(part);
            const icon = new IconImage(bitmap, name, {crossOrigin: null}, ImageState.LOADED, colour);
            // What nobody listens to ol forgets when it has many; it would then look for it on the network.
            icon.addEventListener('change', () => undefined);
            shared.set(name, colour, icon);
          }
        }),
      ),
    );
  } catch (error) {
    dispose();
    throw error;
  }
  return {style: replaced(style, names), areLoaded: true, dispose};
};
