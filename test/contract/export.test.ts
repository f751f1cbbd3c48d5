import {browserEnvironment} from '../../src/element/browser-environment.js';
import {expect} from '@open-wc/testing';
import TileLayer from 'ol/layer/Tile.js';
import {get as getProjection} from 'ol/proj.js';
import {createXYZ} from 'ol/tilegrid.js';
import {parseLayers} from '../../src/config/parse-layers.js';
import {LayersController} from '../../src/element/layers-controller.js';
import {exportImage} from '../../src/element/panels/export-image.js';
import {FetchedTileSource} from '../../src/layers/raster/fetched-tile-source.js';
import {createLayer, layerTypes} from '../../src/layers/registry.js';
import type {RequestError} from '../../src/request/request-error.js';
import {pageMap} from '../doubles/page-map.js';
import {ScriptedServer} from '../doubles/scripted-server.js';
import {layerFixtures} from './fixtures.js';

it('the image of a map does not wait for ever for a server that hangs', async () => {
  const projection = getProjection('EPSG:3857');
  if (!projection) throw new Error('no projection');
  const source = new FetchedTileSource({
    projection,
    tileGrid: createXYZ(),
    tileUrl: () => 'https://maps.example/',
    fetch: () => new Promise(() => undefined),
    failed: () => undefined,
    repaint: () => undefined,
  });
  const page = pageMap([new TileLayer({source})]);
  try {
    const image = await exportImage(page.map, '', {}, 100);
    expect(image.size).to.be.above(0);
  } finally {
    page.remove();
  }
});

it('the image of a map with a layer of every kind on it is untainted', async function () {
  // All of the package that draws is loaded here.
  this.timeout(30_000);
  const page = pageMap([]);
  const errors: RequestError[] = [];
  const fixtures = Object.values(layerFixtures).flat();
  const servers = fixtures.map(({answer}) => new ScriptedServer(answer));
  const layers = new LayersController({
    map: page.map,
    createLayer,
    contextFor: (_config, id, baseUrl, signal) => ({
      request: (servers[Number(id.split(' ')[1])] ?? new ScriptedServer(() => new Error(id))).request,
      isPublic: () => false,
      mayFollow: () => true,
      inTurn: (_url, _signal, task) => task(),
      share: (_key, work) => work(signal),
      clock: browserEnvironment,
      baseUrl,
      projection: 'EPSG:3857',
    }),
    onChange: () => undefined,
    onLoadStart: () => undefined,
    onLoadEnd: () => undefined,
    onLayerError: (_id, error) => errors.push(error),
    onProblem: (error) => {
      throw error;
    },
  });
  try {
    // What is in a group has the server of the group.
    const configs = fixtures.map(({config}, index) => ({...config, id: `layer ${index}`}));
    const named = configs.map((config, index) =>
      config.type === 'group'
        ? {...config, layers: config.layers.map((child) => ({...Object(child), id: `child ${index}`}))}
        : config,
    );
    const {layers: parsed, problems} = await parseLayers(named);
    expect(problems.map(({message}) => message)).to.eql([]);
    await layers.replaceAll('page', parsed, 'https://maps.example/config/');
    const image = await exportImage(page.map, 'Every kind', {});
    expect(errors.map(({message}) => message)).to.eql([]);
    expect(new Set(fixtures.map(({config}) => config.type))).to.eql(new Set(layerTypes));
    for (const server of servers) expect(server.count('answered')).to.be.above(0);
    const bitmap = await createImageBitmap(image);
    expect([image.type, bitmap.width, bitmap.height]).to.eql(['image/png', 512, 512]);
  } finally {
    layers.suspend();
    page.remove();
  }
});
