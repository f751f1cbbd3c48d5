import {SecureMapError} from '../../credentials/errors.js';
import {readImage} from '../../request/read-image.js';
import {absoluteUrl} from '../layer-options.js';
import {createLoads} from '../loads.js';
import type {AnyStyle} from './flat-style.js';
import {keepIcons, type IconKeeper} from './keep-icons.js';
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

const replaced = (style: AnyStyle, icons: IconKeeper): AnyStyle => {
  const one = (part: Properties): Properties => {
    const src = part['icon-src'];
    const inner = part['style'];
    return {
      ...part,
      ...(isIconAddress(src) ? {'icon-src': icons.nameOf(src)} : {}),
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

/** Loads the icons that a flat style names, with the credential where it may go; ol would ask for them by itself. */
export const loadIcons = async (style: AnyStyle, context: StyleContext): Promise<LoadedIcons> => {
  const named = partsOf(style).filter((part) => isIconAddress(part['icon-src']));
  if (named.length === 0) return {style, areLoaded: false, dispose: () => undefined};
  const colours = named.map((part) => [String(part['icon-src']), colourOf(part)] as const);
  const icons = keepIcons();
  const {signal} = context;
  try {
    await createLoads(context).during(signal, () =>
      Promise.all(
        [...new Set(colours.map(([src]) => src))].map(async (src) => {
          const {href} = absoluteUrl(src, context.baseUrl);
          const bitmap = await readImage(await context.request(href, {signal}), href, signal);
          for (const [, colour] of colours.filter(([each]) => each === src)) icons.keep(src, bitmap, colour);
        }),
      ),
    );
  } catch (error) {
    icons.dispose();
    throw error;
  }
  return {style: replaced(style, icons), areLoaded: true, dispose: icons.dispose};
};
