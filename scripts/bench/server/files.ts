import {readFile} from 'node:fs/promises';
import {extname, join, normalize} from 'node:path';
import type {Reply} from '../../../demo/servers/exchange.js';
import type {Place} from '../page/harness.js';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};

const html = (head: string, body: string): Reply => ({
  status: 200,
  headers: {'content-type': 'text/html; charset=utf-8'},
  body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Tiles</title>
    <link rel="icon" href="data:,">
    <style>
      html, body { margin: 0; block-size: 100%; overflow: hidden; }
      #map, secure-map, eox-map { display: block; inline-size: 100%; block-size: 100%; }
    </style>
    ${head}
  </head>
  <body>
    ${body}
  </body>
</html>`,
});

const module = (src: string): string => `<script type="module" src="${src}"></script>`;

/** Of a package that is installed here, or not. */
const vendors: Readonly<Record<string, readonly string[]>> = {
  maplibre: ['<link rel="stylesheet" href="/vendor/maplibre-gl/dist/maplibre-gl.css">'],
  'eox-map': [module('/vendor/@eox/map/dist/eox-map.js')],
  tag: [module('/secure-map.js')],
  bare: [],
};

/** An empty page with what makes maps in it. */
export const benchPage = (name: string): Reply =>
  html([...(vendors[name] ?? []), module(`/bench/${name}.js`)].join('\n    '), '<div id="map"></div>');

/** A page as somebody would write it, with a map from the start. */
export const loadPage = (name: 'bare' | 'tag', tiles: string, {lonLat, zoom}: Place, more: string): Reply => {
  const [lon, lat] = lonLat;
  if (name === 'bare')
    return html(
      module('/bench/load-bare.js'),
      `<div id="map" data-tiles="${tiles}" data-lon="${lon}" data-lat="${lat}" data-zoom="${zoom}"></div>`,
    );
  const layers = JSON.stringify([{type: 'xyz', id: 'tiles', url: tiles}]);
  return html(
    `${module('/secure-map.js')}\n    ${module('/bench/load-tag.js')}`,
    `<secure-map id="map" center="${lon},${lat}" zoom="${zoom}" layers='${layers}' ${more}></secure-map>`,
  );
};

/** Files below these folders, each by the beginning of its path. */
export const createFiles =
  (folders: Readonly<Record<string, string>>) =>
  async (path: string): Promise<Reply | undefined> => {
    const prefix = Object.keys(folders).find((each) => path.startsWith(each));
    const folder = prefix === undefined ? undefined : folders[prefix];
    if (prefix === undefined || folder === undefined || path.includes('..')) return undefined;
    const body = await readFile(join(folder, normalize(path.slice(prefix.length)))).catch(() => undefined);
    return body && {status: 200, headers: {'content-type': types[extname(path)] ?? 'application/octet-stream'}, body};
  };
