import ImageState from 'ol/ImageState.js';
import Fill from 'ol/style/Fill.js';
import {get as getIconImage} from 'ol/style/IconImage.js';
import type Style from 'ol/style/Style.js';
import type {Sprite} from './sprite.js';
import type {StyleLayer} from './style-document.js';

const prefix = 'rgba(1,';

/** A colour that stands for the icon with this number until the area is drawn. */
const colourOf = (index: number): string => `rgb(1,${index >> 8},${index & 255})`;

const isPatterned = (layer: StyleLayer): boolean => {
  const paint = layer['paint'];
  return typeof paint === 'object' && paint !== null && 'fill-pattern' in paint;
};

/**
 * Areas filled with icons. The library would load the sprite into an `<img>` from a `blob:` URL for them, which strict
 * policies forbid; so it is asked for a colour for each icon, and the icon is put in its place.
 */
export class Patterns {
  readonly #sprite: Sprite;
  readonly #names: readonly string[];
  readonly #layers = new Set<number>();
  readonly #made = new Map<string, {readonly src: string; readonly scale: number} | null>();

  constructor(sprite: Sprite) {
    this.#sprite = sprite;
    this.#names = sprite.names.slice(0, 65_536);
  }

  /** The same layers, with colours for patterns. Their order is what tells them apart when they are drawn. */
  withColours(layers: readonly StyleLayer[]): readonly StyleLayer[] {
    return layers.map((layer, index) => {
      if (!isPatterned(layer)) return layer;
      this.#layers.add(index);
      const {'fill-pattern': pattern, ...paint} = layer['paint'] as Record<string, unknown>;
      const choices = this.#names.flatMap((name, i) => [name, colourOf(i)]);
      const none = 'rgba(0,0,0,0)';
      const colour = choices.length > 0 ? ['match', ['to-string', pattern], ...choices, none] : none;
      return {...layer, paint: {...paint, 'fill-color': colour}};
    });
  }

  apply(style: Style): void {
    const colour = style.getFill()?.getColor();
    if (!this.#layers.has(style.getZIndex() ?? -1) || typeof colour !== 'string' || !colour.startsWith(prefix)) return;
    style.setFill(new Fill({color: this.#pattern(colour)}));
  }

  #pattern(colour: string): {readonly src: string; readonly scale: number} | null {
    const known = this.#made.get(colour);
    if (known !== undefined) return known;
    const [, high = 0, low = 0, opacity = 1] = colour.slice('rgba('.length, -1).split(',').map(Number);
    const icon = this.#sprite.icon(this.#names[high * 256 + low] ?? '');
    const pattern = icon ? {src: this.#register(icon.canvas, opacity), scale: 1 / icon.pixelRatio} : null;
    this.#made.set(colour, pattern);
    return pattern;
  }

  /** ol finds it in its cache for all maps of the page, under a name that nobody else can know or have. */
  #register(icon: HTMLCanvasElement, opacity: number): string {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, {width: icon.width, height: icon.height});
    const context = canvas.getContext('2d');
    if (context) context.globalAlpha = opacity;
    context?.drawImage(icon, 0, 0);
    const src = `secure-map-pattern:${crypto.randomUUID()}`;
    const image = getIconImage(canvas, src, {}, ImageState.LOADED, null, true);
    // What nobody listens to ol forgets when it has many; it would then look for it on the network.
    const ignore = (): void => undefined;
    image?.addEventListener('change', ignore);
    this.#sprite.whenDisposed(() => image?.removeEventListener('change', ignore));
    return src;
  }
}
