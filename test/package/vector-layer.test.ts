import assert from 'node:assert/strict';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {chromium, type Browser, type Page} from '@playwright/test';
import {browserFlags, findBrowser} from '../../scripts/find-browser.js';
import {loadedFor, readBundle} from '../../scripts/size/bundle.js';
import {packThis} from './packed.js';
import {serve, type Site} from './serve.js';

// The bundle leaves parts of ol out until somebody wants them; here is that they come then, and work.

const {root} = packThis();
const bundle = readBundle(join(root, 'dist', 'secure-map.js'));
const square = {
  type: 'Polygon',
  coordinates: [
    [
      [-60, -60],
      [60, -60],
      [60, 60],
      [-60, 60],
      [-60, -60],
    ],
  ],
};
const features = ['square', 'point'].map((name) => ({
  type: 'Feature',
  properties: {name},
  geometry: name === 'point' ? {type: 'Point', coordinates: [0, 0]} : square,
}));
const layers = JSON.stringify([{type: 'geojson', id: 'a', data: {type: 'FeatureCollection', features}}]);

const document = `<!doctype html><meta charset="utf-8"><title>Test</title><link rel="stylesheet" href="/page.css">
<script type="module" src="/cdn/secure-map.js"></script>
<secure-map layers='${layers}' center="0,0" zoom="1" controls="none"></secure-map>`;

let browser: Browser;
let site: Site;

before(async () => {
  site = await serve(
    {'/cdn/': join(root, 'dist')},
    {'/': document, '/page.css': 'secure-map { display: block; width: 512px; height: 512px }'},
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
  );
  browser = await chromium.launch({executablePath: findBrowser(), args: [...browserFlags]});
});

after(async () => {
  await browser?.close();
  site?.close();
});

interface Visit {
  readonly page: Page;
  readonly requested: string[];
  readonly errors: string[];
}

const visit = async (): Promise<Visit> => {
  const page = await browser.newPage();
  const requested: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requested.push(request.url().replace(`${site.origin}/cdn/`, '')));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${site.origin}/`);
  // Not by `waitForFunction`, which the policy refuses.
  await page.evaluate(`(async () => {
    while (!document.querySelector('secure-map').getLayer?.('a')) await new Promise(requestAnimationFrame);
  })()`);
  await page.evaluate(`window.drawn = () => new Promise((resolve) => {
    const {map} = document.querySelector('secure-map');
    map.once('rendercomplete', () => {
      const [canvas] = map.getViewport().querySelectorAll('canvas');
      const at = (x, y) => [...canvas.getContext('2d').getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data];
      resolve({point: at(256, 256), square: at(220, 220), beside: at(5, 5)});
    });
    map.render();
  })`);
  return {page, requested, errors};
};

const drawn = (page: Page): Promise<Record<string, readonly number[]>> => page.evaluate('drawn()');

const setStyle = (page: Page, style: unknown): Promise<void> =>
  page.evaluate(`(() => document.querySelector('secure-map').getLayer('a').setStyle(${JSON.stringify(style)}))()`);

/** The compiler comes when it is asked for: looks until it is there, or the time of the test is over. */
const untilDrawn = async (page: Page, where: string, wanted: readonly number[]): Promise<void> => {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    const now = await drawn(page);
    if (String(now[where]) === String(wanted)) return;
  }
  assert.deepEqual((await drawn(page))[where], wanted);
};

test('features are drawn in the plain look with what the size report counts, and nothing more', async () => {
  const {page, requested, errors} = await visit();
  const {point, square: area, beside} = await drawn(page);
  assert.deepEqual(point, [11, 92, 173, 255]);
  assert.equal(area?.[3], 51);
  assert.deepEqual(beside, [0, 0, 0, 0]);
  const counted = loadedFor(bundle, /\/src\/layers\/geojson\.ts$/).map(({file}) => file);
  const late = requested.filter((file) => bundle.lazy.some((chunk) => chunk.file === file));
  assert.deepEqual(
    late.filter((file) => file.includes('vector')),
    counted.filter((file) => file.includes('vector')),
  );
  assert.deepEqual(
    late.filter((file) => /style|hitdetect|Icon/.test(file)),
    [],
  );
  assert.deepEqual(errors, []);
});

test('the page may give a layer a flat style, with shapes, expressions and text', async () => {
  const {page, errors} = await visit();
  await setStyle(page, {
    'fill-color': ['match', ['get', 'name'], 'square', 'red', 'blue'],
    'circle-radius': 12,
    'circle-fill-color': 'lime',
    'stroke-color': 'black',
    'stroke-offset': 4,
    'stroke-width': 2,
  });
  await untilDrawn(page, 'square', [255, 0, 0, 255]);
  assert.deepEqual((await drawn(page))['point'], [0, 255, 0, 255]);
  await setStyle(page, {
    'fill-color': 'blue',
    'text-value': '██████',
    'text-font': '60px sans-serif',
    'text-fill-color': 'yellow',
  });
  await untilDrawn(page, 'point', [255, 255, 0, 255]);
  await page.evaluate(`document.querySelector('secure-map').getLayer('a').setStyle()`);
  await untilDrawn(page, 'point', [11, 92, 173, 255]);
  assert.deepEqual(errors, []);
});

test('a flat style that is wrong is an error of the page, and the features keep their look', async () => {
  const {page, errors} = await visit();
  await drawn(page);
  await setStyle(page, {'fill-color': ['no-such-operator']});
  while (errors.length === 0) await drawn(page);
  assert.match(errors.join(), /no-such-operator/);
  assert.deepEqual((await drawn(page))['point'], [11, 92, 173, 255]);
});

test('a layer can be asked for the features at a pixel', async () => {
  const {page, errors} = await visit();
  await drawn(page);
  const names = await page.evaluate(`(async () => {
    const layer = document.querySelector('secure-map').getLayer('a');
    const ask = async (pixel) => (await layer.getFeatures(pixel)).map((feature) => feature.get('name'));
    return [await ask([220, 220]), await ask([5, 5])];
  })()`);
  assert.deepEqual(names, [['square'], []]);
  assert.deepEqual(errors, []);
});
