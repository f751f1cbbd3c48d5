import {expect} from '@open-wc/testing';
import {fromLonLat} from 'ol/proj.js';
import {image} from '../../../src/layers/image.js';
import type {LayerHandle} from '../../../src/layers/layer-kind.js';
import {imageAnswer} from '../../doubles/images.js';
import {layerProblems} from '../../doubles/layer-problems.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {expectError, rejection} from '../../doubles/rejection.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {ScriptedServer} from '../../doubles/scripted-server.js';

const config = {type: 'image' as const, url: 'plan.png', extent: [0, 0, 90, 60] as [number, number, number, number]};
const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];

describe('image', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle;
  let page: PageMap;

  beforeEach(async () => {
    const answer = await imageAnswer('red', 64);
    server = new ScriptedServer(() => answer);
    context = recordedContext(server.request);
  });
  afterEach(() => {
    handle.dispose();
    page.remove();
  });
  const show = async (view: Parameters<typeof pageMap>[1]): Promise<void> => {
    page = pageMap([handle.layer], view);
    await page.rendered();
  };

  it('lies where its longitudes and latitudes are, in a view of another projection', async () => {
    handle = await image.create(config, context);
    await show({zoom: 0});
    expect(server.asked.map(({url}) => url)).to.eql(['https://maps.example/config/plan.png']);
    // 512 pixels, of which one world of zoom 0 takes 256: 60° north is 54 pixels above the equator.
    expect(page.pixel(260, 250)).to.eql(red);
    expect(page.pixel(315, 206)).to.eql(red);
    expect(page.pixel(315, 198)).to.eql(clear);
    expect(page.pixel(325, 250)).to.eql(clear);
    expect(page.pixel(250, 250)).to.eql(clear);
    expect(page.pixel(260, 262)).to.eql(clear);
    expect(context.heard).to.eql({starts: 1, ends: 1, errors: []});
  });

  it('lies where its coordinates are, with rows and columns of different sizes', async () => {
    handle = await image.create({...config, extent: [0, 0, 10_000_000, 2_000_000], crs: 'EPSG:3857'}, context);
    await show({zoom: 0});
    expect(page.pixel(318, 250)).to.eql(red);
    expect(page.pixel(318, 240)).to.eql(clear);
    expect(page.pixel(322, 250)).to.eql(clear);
  });

  it('lies where it belongs by a projection that ol does not have', async () => {
    // From the tower in Amersfoort (RDNAPTRANS2018) 100 km to the north and the east.
    const extent: (typeof config)['extent'] = [155_000, 463_000, 255_000, 563_000];
    handle = await image.create({...config, extent, crs: 'urn:ogc:def:crs:EPSG::28992'}, context);
    await show({zoom: 8, center: fromLonLat([5.387203657, 52.155172897])});
    for (const far of [6, 100, 200]) {
      expect(page.pixel(256 + far, 255 - far)).to.eql(red);
      expect(page.pixel(255 - far, 255 - far)).to.eql(clear);
      expect(page.pixel(256 + far, 256 + far)).to.eql(clear);
    }
  });

  it('is asked for once, wherever the view goes', async () => {
    handle = await image.create(config, context);
    await show({zoom: 1});
    page.map.getView().setZoom(5);
    await page.rendered();
    page.map.getView().setCenter([1_000_000, 1_000_000]);
    await page.rendered();
    expect(page.pixel(250, 250)).to.eql(red);
    expect(server.asked).to.have.length(1);
  });

  it('is not asked for while it is not in view', async () => {
    handle = await image.create(config, context);
    await show({zoom: 5, center: [-10_000_000, -5_000_000]});
    expect(server.asked).to.eql([]);
  });

  it('comes after all when it was hidden while it loaded', async () => {
    handle = await image.create(config, context);
    server.hold();
    page = pageMap([handle.layer], {zoom: 1});
    await server.got(1);
    handle.layer.setVisible(false);
    await page.framed();
    expect(server.count('aborted')).to.equal(1);
    handle.layer.setVisible(true);
    await server.got(2);
    server.release();
    await page.rendered();
    expect(page.pixel(260, 250)).to.eql(red);
  });
});

describe('the configuration of an image', () => {
  const refused = async (wrong: Parameters<typeof image.create>[0], words: string): Promise<void> => {
    const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
    const error = expectError(await rejection(Promise.resolve(image.create(wrong, context))), 'invalid-layer');
    expect(error.message).to.include(words);
  };

  it('says what its extent must be', async () => {
    const wrong = 'extent: must be [west, south, east, north], with west < east and south < north';
    await refused({...config, extent: [90, 0, 0, 60]}, 'west < east');
    expect(await layerProblems({...config, extent: '0,0,90,60'})).to.eql([wrong]);
    expect(await layerProblems({...config, extent: [0, 0, 90, null]})).to.eql([wrong.replace(':', '[3]:')]);
  });

  it('says that a projection is not known', async () => {
    await refused({...config, crs: 'EPSG:99999'}, 'EPSG:99999');
  });
});
