import ImageState from 'ol/ImageState.js';
import {asArray} from 'ol/color.js';
import Fill from 'ol/style/Fill.js';
import ImageStyle from 'ol/style/Image.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';

/** The accent of the viewer around the map (`--secure-map-accent`), as it is on a light ground: maps are light. */
export const accent = '#0b5cad';
const [red = 0, green = 0, blue = 0] = asArray(accent);
const radius = 6;
const ring = 1.5;

/** A disc with a light ring around it. ol's own comes with every shape and every image that there may be. */
class Disc extends ImageStyle {
  readonly #canvases = new Map<number, HTMLCanvasElement>();

  constructor() {
    super({opacity: 1, rotateWithView: false, rotation: 0, scale: 1, displacement: [0, 0], declutterMode: undefined});
  }

  override clone(): ImageStyle {
    return this;
  }

  override getImage(pixelRatio: number): HTMLCanvasElement {
    const known = this.#canvases.get(pixelRatio);
    if (known) return known;
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(2 * (radius + ring) * pixelRatio);
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    if (context) {
      context.scale(pixelRatio, pixelRatio);
      context.arc(radius + ring, radius + ring, radius, 0, 2 * Math.PI);
      context.fillStyle = accent;
      context.fill();
      context.strokeStyle = '#fff';
      context.lineWidth = ring;
      context.stroke();
    }
    this.#canvases.set(pixelRatio, canvas);
    return canvas;
  }

  override getPixelRatio(pixelRatio: number): number {
    return pixelRatio;
  }

  override getHitDetectionImage(): HTMLCanvasElement {
    return this.getImage(1);
  }

  override getSize(): number[] {
    return [2 * (radius + ring), 2 * (radius + ring)];
  }

  override getImageSize(): number[] {
    return this.getSize();
  }

  override getAnchor(): number[] {
    return [radius + ring, radius + ring];
  }

  override getOrigin(): number[] {
    return [0, 0];
  }

  override getImageState(): (typeof ImageState)['LOADED'] {
    return ImageState.LOADED;
  }

  override load(): void {}

  override listenImageChange(): void {}

  override unlistenImageChange(): void {}

  override ready(): Promise<void> {
    return Promise.resolve();
  }
}

let made: Style[] | undefined;

/** What features look like that nobody has given a style: to be seen on any map, and not hiding much of it. */
export const plainLook = (): Style[] =>
  (made ??= [
    new Style({
      fill: new Fill({color: [red, green, blue, 0.2]}),
      stroke: new Stroke({color: accent, width: 2.5}),
      image: new Disc(),
    }),
  ]);
