import {isRecord} from '../../credentials/is-record.js';
import {readImage} from '../../request/read-image.js';
import {readJson} from '../../request/read-json.js';
import {RequestError} from '../../request/request-error.js';
import type {LayerContext} from '../layer-kind.js';
import type {Loads} from '../loads.js';
import {resolved} from './resolved.js';

/** An icon cut out of a sprite. */
export interface SpriteIcon {
  readonly canvas: HTMLCanvasElement;
  /** Pixels of the canvas for a CSS pixel. */
  readonly pixelRatio: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  readonly isSdf: boolean;
}

const mostPixels = 2048;

const placeOf = (value: unknown): Place | undefined => {
  if (!isRecord(value)) return undefined;
  const {x, y, width, height, pixelRatio = 1, sdf} = value;
  const numbers = [x, y, width, height, pixelRatio].map(Number);
  const [left = 0, top = 0, wide = 0, high = 0, ratio = 1] = numbers;
  const isUsable =
    numbers.every(Number.isFinite) && Math.min(wide, high) >= 1 && Math.max(wide, high) <= mostPixels && ratio > 0;
  return isUsable ? {x: left, y: top, width: wide, height: high, pixelRatio: ratio, isSdf: sdf === true} : undefined;
};

/** A signed distance field says how far the edge is: 192 of 255 is on it. What is left is a white shape to be tinted. */
const fromDistances = (context: CanvasRenderingContext2D, {width, height}: Place): void => {
  const image = context.getImageData(0, 0, width, height);
  for (let i = 0; i < image.data.length; i += 4) {
    const distance = image.data[i + 3] ?? 0;
    image.data.set([255, 255, 255, Math.min(255, Math.max(0, (distance - 176) * 8))], i);
  }
  context.putImageData(image, 0, 0);
};

interface Sheet {
  readonly id: string;
  readonly places: ReadonlyMap<string, Place>;
  readonly bitmap: ImageBitmap;
}

/** The icons of a style. They are drawn from bitmaps on canvases, which needs no permission of the page's policy. */
export class Sprite {
  readonly #context: Pick<LayerContext, 'request' | 'signal' | 'mayFollow'>;
  readonly #loads: Loads;
  readonly #addresses: readonly {readonly id: string; readonly url: string}[];
  #sheets: readonly Sheet[] = [];
  readonly #icons = new Map<string, SpriteIcon | undefined>();
  #stop = new AbortController();
  readonly #users = new Set<() => void>();
  hasFailed = false;

  constructor(sprite: unknown, baseUrl: string, context: LayerContext, loads: Loads) {
    this.#context = context;
    this.#loads = loads;
    const all: readonly unknown[] = Array.isArray(sprite) ? sprite : [{id: 'default', url: sprite}];
    this.#addresses = all.flatMap((each) =>
      isRecord(each) && typeof each['url'] === 'string'
        ? [{id: String(each['id']), url: resolved(each['url'], baseUrl, context)}]
        : [],
    );
  }

  /** Loads the icons; a map without them is better than none, so their failure is told and nothing more. */
  async load(): Promise<void> {
    const {signal} = this.#stop;
    this.hasFailed = false;
    await Promise.all(
      this.#addresses.map(async ({id, url}) => {
        try {
          const sheet = await this.#loads.during(signal, () => this.#sheet(id, url, signal));
          if (signal.aborted) sheet.bitmap.close();
          else this.#sheets = [...this.#sheets.filter((known) => known.id !== id), sheet];
        } catch (error) {
          this.hasFailed = true;
          this.#loads.report(error, url);
        }
      }),
    );
    this.#icons.clear();
  }

  async #sheet(id: string, url: string, signal: AbortSignal): Promise<Sheet> {
    const address = new URL(url);
    const at = (ending: string): string => {
      const own = new URL(address);
      own.pathname += `${devicePixelRatio > 1 ? '@2x' : ''}${ending}`;
      return own.href;
    };
    const {request} = this.#context;
    const [json, png] = [at('.json'), at('.png')];
    const index = await readJson(await request(json, {signal}), json);
    if (!isRecord(index)) throw new RequestError('The sprite is not a list of icons', {kind: 'format', url: json});
    const places = Object.entries(index).flatMap(([name, value]) => {
      const place = placeOf(value);
      return place ? [[id === 'default' ? name : `${id}:${name}`, place] as const] : [];
    });
    return {id, places: new Map(places), bitmap: await readImage(await request(png, {signal}), png, signal)};
  }

  get names(): readonly string[] {
    return this.#sheets.flatMap(({places}) => [...places.keys()]);
  }

  icon(name: string): SpriteIcon | undefined {
    if (!this.#icons.has(name)) this.#icons.set(name, this.#cut(name));
    return this.#icons.get(name);
  }

  #cut(name: string): SpriteIcon | undefined {
    const sheet = this.#sheets.find(({places}) => places.has(name));
    const place = sheet?.places.get(name);
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (!sheet || !place || !context) return undefined;
    const {x, y, width, height, pixelRatio, isSdf} = place;
    Object.assign(canvas, {width, height});
    context.drawImage(sheet.bitmap, x, y, width, height, 0, 0, width, height);
    if (isSdf) fromDistances(context, place);
    return {canvas, pixelRatio};
  }

  /** For what was made of the icons and has to go with them. */
  whenDisposed(task: () => void): void {
    this.#users.add(task);
  }

  dispose(): void {
    this.#stop.abort();
    for (const task of this.#users) task();
    this.#users.clear();
    for (const {bitmap} of this.#sheets) bitmap.close();
    this.#sheets = [];
  }
}
