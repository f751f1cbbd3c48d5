import type {Locator, Page} from '@playwright/test';
import {expect} from './expect.js';
import type {} from '../../../src/secure-map.js';

/** The first map of the page. */
export const tagOf = (page: Page): Locator => page.locator('secure-map').first();

export const accountOf = (tag: Locator): Locator => tag.locator('[part=account]');
export const signInButton = (tag: Locator): Locator => accountOf(tag).getByRole('button', {name: 'Sign in'});
export const signOutButton = (tag: Locator): Locator => accountOf(tag).getByRole('button', {name: 'Sign out'});
/** Opens the list of layers. */
export const openLayers = (tag: Locator): Promise<void> => tag.locator('[part=layers] summary').click();

/** The live region that tells the visitor what happened. */
export const messageOf = (tag: Locator): Locator => tag.getByRole('status');

export const stateOf = (tag: Locator): Promise<string> =>
  tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.authState);

/** A page that is being left, or whose scripts have not run yet, cannot be asked; a moment later it can. */
const inTime =
  <T>(ask: () => Promise<T>) =>
  (): Promise<T | string> =>
    ask().catch((error: unknown) => String(error));

export const expectState = (tag: Locator, state: string): Promise<void> =>
  expect
    .poll(
      inTime(() => stateOf(tag)),
      {message: `authState is ${state}`},
    )
    .toBe(state);

export interface Drawn {
  /** The share of the pixels that anything was drawn on. */
  readonly opaque: number;
  /** How many colours there are. A map of the world has dozens, an empty one none. */
  readonly colours: number;
}

/** What the visitor sees of the map itself: all its canvases, one on the other. */
export const drawnOn = (tag: Locator): Promise<Drawn> =>
  tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => {
    const {width, height} = element.getBoundingClientRect();
    // Every other pixel of every other row is enough to see a tile that is missing.
    const whole = new OffscreenCanvas(Math.round(width / 2), Math.round(height / 2));
    const context = whole.getContext('2d', {willReadFrequently: true});
    if (!context) throw new Error('no canvas');
    context.imageSmoothingEnabled = false;
    for (const canvas of element.map.getViewport()?.querySelectorAll('canvas') ?? []) {
      if (canvas.width > 0 && canvas.height > 0) context.drawImage(canvas, 0, 0, whole.width, whole.height);
    }
    const {data} = context.getImageData(0, 0, whole.width, whole.height);
    const pixels = new Uint32Array(data.buffer);
    let opaque = 0;
    for (const pixel of pixels) if (pixel >>> 24 === 255) opaque += 1;
    return {opaque: opaque / pixels.length, colours: new Set(pixels).size};
  });

/** Every pixel is there: no tile is missing. */
export const expectMap = async (tag: Locator): Promise<void> => {
  await expect
    .poll(
      inTime(() => drawnOn(tag)),
      {message: 'every tile is drawn'},
    )
    .toMatchObject({opaque: 1});
  expect((await drawnOn(tag)).colours).toBeGreaterThan(20);
};

export const expectNoMap = (tag: Locator): Promise<void> =>
  expect
    .poll(
      inTime(() => drawnOn(tag)),
      {message: 'nothing is drawn'},
    )
    .toEqual({opaque: 0, colours: 1});

/** Nothing of the map is under way. */
export const expectIdle = (tag: Locator): Promise<void> =>
  expect(tag.locator('#map')).toHaveAttribute('aria-busy', 'false');

export const viewOf = (tag: Locator): Promise<{center: number[]; zoom: number}> =>
  tag.evaluate(({map}: HTMLElementTagNameMap['secure-map']) => {
    const view = map.getView();
    const center = view.getCenter() ?? [];
    return {center: center.map((value) => Math.round(value)), zoom: view.getZoom() ?? NaN};
  });

/** Moves the map by whole screens, as a visitor who drags it does; resolves when the frame with the move is drawn. */
export const pan = (tag: Locator, screensEast: number, screensNorth = 0): Promise<void> =>
  tag.evaluate(
    ({map}: HTMLElementTagNameMap['secure-map'], [east, north]) =>
      new Promise<void>((resolve) => {
        const view = map.getView();
        const [x = 0, y = 0] = view.getCenter() ?? [];
        const [width = 0, height = 0] = map.getSize() ?? [];
        const resolution = view.getResolution() ?? 1;
        map.once('postrender', () => resolve());
        view.setCenter([x + (east ?? 0) * width * resolution, y + (north ?? 0) * height * resolution]);
      }),
    [screensEast, screensNorth],
  );
