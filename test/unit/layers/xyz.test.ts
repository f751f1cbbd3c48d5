import {expect} from '@open-wc/testing';
import type {LayerHandle} from '../../../src/layers/layer-kind.js';
import {osm} from '../../../src/layers/osm.js';
import {xyz} from '../../../src/layers/xyz.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap} from '../../doubles/page-map.js';
import {recordedContext} from '../../doubles/recorded-context.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';

describe('xyz', () => {
  let server: ScriptedServer;
  const urls = async (
    create: () => Promise<LayerHandle> | LayerHandle,
    view: Parameters<typeof pageMap>[1] = {zoom: 1},
  ): Promise<string[]> => {
    const handle = await create();
    const page = pageMap([handle.layer], view);
    await page.rendered();
    handle.dispose();
    page.remove();
    // One each, whatever number of worlds is in view.
    return [...server.tally().keys()].sort();
  };

  beforeEach(async () => {
    const tile = await imageAnswer('red');
    server = new ScriptedServer(() => tile);
  });

  it('resolves relative templates against the document of the config', async () =>
    expect(
      await urls(() => xyz.create({type: 'xyz', url: '../t/{z}/{x}/{y}.png?k={z}'}, recordedContext(server.request)), {
        zoom: 0,
      }),
    ).to.eql(['https://maps.example/t/0/0/0.png?k=0']));

  it('counts {-y} from below', async () =>
    expect(
      await urls(() => xyz.create({type: 'xyz', url: '/{z}/{x}/{-y}'}, recordedContext(server.request)), {
        zoom: 2,
        center: [-15_000_000, 15_000_000],
      }),
    ).to.include('https://maps.example/2/0/3'));

  it('spreads over the hosts of {a-c}', async () => {
    const asked = await urls(
      () => xyz.create({type: 'xyz', url: 'https://{a-c}.example/{z}/{x}/{y}'}, recordedContext(server.request)),
      {zoom: 3},
    );
    expect(new Set(asked.map((url) => new URL(url).host))).to.eql(new Set(['a.example', 'b.example', 'c.example']));
  });

  it('has tiles of the given size and projection', async () =>
    expect(
      await urls(
        () =>
          xyz.create(
            {type: 'xyz', url: '/{z}/{x}/{y}', tileSize: 512, projection: 'EPSG:4326'},
            recordedContext(server.request, {projection: 'EPSG:4326'}),
          ),
        {projection: 'EPSG:4326', resolution: 360 / 512},
      ),
    ).to.eql(['https://maps.example/0/0/0']));

  it('has OpenStreetMap with its attribution, which may be replaced', async () => {
    const context = recordedContext(server.request);
    expect(await urls(() => osm.create({type: 'osm', credential: 'none'}, context), {zoom: 0})).to.eql([
      'https://tile.openstreetmap.org/0/0/0.png',
    ]);
    const made = await osm.create({type: 'osm', credential: 'none'}, context);
    const other = await osm.create({type: 'osm', credential: 'none', attribution: 'mine'}, context);
    expect(made.layer.get('attribution')).to.include('OpenStreetMap');
    expect(other.layer.get('attribution')).to.equal('mine');
    made.dispose();
    other.dispose();
  });
});
