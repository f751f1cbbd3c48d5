import {expect} from '@open-wc/testing';
import {parseLayers} from '../../../src/config/parse-layers.js';
import {createLayer, type LayerConfig} from '../../../src/layers/registry.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap} from '../../doubles/page-map.js';
import {recordedContext} from '../../doubles/recorded-context.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';
import {tileAnswer} from '../../doubles/vector-tiles.js';

const half = 20_037_508.342789244;

describe('tiles of their own', () => {
  let server: ScriptedServer;

  /** The paths that are asked for, once each. */
  const asked = async (config: object, view: Parameters<typeof pageMap>[1]): Promise<string[]> => {
    const {layers, problems} = await parseLayers([config]);
    expect(problems.map(({message}) => message)).to.eql([]);
    const layer = layers[0]?.config as LayerConfig;
    const handle = await createLayer(layer, recordedContext(server.request));
    const page = pageMap([handle.layer], view, [256, 256]);
    await page.rendered();
    handle.dispose();
    page.remove();
    return [...server.tally().keys()].map((url) => url.replace('https://maps.example', '')).sort();
  };
  /** What is wrong with a layer, of its form or of its numbers. */
  const wrong = async (config: object): Promise<string> => {
    const {layers, problems} = await parseLayers([config]);
    const layer = layers[0]?.config;
    if (!layer) return problems.map(({message}) => message).join();
    return createLayer(layer, recordedContext(server.request)).then(
      () => 'nothing',
      ({message}: Error) => message,
    );
  };

  beforeEach(async () => {
    const tile = await imageAnswer('red');
    server = new ScriptedServer((url) => (url.endsWith('.mvt') ? tileAnswer() : tile));
  });

  const url = '/{z+1}/{x+1}:{y+1}/tile.png';
  const quarter = {zoom: 2, center: [-15_000_000, 15_000_000]};

  it('may be counted from one', async () => {
    expect(await asked({type: 'xyz', url}, {zoom: 0})).to.eql(['/1/1:1/tile.png']);
  });

  it('may be counted from one where they are features', async () => {
    const view = {zoom: 1, center: [-half / 2, half / 2]};
    expect(await asked({type: 'mvt', url: '/{z+1}/{x+1}:{y+1}.mvt'}, view)).to.eql(['/1/1:1.mvt']);
  });

  it('may be asked for by their edges', async () => {
    const paths = await asked({type: 'xyz', url: '/image.png;w=256;b={bbox},epsg:3857'}, {zoom: 0});
    expect(paths).to.eql([`/image.png;w=256;b=${-half},${-half},${half},${half},epsg:3857`]);
  });

  it('has no level beyond the highest, nor below the lowest', async () => {
    const highest = await asked({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid: {maxLevel: 1}}, {...quarter, zoom: 4});
    expect(highest).to.eql(['/1/0/0']);
    server.forget();
    const lowest = await asked({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid: {minLevel: 3}}, quarter);
    expect(lowest.length).to.be.greaterThan(0);
    expect(lowest.every((path) => path.startsWith('/3/'))).to.equal(true);
    server.forget();
    // A view of the whole world would ask for all of a detailed level.
    expect(await asked({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid: {minLevel: 6}}, {zoom: 0})).to.eql([]);
  });

  it('has features up to the highest level only', async () => {
    const config = {type: 'mvt', url: '/{z}/{x}/{y}.mvt', tileGrid: {maxLevel: 0}};
    expect(await asked(config, {zoom: 3, center: [-half / 2, half / 2]})).to.eql(['/0/0/0.mvt']);
  });

  it('is not asked for outside of the bounds', async () => {
    const tileGrid = {bounds: [1, -half, half, -1]};
    expect(await asked({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid}, {zoom: 1})).to.eql(['/1/1/1']);
  });

  it('begins with one tile over its extent, in its own projection', async () => {
    const tileGrid = {extent: [0, 0, 1024, 1024]};
    const view = {center: [256, 768], resolution: 2};
    expect(await asked({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid}, view)).to.eql(['/1/0/0']);
  });

  it('may have levels that it lists, with names', async () => {
    const tileGrid = {origin: [0, 1000], resolutions: [10, 3], names: ['coarse', '1e-7']};
    const config = {type: 'xyz', url: '/{z}/{x}/{y}', tileGrid};
    expect(await asked(config, {center: [384, 616], resolution: 3})).to.eql(['/1e-7/0/0']);
  });

  for (const [tileGrid, why] of [
    [{minLevel: 3, maxLevel: 2}, 'The "tileGrid" of the layer has a "minLevel" above its "maxLevel".'],
    [{resolutions: [2, 1]}, 'The "tileGrid" of the layer has "resolutions", which need an "origin" beside them.'],
    [{resolutions: [2, 1], origin: [0, 0], names: ['a']}, 'The "tileGrid" of the layer has fewer "names" than levels.'],
    [
      {resolutions: [2, 1], origin: [0, 0], maxLevel: 2},
      'The "tileGrid" of the layer has a "maxLevel" beyond the last of its "resolutions".',
    ],
    [
      {resolutions: [1, 2], origin: [0, 0]},
      'The "tileGrid" of the layer has "resolutions" that are not 1 to 41 numbers of units per pixel, the largest first.',
    ],
    [{minLevel: 41}, 'The "tileGrid" of the layer has a level that is no whole number from 0 to 40.'],
    [{maxLevel: 1.5}, 'The "tileGrid" of the layer has a level that is no whole number from 0 to 40.'],
    [{bounds: 'all'}, 'layers[0].tileGrid.bounds: must be [min x, min y, max x, max y]'],
    [{levels: 3}, 'layers[0].tileGrid.levels: is not known here'],
    [
      {extent: [0, 0, 0, 1]},
      'The "tileGrid" of the layer has as "extent" no area: [min x, min y, max x, max y] in the units of the projection.',
    ],
  ] as const) {
    it(`cannot be ${JSON.stringify(tileGrid)}`, async () => {
      expect(await wrong({type: 'xyz', url: '/{z}/{x}/{y}', tileGrid})).to.equal(why);
    });
  }

  it('needs placeholders that tell the tiles apart', async () => {
    expect(await wrong({type: 'xyz', url: '/{z+1}/{x}'})).to.contain('with {z}, {x} and {y} (or {-y}) in it');
  });
});
