import {readFile} from 'node:fs/promises';
import type {Locator, Page} from '@playwright/test';
import type {Demo} from '../../demo/servers/demo.js';
import type {SecureMap} from '../../src/secure-map.js';
import {expect, test} from './fixtures.js';
import {eventsOf} from './support/recorder.js';
import {drawnOn, expectIdle, expectMap, signOutButton, tagOf} from './support/tag.js';
import {signInByPopup} from './support/visitor.js';

/** A map whose visitor is signed in, with a legend and a button to save it. */
const openSignedIn = async (page: Page, demo: Demo): Promise<Locator> => {
  await page.goto(`${demo.pageUrl}demo/layers.html`);
  const tag = tagOf(page);
  await signInByPopup(page, tag);
  await expectMap(tag);
  await expectIdle(tag);
  return tag;
};

/** Where a place is on the screen. */
const screenOf = async (tag: Locator, lon: number, lat: number): Promise<{readonly x: number; readonly y: number}> => {
  const box = await tag.boundingBox();
  const [x = NaN, y = NaN] = await tag.evaluate(
    (element: SecureMap, [east, north]) => {
      const mercator = (Math.log(Math.tan(Math.PI / 4 + (north * Math.PI) / 360)) * 180) / Math.PI;
      const metres = 20_037_508.342789244 / 180;
      return element.map.getPixelFromCoordinate([east * metres, mercator * metres]);
    },
    [lon, lat] as const,
  );
  return {x: x + (box?.x ?? NaN), y: y + (box?.y ?? NaN)};
};

const askedFor = (demo: Demo, operation: string): readonly string[] =>
  demo.log.entries
    .filter(({path, preflight}) => path.includes(operation) && !preflight)
    .map(({credential, status}) => `${credential} ${status}`);

test('what is at a place: asked with the credential, told to the page, shown, and gone with the visitor', async ({
  page,
  demo,
}) => {
  const tag = await openSignedIn(page, demo);
  const {x, y} = await screenOf(tag, 13.4, 51.2);
  await page.mouse.click(x, y);
  const panel = tag.locator('[part=identify]');
  await expect(panel.getByRole('cell', {name: 'Germany'})).toBeVisible();
  await expect(tag.locator('[part=pin]')).toBeVisible();
  const [selected] = await eventsOf(page, 'feature-select');
  expect(selected).toMatchObject({layerId: 'boundaries', features: [{properties: {name: 'Germany'}}]});
  const [lon = NaN, lat = NaN] = (selected?.['coordinate'] ?? []) as number[];
  expect(Math.abs(lon - 13.4)).toBeLessThan(0.1);
  expect(Math.abs(lat - 51.2)).toBeLessThan(0.1);
  expect(askedFor(demo, 'GetFeatureInfo')).toEqual(['Bearer 200']);
  await panel.getByRole('button', {name: 'Close'}).click();
  await expect(panel).toHaveCount(0);

  await page.mouse.click(x, y);
  await expect(panel.getByRole('cell', {name: 'Germany'})).toBeVisible();
  await signOutButton(tag).click();
  await expect(panel).toHaveCount(0);
  await expect(tag.locator('[part=pin]')).toBeHidden();
});

test('what is in the middle of the map, by keyboard', async ({page, demo}) => {
  const tag = await openSignedIn(page, demo);
  await tag.locator('[part=map]').focus();
  await page.keyboard.press('Enter');
  await expect(tag.locator('[part=identify]').getByRole('cell', {name: 'Germany'})).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tag.locator('[part=identify]')).toHaveCount(0);
});

test('nothing there is said, and so is a layer that cannot tell', async ({page, demo}) => {
  const tag = await openSignedIn(page, demo);
  const {x, y} = await screenOf(tag, -5, 58.6);
  await page.mouse.click(x, y);
  await expect(tag.locator('[part=identify]')).toContainText('Nothing was found here');
  demo.map.setFault(({query}) => (query.get('REQUEST') === 'GetFeatureInfo' ? {status: 500} : undefined));
  const there = await screenOf(tag, 13.4, 51.2);
  await page.mouse.click(there.x, there.y);
  await expect(tag.locator('[part=identify]')).toContainText('not available');
  await expect
    .poll(async () => (await eventsOf(page, 'layer-error')).map(({layerId}) => layerId))
    .toEqual(['boundaries']);
});

test('a legend is asked for when it is opened, with the credential', async ({page, demo}) => {
  const tag = await openSignedIn(page, demo);
  expect(askedFor(demo, 'GetLegendGraphic')).toEqual([]);
  await tag.locator('[part=legend] summary').click();
  const picture = tag.locator('[part=legend] canvas');
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height])).toEqual([150, 24]);
  expect(askedFor(demo, 'GetLegendGraphic')).toEqual(['Bearer 200']);
});

test('the map as an image: untainted, with its attribution, by the page and by the visitor', async ({page, demo}) => {
  const tag = await openSignedIn(page, demo);
  const colours = await tag.evaluate(async (element: SecureMap) => {
    const bitmap = await createImageBitmap(await element.exportImage({scale: 2}));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const {data = new Uint8ClampedArray()} = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? {};
    const [width = 0, height = 0] = element.map.getSize() ?? [];
    return {
      isTwice: bitmap.width === 2 * width && bitmap.height === 2 * height,
      colours: new Set(new Uint32Array(data.buffer)).size,
    };
  });
  expect(colours.isTwice).toBe(true);
  expect(colours.colours).toBeGreaterThan((await drawnOn(tag)).colours / 2);
  const download = page.waitForEvent('download');
  await tag.getByRole('button', {name: 'Save as image'}).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('World.png');
  expect((await readFile(await file.path())).subarray(1, 4).toString()).toBe('PNG');
  const wrong = await tag.evaluate((element: SecureMap) =>
    element.exportImage({scale: 9}).catch((error: unknown) => String(error)),
  );
  expect(wrong).toContain('scale must be a number above 0');
});
