import type {Locator} from '@playwright/test';
import type {} from '../../src/secure-map.js';

/** Far from coasts and from the names of countries, so that a pixel is of one colour whatever the projection. */
export const onLand: readonly (readonly [number, number])[] = [
  [-5, 41],
  [12, 48.7],
  [28, 48.9],
];
export const atSea: readonly (readonly [number, number])[] = [
  [-8, 46],
  [3, 56],
  [12, 40],
];

/** Red, green, blue and opacity of what the map shows at places given as longitude and latitude. */
export const coloursAt = (tag: Locator, places: readonly (readonly [number, number])[]): Promise<number[][]> =>
  tag.evaluate(({map}: HTMLElementTagNameMap['secure-map'], wanted) => {
    const [width = 0, height = 0] = map.getSize() ?? [];
    const whole = new OffscreenCanvas(width, height);
    const context = whole.getContext('2d', {willReadFrequently: true});
    if (!context) throw new Error('no canvas');
    context.imageSmoothingEnabled = false;
    for (const canvas of map.getViewport()?.querySelectorAll('canvas') ?? []) {
      if (canvas.width > 0 && canvas.height > 0) context.drawImage(canvas, 0, 0, width, height);
    }
    const isMercator = map.getView().getProjection().getCode() === 'EPSG:3857';
    const radius = 6_378_137;
    return wanted.map(([lon, lat]) => {
      const [x, y] = isMercator
        ? [(radius * lon * Math.PI) / 180, radius * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))]
        : [lon, lat];
      const [left = 0, top = 0] = map.getPixelFromCoordinate([x, y]) ?? [];
      return [...context.getImageData(Math.round(left), Math.round(top), 1, 1).data];
    });
  }, places);

/** Whether two are the same for the eye: tiles are often sent with a palette, which rounds. */
export const isLike = (colour: readonly number[], other: readonly number[]): boolean =>
  colour.every((value, index) => Math.abs(value - (other[index] ?? NaN)) <= 4);
