import type OlMap from 'ol/Map.js';
import {SecureMapError} from '../../credentials/errors.js';
import {browserEnvironment} from '../browser-environment.js';

export interface ExportOptions {
  /** Media type of the image; `image/png` by default. */
  readonly type?: 'image/png' | 'image/jpeg' | 'image/webp' | undefined;
  /** Pixels of the image per CSS pixel of the map; 1 by default, 4 at most. */
  readonly scale?: number | undefined;
}

const TYPES = ['image/png', 'image/jpeg', 'image/webp'];
const MOST_PIXELS = 64_000_000;

const wrong = (what: string): SecureMapError => new SecureMapError('invalid-attribute', `exportImage: ${what}.`);

/** A server that hangs must not keep the visitor from what is there. */
const PATIENCE = 20_000;

/** Resolves when everything that is in view is drawn, or when nobody waits any longer. */
const complete = (map: OlMap, patience: number): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      cancel();
      map.un('rendercomplete', done);
      resolve();
    };
    const cancel = browserEnvironment.after(patience, done);
    map.on('rendercomplete', done);
    map.render();
  });

/** Layers have a canvas each, moved and faded by styles. */
const paint = (map: OlMap, context: CanvasRenderingContext2D, scale: number): void => {
  const canvases = map.getViewport()?.querySelectorAll<HTMLCanvasElement>('.ol-layer canvas, canvas.ol-layer');
  for (const canvas of canvases ?? []) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    const holder = canvas.parentElement;
    const opacity = holder?.style.opacity || canvas.style.opacity;
    context.globalAlpha = opacity === '' ? 1 : Number(opacity);
    const matrix = /^matrix\(([^)]*)\)$/.exec(canvas.style.transform);
    const numbers = (matrix?.[1] ?? '').split(',').filter(Boolean).map(Number);
    const [a = canvas.clientWidth / canvas.width, b = 0, c = 0, d = a, e = 0, f = 0] = numbers;
    context.setTransform(a * scale, b * scale, c * scale, d * scale, e * scale, f * scale);
    context.drawImage(canvas, 0, 0);
  }
  context.globalAlpha = 1;
  context.setTransform(1, 0, 0, 1, 0, 0);
};

/** Who made the map has to be named on its picture as well. */
const sign = (context: CanvasRenderingContext2D, text: string, scale: number): void => {
  if (!text) return;
  const {width, height} = context.canvas;
  context.font = `${12 * scale}px system-ui, sans-serif`;
  const shown = Math.min(context.measureText(text).width, width - 12 * scale);
  context.fillStyle = 'rgb(255 255 255 / 80%)';
  context.fillRect(width - shown - 12 * scale, height - 20 * scale, shown + 12 * scale, 20 * scale);
  context.fillStyle = '#333';
  context.textBaseline = 'middle';
  context.fillText(text, width - shown - 6 * scale, height - 10 * scale, shown);
};

/**
 * The map as it is to be seen, without the controls, as an image. Waits for what is still loading, `patience`
 * milliseconds at most.
 */
export const exportImage = async (
  map: OlMap,
  attribution: string,
  {type = 'image/png', scale = 1}: ExportOptions,
  patience = PATIENCE,
): Promise<Blob> => {
  if (!TYPES.includes(type)) throw wrong(`the type must be one of ${TYPES.join(', ')}`);
  if (!(scale > 0 && scale <= 4)) throw wrong('the scale must be a number above 0, 4 at most');
  const [width = 0, height = 0] = map.getSize() ?? [];
  if (width === 0 || height === 0) throw wrong('the map has no size: it is not on the screen');
  if (width * height * scale * scale > MOST_PIXELS) throw wrong('the image would be too large: use a smaller scale');
  await complete(map, patience);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw wrong('the browser gives no canvas');
  if (type === 'image/jpeg') {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  paint(map, context, scale);
  sign(context, attribution, scale);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(wrong('the image could not be made'))), type);
  });
};

export const save = (image: Blob, name: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(image);
  link.download = `${name}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
};
