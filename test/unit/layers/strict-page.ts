import {createLayer, type LayerConfig} from '../../../src/layers/registry.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap} from '../../doubles/page-map.js';
import {recordedContext} from '../../doubles/recorded-context.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';
import {wmtsCapabilities} from '../../doubles/wmts-capabilities.js';

/** Runs inside the document whose policy is tested, and tells the page around it what came of it. */
const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
  violations.push(`${violatedDirective} ${blockedURI}`),
);

const square = 'M0 0H64V64H0z';
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><path d="${square}"/></svg>`;
const polygon = [
  [
    [-90, -60],
    [90, -60],
    [90, 60],
    [-90, -60],
  ],
];
const configs: LayerConfig[] = [
  {type: 'xyz', url: '/tiles/{z}/{x}/{y}.png'},
  {type: 'xyz', url: '/reprojected/{z}/{x}/{y}.png', projection: 'EPSG:4326'},
  {type: 'wms', url: '/wms', layers: 'a'},
  {type: 'wms', url: '/single', layers: 'a', single: true},
  {type: 'wmts', url: '/wmts'},
  {
    type: 'geojson',
    url: '/a.json',
    style: {'fill-color': 'lime', 'stroke-color': ['case', ['>', ['get', 'n'], 1], 'red', 'blue']},
  },
];

const run = async (): Promise<unknown> => {
  const tile = await imageAnswer('red');
  const server = new ScriptedServer((url) => {
    if (url.includes('GetCapabilities')) return wmtsCapabilities();
    if (url.includes('.svg')) return new Response(svg, {headers: {'content-type': 'image/svg+xml'}});
    if (!url.includes('.json')) return tile;
    return Response.json({type: 'Feature', properties: {n: 2}, geometry: {type: 'Polygon', coordinates: polygon}});
  });
  const context = recordedContext(server.request);
  const handles = await Promise.all(configs.map((config) => createLayer(config, context)));
  const page = pageMap(handles.map(({layer}) => layer));
  await page.rendered();
  const drawn = [page.pixel(100, 100), page.pixel(300, 300)];
  for (const handle of handles) handle.reset();
  await page.rendered();
  for (const handle of handles) handle.dispose();
  const normal = {
    asked: server.asked.length,
    errors: context.heard.errors.map(String),
    violations: [...violations],
    drawn,
  };
  // SVG needs `img-src data:`, which this policy does not give.
  const svgLayer = await createLayer({type: 'xyz', url: '/{z}/{x}/{y}.svg'}, context);
  page.map.addLayer(svgLayer.layer);
  await page.rendered();
  return {normal, svg: context.heard.errors.map(({kind}) => kind)};
};

run().then(
  (outcome) => parent.postMessage({outcome}, origin),
  (error: unknown) => parent.postMessage({outcome: String(error)}, origin),
);
