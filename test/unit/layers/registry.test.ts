import {expect} from '@open-wc/testing';
import {toJsonSchema} from '@valibot/to-json-schema';
import {parseLayers} from '../../../src/config/parse-layers.js';
import {createLayer, isLayerType, layerTypes, loadLayerKind} from '../../../src/layers/registry.js';
import {layerProblems} from '../../doubles/layer-problems.js';
import {recordedContext} from '../../doubles/recorded-context.js';

const features = {type: 'FeatureCollection', features: []};
const geojsonWith = (style: Record<string, unknown> | Record<string, unknown>[]) =>
  ({type: 'geojson', data: features, style}) as const;

describe('the registry of layers', () => {
  it('says where an unknown type is and what is allowed', async () => {
    const allowed = layerTypes.join(', ');
    expect(await layerProblems({type: 'tms'})).to.eql([`type: "tms" is not a layer type; allowed are ${allowed}`]);
    expect(await layerProblems({})).to.eql([`type: nothing is not a layer type; allowed are ${allowed}`]);
    expect(await layerProblems('xyz')).to.eql([': must be an object']);
    expect((await layerProblems({type: 'x'.repeat(5000)}))[0])
      .to.have.property('length')
      .that.is.below(allowed.length + 130);
  });

  it('says which field is missing or wrong, each of them', async () => {
    expect(await layerProblems({type: 'xyz'})).to.eql(['url: "url" is required']);
    expect(await layerProblems({type: 'wms', url: '/wms'})).to.eql(['layers: "layers" is required']);
    expect(await layerProblems({type: 'geojson'})).to.eql(['url: either "url" or "data" is required']);
    expect((await layerProblems({type: 'geojson', url: 7}))[0]).to.match(/^url: must be an http\(s\) URL/);
    expect(await layerProblems({type: 'wms', url: '/wms', layers: 'a', params: {a: []}})).to.eql([
      'params.a: must be a text, a number, true or false',
    ]);
    expect(await layerProblems({type: 'osm', opacity: 80, minZoom: '3', id: ''})).to.eql([
      'id: must not be empty',
      'opacity: must be a number from 0 to 1',
      'minZoom: must be a zoom level, a number from 0 to 50',
    ]);
  });

  it('takes no credential for OpenStreetMap', async () => {
    expect(await layerProblems({type: 'osm', credential: 'main'})).to.eql([
      'credential: must be "none": OpenStreetMap takes no credential',
    ]);
    expect((await parseLayers([{type: 'osm'}])).layers[0]?.config).to.eql({type: 'osm', credential: 'none'});
  });

  it('takes http(s) and relative URLs only', async () => {
    for (const url of ['https://a.example/', 'HTTP://a.example/', '/a', '../a', '//a.example/b', 'a?b=c:d'])
      expect(await layerProblems({type: 'geojson', url}), url).to.eql([]);
    for (const url of ['javascript:alert(1)', 'data:,{}', 'file:///etc/passwd', 'blob:x', 'JavaScript:x', ''])
      expect(await layerProblems({type: 'geojson', url}), url).to.have.length(1);
    for (const url of ['/{z}/{x}', 'data:{z}{x}{y}', '/{x}/{y}'])
      expect(await layerProblems({type: 'xyz', url}), url).to.have.length(1);
    for (const url of ['/{z}/{x}/{-y}', 'https://{a-c}.example/{y}{x}{z}'])
      expect(await layerProblems({type: 'xyz', url}), url).to.eql([]);
  });

  it('keeps every kind under the type that its schema has, and its schema becomes JSON Schema', async () => {
    for (const type of layerTypes.filter(isLayerType)) {
      const {schema} = await loadLayerKind(type);
      expect(JSON.stringify(toJsonSchema(schema, {ignoreActions: ['finite', 'check']}))).to.include(
        `"type":{"const":"${type}"}`,
      );
    }
  });

  it('makes layers with what every layer has', async () => {
    const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
    const common = {
      id: 'a',
      title: 'A',
      opacity: 0.5,
      visible: false,
      minZoom: 3,
      maxZoom: 9,
      attribution: '<b>me</b>',
    };
    const handle = await createLayer({type: 'xyz', url: '/{z}/{x}/{y}', ...common}, context);
    const {layer} = handle;
    expect([layer.getOpacity(), layer.getVisible(), layer.getMinZoom(), layer.getMaxZoom()]).to.eql([0.5, false, 3, 9]);
    expect(layer.getProperties()).to.include({id: 'a', title: 'A', attribution: '<b>me</b>'});
    handle.dispose();
  });

  it('is done with a style that holds itself', async () => {
    const style: Record<string, unknown> = {'fill-color': 'red'};
    style['style'] = style;
    const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
    const layer = await createLayer(geojsonWith(style), context);
    expect(layer.layer.getVisible()).to.equal(true);
    layer.dispose();
  });

  it('takes images that stand in a style themselves', async () => {
    const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
    const icon = {'icon-src': 'data:image/png;base64,iVBORw0KGgo='};
    for (const style of [icon, [icon], [{else: true, style: icon}]])
      (await createLayer(geojsonWith(style), context)).dispose();
  });

  it('takes ranges of up to 32 hosts', async () => {
    const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
    for (const range of ['{a-z}', '{0-31}', '{4-4}'])
      (await createLayer({type: 'xyz', url: `https://${range}.example/{z}/{x}/{y}`}, context)).dispose();
  });

  for (const [what, config, words] of [
    ['a projection is not known', {type: 'xyz', url: '/{z}/{x}/{y}', projection: 'EPSG:1234'}, 'EPSG:1234'],
    ['a template is no URL', {type: 'xyz', url: 'https://[{z}{x}{y}?token=secret'}, 'not a valid URL'],
    ['a service is no URL', {type: 'wms', url: 'https://a:b:c/?token=secret', layers: 'a'}, 'not a valid URL'],
    ['a range has too many hosts', {type: 'xyz', url: 'https://t{0-2000000}.example/{z}/{x}/{y}'}, '1 to 32 hosts'],
    [
      'a range has no end',
      {type: 'xyz', url: `https://t{9007199254740992-9007199254740993}.example/{z}/{x}/{y}`},
      '1 to 32',
    ],
    ['a range runs backwards', {type: 'xyz', url: 'https://{c-a}.example/{z}/{x}/{y}'}, '{c-a}'],
    [
      'a style has the URL of a pattern',
      geojsonWith([{'fill-pattern-src': 'https://a.example/'}]),
      '"fill-pattern-src"',
    ],
    ['a style has an expression for a URL', geojsonWith({'icon-src': ['get', 'icon']}), 'data:image/'],
    ['a file is no URL', {type: 'geojson', url: 'https://?token=secret'}, 'not a valid URL'],
  ] as const) {
    it(`says at once that ${what}`, async () => {
      const context = recordedContext(() => Promise.reject(new Error('nothing is asked for here')));
      const refusal: unknown = await createLayer(config, context).catch((error: unknown) => error);
      expect(refusal).to.have.property('code', 'invalid-layer');
      expect(String(refusal)).to.include(words).and.not.to.include('secret');
    });
  }
});
