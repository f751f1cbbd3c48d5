import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../src/config/parse-config.js';
import {parseLayers} from '../../../src/config/parse-layers.js';

const xyz = {type: 'xyz', url: 'https://maps.example/{z}/{x}/{y}.png'};
const said = async (document: unknown): Promise<string[]> =>
  (await parseConfig(document)).problems.map(({message}) => message);

describe('parseConfig', () => {
  it('takes a document as it is meant', async () => {
    const {title, view, layers, problems} = await parseConfig({
      $schema: 'https://maps.example/schema.json',
      title: 'Sewers',
      view: {center: [5, 52], zoom: 11, extent: [4, 51, 6, 53]},
      layers: [xyz, {type: 'osm', id: 'streets'}],
    });
    expect(problems).to.be.empty;
    expect(title).to.equal('Sewers');
    expect(view).to.eql({center: [5, 52], zoom: 11, extent: [4, 51, 6, 53]});
    expect(layers.map(({config}) => config.id)).to.eql([undefined, 'streets']);
  });

  for (const document of [null, undefined, 7, 'text', [], [xyz]]) {
    it(`is no object: ${JSON.stringify(document)}`, async () => {
      expect((await parseConfig(document)).layers).to.be.empty;
      expect(await said(document)).to.have.length(1);
    });
  }

  const wrong: readonly (readonly [what: string, document: object, message: string])[] = [
    ['no layers', {}, 'layers: must be an array'],
    ['an unknown type', {layers: [{type: 'nope'}]}, 'layers[0].type: "nope" is not a layer type; allowed are'],
    ['no url', {layers: [xyz, {type: 'xyz'}]}, 'layers[1].url:'],
    ['a wrong unit', {layers: [{...xyz, opacity: 80}]}, 'layers[0].opacity: must be a number from 0 to 1'],
    [
      'a misspelt field of a layer',
      {layers: [{...xyz, opactiy: 1}]},
      'layers[0].opactiy: is not known here. Allowed: ',
    ],
    ['a misspelt field of the view', {layers: [], view: {centre: [0, 0]}}, 'view.centre: is not known here'],
    ['a misspelt field of the document', {layers: [], tilte: 'x'}, 'tilte: is not known here'],
    ['a latitude that is none', {layers: [], view: {center: [200, 100]}}, 'view: center: the latitude must be from'],
    ['an extent inside out', {layers: [], view: {extent: [6, 53, 4, 51]}}, 'view: extent: must be [west, south'],
    [
      'an id twice',
      {
        layers: [
          {...xyz, id: 'a'},
          {...xyz, id: 'a'},
        ],
      },
      'layers[1].id: "a" is used by another layer',
    ],
  ];
  for (const [what, document, message] of wrong) {
    it(`names ${what}`, async () => {
      expect(await said(document)).to.have.length(1);
      expect((await said(document))[0]?.slice(0, message.length)).to.equal(message);
    });
  }

  it('quotes no more of an id than tells it from others', async () => {
    const layer = {...xyz, id: `pipes ${'x'.repeat(10_000)}`};
    const [message] = await said({layers: [layer, layer]});
    expect(message).to.contain('layers[1].id: "pipes xx');
    expect(message?.length).to.be.below(120);
  });

  it('shows a layer without the field that nobody knows, and the others beside a bad one', async () => {
    const {layers} = await parseLayers([{...xyz, opactiy: 1}, {type: 'nope'}, {...xyz, id: 'last'}]);
    expect(layers.map(({config}) => config.id)).to.eql([undefined, 'last']);
  });

  it('says what is wrong with a few of very many layers, and takes no more than it allows', async () => {
    const {layers, problems} = await parseLayers(Array.from({length: 600}, () => ({type: 'nope'})));
    expect(layers).to.be.empty;
    expect(problems.length).to.be.within(1, 20);
    expect(problems[0]?.message).to.contain('500');
  });

  it('is not harmed by a document that holds itself, nor by names of the language', async () => {
    const cycle: {layers: unknown[]} = {layers: []};
    cycle.layers.push(cycle);
    expect((await parseConfig(cycle)).problems).to.have.length(1);
    const {layers} = await parseConfig(
      JSON.parse('{"layers": [{"type": "__proto__"}, {"type": "constructor"}], "__proto__": {"title": "x"}}'),
    );
    expect(layers).to.be.empty;
    expect({}).not.to.have.property('title');
  });
});
