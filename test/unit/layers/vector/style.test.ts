import {expect} from '@open-wc/testing';
import type VectorLayer from 'ol/layer/Vector.js';
import {createLayer} from '../../../../src/layers/registry.js';
import {flatStyleLater} from '../../../../src/layers/vector/flat-style-later.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {countBitmaps} from '../../../doubles/counted-bitmaps.js';
import {imageAnswer} from '../../../doubles/images.js';
import {recordedContext} from '../../../doubles/recorded-context.js';
import {rejection} from '../../../doubles/rejection.js';
import {ScriptedServer} from '../../../doubles/scripted-server.js';
import {showLayer, type ShownLayer} from '../../../doubles/shown-layer.js';

const square = [
  [
    [-60, -60],
    [60, -60],
    [60, 60],
    [-60, 60],
    [-60, -60],
  ],
];
const data = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      id: 7,
      properties: {name: 'square', size: {m: 5}, html: '<b>x</b> & y'},
      geometry: {type: 'Polygon', coordinates: square},
    },
    {type: 'Feature', properties: {name: 'point'}, geometry: {type: 'Point', coordinates: [0, 0]}},
  ],
};
const config = {type: 'geojson', data} as const;
const accent = [11, 92, 173, 255];
const noServer = (): Error => new Error('nothing is to be asked');
const icon = {'icon-src': 'icons/a.png'};
const {signal} = new AbortController();
const at = (x: number, y: number) => ({coordinate: [0, 0], pixel: [x, y], resolution: 1, projection: 'EPSG:3857'});

/** Red, green, blue and alpha in the middle of a picture. */
const middleOf = (image: CanvasImageSource): readonly number[] => {
  const canvas = new OffscreenCanvas(30, 20);
  const context = canvas.getContext('2d');
  context?.drawImage(image, 0, 0);
  return [...(context?.getImageData(15, 10, 1, 1).data ?? [])];
};

describe('the look of features', () => {
  let shown: ShownLayer | undefined;
  afterEach(() => {
    shown?.remove();
    shown = undefined;
  });

  it('is a plain one where the config has no style', async () => {
    shown = await showLayer(config, noServer);
    expect(shown.page.pixel(256, 256)).to.eql(accent);
    const [red, green, blue, alpha] = shown.page.pixel(230, 230);
    expect(alpha).to.equal(51);
    for (const [i, part] of [red, green, blue].entries()) expect(part).to.be.closeTo(accent[i] ?? 0, 4);
    expect(shown.page.pixel(5, 5)).to.eql([0, 0, 0, 0]);
  });

  it('asks for icons through the map once, and frees them', async () => {
    const bitmaps = countBitmaps();
    const before = bitmaps.open;
    const style = [{style: icon}, {style: [{...icon, 'icon-color': 'lime'}], filter: ['==', ['get', 'name'], 'point']}];
    shown = await showLayer({...config, style}, () => imageAnswer('white', 16));
    expect(shown.server.asked.map(({url}) => url)).to.eql(['https://maps.example/config/icons/a.png']);
    expect(shown.page.pixel(256, 256)).to.eql([0, 255, 0, 255]);
    expect(shown.handle.isPersonal).to.equal(true);
    expect(shown.context.heard).to.eql({starts: 1, ends: 1, errors: []});
    shown.remove();
    shown = undefined;
    expect(bitmaps.open).to.equal(before);
    bitmaps.restore();
  });

  it('never shows one visitor the icon of another', async () => {
    shown = await showLayer({...config, style: icon}, () => imageAnswer('red', 16));
    const other = await showLayer({...config, style: icon}, () => imageAnswer('blue', 16));
    expect(shown.page.pixel(256, 256)).to.eql([255, 0, 0, 255]);
    expect(other.page.pixel(256, 256)).to.eql([0, 0, 255, 255]);
    expect(other.server.asked).to.have.length(1);
    other.remove();
  });

  it('is not made without its icon: the layer is made again later', async () => {
    const refusal = new RequestError('no', {kind: 'forbidden', status: 403, url: 'https://maps.example/'});
    const {request} = new ScriptedServer(() => refusal);
    expect(await rejection(createLayer({...config, style: icon}, recordedContext(request)))).to.equal(refusal);
  });

  it('has no addresses but those of icons, and those in no expressions', async () => {
    const {request, asked} = new ScriptedServer(noServer);
    for (const [style, words] of [
      [{'fill-pattern-src': 'https://maps.example/a.png'}, '"fill-pattern-src" in the "style" of the layer must be'],
      [{'icon-src': 'blob:https://maps.example/1'}, '"icon-src" in the "style" of the layer must be'],
      [{...icon, 'icon-color': ['get', 'colour']}, '"icon-color" in the "style" of the layer must be a colour'],
      [{'fill-color': ['no-such-operator']}, 'The style of the layer is not a flat style: '],
      [
        {version: 8, sources: {}, layers: [{id: 'a', type: 'background'}]},
        'The style of the layer is not a MapLibre style: it has no layer',
      ],
    ] as const) {
      const error = await rejection(createLayer({...config, style}, recordedContext(request)));
      expect(error).to.have.property('code', 'invalid-layer');
      expect(String(error)).to.include(words);
    }
    expect(asked).to.eql([]);
  });

  it('may be a MapLibre style, whatever sources that was made for', async () => {
    const style = {
      version: 8,
      sources: {tiles: {type: 'vector', url: 'https://elsewhere.example/'}},
      sprite: 'https://elsewhere.example/sprite',
      layers: [
        {id: 'ground', type: 'background', paint: {'background-color': 'black'}},
        {
          id: 'a',
          type: 'fill',
          source: 'tiles',
          'source-layer': 'b',
          filter: ['==', 'name', 'square'],
          paint: {'fill-color': '#ff0000', 'fill-antialias': false},
        },
        {
          id: 'c',
          type: 'circle',
          source: 'tiles',
          'source-layer': 'd',
          paint: {'circle-radius': 10, 'circle-color': '#00ff00'},
        },
      ],
    };
    shown = await showLayer({...config, style}, noServer);
    expect(shown.page.pixel(230, 230)).to.eql([255, 0, 0, 255]);
    expect(shown.page.pixel(256, 256)).to.eql([0, 255, 0, 255]);
    expect(shown.server.asked).to.eql([]);
  });

  it('can be told by signs: one for each kind of geometry that there is', async () => {
    shown = await showLayer(
      {...config, style: {'fill-color': 'red', 'circle-radius': 6, 'circle-fill-color': 'lime'}},
      noServer,
    );
    const signs = (await shown.handle.legend?.(signal)) ?? [];
    expect(signs.map(({image}) => middleOf(image))).to.eql([
      [0, 255, 0, 255],
      [255, 0, 0, 255],
    ]);
  });

  it('lets itself be asked what is at a place, in plain text', async () => {
    shown = await showLayer(config, noServer);
    const found = (await shown.handle.identify?.(at(256, 256), signal)) ?? [];
    expect(found.map(({properties}) => properties['name'])).to.eql(['point', 'square']);
    const [, area] = found;
    expect(area?.id).to.equal('7');
    expect(area?.properties).to.eql({name: 'square', size: '{"m":5}', html: 'x & y'});
    expect(area?.geometry).to.have.property('type', 'Polygon');
    expect(await shown.handle.identify?.(at(5, 5), signal)).to.eql([]);
  });

  it('stays as it was until a flat style of the page is compiled', async () => {
    shown = await showLayer(config, noServer);
    const layer = shown.handle.layer as VectorLayer;
    layer.setStyle(flatStyleLater({'circle-radius': 9, 'circle-fill-color': 'red'}, layer));
    const [point] = shown.features().filter((feature) => feature.get('name') === 'point');
    if (!point) throw new Error('no point');
    const [former] = [layer.getStyleFunction()?.(point, 1) ?? []].flat();
    expect(former?.getFill()?.getColor()).to.eql([11, 92, 173, 0.2]);
    await new Promise((resolve) => layer.once('change', resolve));
    await shown.page.rendered();
    expect(shown.page.pixel(256, 256)).to.eql([255, 0, 0, 255]);
  });
});
