import {expect} from '@open-wc/testing';
import type {LayerContext, LayerHandle} from '../../../src/layers/layer-kind.js';
import {tilejson} from '../../../src/layers/tilejson.js';
import {RequestError} from '../../../src/request/request-error.js';
import {imageAnswer} from '../../doubles/images.js';
import {pageMap, type PageMap} from '../../doubles/page-map.js';
import {recordedContext, type RecordedContext} from '../../doubles/recorded-context.js';
import {rejection} from '../../doubles/rejection.js';
import {ScriptedServer, type Answer} from '../../doubles/scripted-server.js';
import {tileAnswer} from '../../doubles/vector-tiles.js';

const red = [255, 0, 0, 255];
const clear = [0, 0, 0, 0];

describe('tilejson', () => {
  let server: ScriptedServer;
  let context: RecordedContext;
  let handle: LayerHandle | undefined;
  let page: PageMap | undefined;
  let tile: Response;

  before(async () => (tile = await imageAnswer('red')));
  beforeEach(() => (handle = page = undefined));
  afterEach(() => {
    handle?.dispose();
    page?.remove();
  });
  const make = async (document: Answer, overrides: Partial<LayerContext> = {}): Promise<LayerHandle> => {
    server = new ScriptedServer((url) => {
      if (url.includes('.json')) return document;
      return url.includes('.pbf') ? tileAnswer() : tile;
    });
    context = recordedContext(server.request, overrides);
    handle = await tilejson.create({type: 'tilejson', url: '/data/v3.json?key=k'}, context);
    return handle;
  };
  const show = async (view: Parameters<typeof pageMap>[1] = {zoom: 1}): Promise<string[]> => {
    page = pageMap(handle ? [handle.layer] : [], view);
    await page.rendered();
    return [...server.tally().keys()].slice(1).sort();
  };
  const json = (fields: object): Response =>
    Response.json({tilejson: '2.2.0', tiles: ['t/{z}/{x}/{y}.png'], ...fields});

  it('asks for tiles beside the document, and has its attribution', async () => {
    const {attribution, isPersonal} = await make(json({attribution: '© <a href="https://a.example">A</a>'}));
    expect({attribution, isPersonal}).to.eql({attribution: '© <a href="https://a.example">A</a>', isPersonal: true});
    expect(await show({zoom: 0})).to.eql(['https://maps.example/data/t/0/0/0.png']);
    expect(page?.pixel(250, 250)).to.eql(red);
    expect(server.asked[0]?.url).to.equal('https://maps.example/data/v3.json?key=k');
  });

  it('counts rows from below where it says so', async () => {
    await make(json({scheme: 'tms'}));
    expect(await show({zoom: 2, center: [-15_000_000, 15_000_000]})).to.include(
      'https://maps.example/data/t/2/0/3.png',
    );
    handle?.dispose();
    page?.remove();
    await make(json({tiles: ['/{z}/{x}/{-y}'], bounds: [-180, 70, -100, 80]}));
    expect(await show({zoom: 2, center: [-15_000_000, 15_000_000]})).to.eql(['https://maps.example/2/0/3']);
  });

  it('keeps within its levels and bounds', async () => {
    await make(json({minzoom: 2, maxzoom: 3, bounds: [10, 10, 40, 40]}));
    expect(await show({zoom: 6, center: [2_500_000, 2_500_000]})).to.eql(['https://maps.example/data/t/3/4/3.png']);
    page?.map.getView().setZoom(1);
    page?.map.getView().setCenter([0, 0]);
    await page?.rendered();
    expect(server.asked.at(-1)?.url).to.equal('https://maps.example/data/t/2/2/1.png');
    expect(page?.pixel(250, 400)).to.eql(clear);
    server.forget();
    page?.map.getView().setZoom(-1);
    await page?.rendered();
    expect(server.asked).to.eql([]);
  });

  it('has tiles of 512 pixels, and several hosts', async () => {
    await make(json({tileSize: 512, tiles: ['https://a.example/{z}/{x}/{y}', 'https://b.example/{z}/{x}/{y}']}));
    const asked = await show({zoom: 2});
    expect(asked).to.eql([
      'https://a.example/1/0/0',
      'https://a.example/1/1/1',
      'https://b.example/1/0/1',
      'https://b.example/1/1/0',
    ]);
  });

  it('shows features where the tiles have them', async () => {
    for (const fields of [
      {vector_layers: [], tiles: ['/{z}/{x}/{y}.pbf?a']},
      {format: 'pbf', tiles: ['/{z}/{x}/{y}.pbf']},
    ]) {
      await make(json(fields));
      const asked = await show({zoom: 2});
      expect(asked.length).to.be.above(0);
      expect(asked.every((url) => url.includes('.pbf'))).to.equal(true);
      expect(context.heard.errors).to.eql([]);
      handle?.dispose();
      page?.remove();
    }
  });

  it('takes no tiles so small that a view would have millions', async () => {
    await make(json({tileSize: 1}));
    expect(await show({zoom: 0})).to.eql(['https://maps.example/data/t/0/0/0.png']);
  });

  it('asks no host that is hidden in placeholders', async () => {
    const mayFollow = (url: string): boolean => new URL(url).origin === 'https://maps.example';
    for (const port of ['{z}', '{x}', '{y}', '{-y}']) {
      const tiles = [`https://maps.example:${port}443/{z}/{x}/{y}`];
      expect(await rejection(make(json({tiles}), {mayFollow}))).to.include({kind: 'format'});
      expect(server.asked).to.have.length(1);
    }
  });

  it('sends nothing to an origin that the page does not allow', async () => {
    const mayFollow = (url: string): boolean => new URL(url).hostname === 'maps.example';
    const tiles = ['t/{z}/{x}/{y}', 'https://evil.example/{z}/{x}/{y}'];
    expect(await rejection(make(json({tiles}), {mayFollow}))).to.include({kind: 'origin'});
    expect(server.asked).to.have.length(1);
  });

  it('says what is no TileJSON', async () => {
    for (const [answer, kind, words] of [
      [Response.json({version: 8, layers: []}), 'format', 'not a TileJSON'],
      [Response.json([]), 'format', 'not a TileJSON'],
      [json({tiles: ['/{z}.png', 7]}), 'format', 'not a TileJSON'],
      [new Response('<!doctype html>'), 'format', 'HTML'],
      [Response.json({code: 'NotFound', description: 'No such tiles'}), 'ogc', 'No such tiles'],
    ] as const) {
      const error = await rejection(make(answer));
      expect(error).to.be.instanceOf(RequestError);
      expect(error).to.include({kind});
      expect(String(error)).to.include(words).and.not.to.include('key=');
    }
  });
});
