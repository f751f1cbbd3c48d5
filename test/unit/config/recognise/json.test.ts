import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../../src/config/parse-config.js';
import {RequestError} from '../../../../src/request/request-error.js';
import {rejection} from '../../../doubles/rejection.js';
import {accepts, read} from './setup.js';

const url = 'https://service.example/doc';
const readJson = (document: unknown): ReturnType<typeof read> => read(JSON.stringify(document), url);
const expectRefused = async (document: object, words: string): Promise<void> => {
  for (const {config, said} of [
    await readJson(document),
    await parseConfig(document).then((config) => ({config, said: config.problems[0]?.message ?? ''})),
  ]) {
    expect(config.layers).to.be.empty;
    expect(config.problems.map(({code}) => code)).to.eql(['invalid-config']);
    expect(said).to.contain(words);
    expect(said).to.contain(accepts);
  }
};

describe('a MapLibre style as config', () => {
  const style = {
    version: 8,
    name: 'Streets <b>bold</b>',
    center: [5.1, 52.1],
    zoom: 10,
    bearing: 90,
    sources: {a: {type: 'vector', url: 'https://tiles.example/t.json'}},
    layers: [{id: 'background', type: 'background'}],
  };

  it('is one layer that reads it from where it is, and the view that it has', async () => {
    const {config, said} = await readJson(style);
    expect(config.title).to.equal('Streets bold');
    expect(config.view).to.eql({center: [5.1, 52.1], zoom: 11, rotation: -Math.PI / 2});
    // Known to the registry or not: what it is made of says so.
    if (said) expect(said).to.match(/^layers\[0\]\.type: "style" is not a layer type/);
    else expect(config.layers[0]?.config).to.include({type: 'style', url, id: 'style'});
  });

  it('of another version is named', async () => {
    await expectRefused({...style, version: 7}, 'is a MapLibre style of version 7, which is not supported');
    await expectRefused({...style, version: undefined}, 'is a MapLibre style of version nothing');
  });

  it('without layers is named', () => expectRefused({...style, layers: []}, 'is a MapLibre style without "layers"'));
});

describe('a TileJSON as config', () => {
  const tilejson = {
    tilejson: '3.0.0',
    name: 'Aerial',
    tiles: ['https://tiles.example/{z}/{x}/{y}.png'],
    center: [5, 52, 9],
    bounds: [3, 50, 7, 54],
    attribution: '<a href="https://example.org">Example</a>',
  };

  it('is one layer that reads it from where it is, and its view', async () => {
    const {config, said} = await readJson(tilejson);
    expect(config.title).to.equal('Aerial');
    expect(config.view).to.eql({center: [5, 52], zoom: 9, extent: [3, 50, 7, 54]});
    if (said) expect(said).to.match(/^layers\[0\]\.type: "tilejson" is not a layer type/);
    else
      expect(config.layers.map(({config: layer}) => layer)).to.eql([
        {id: 'tiles', type: 'tilejson', url, title: 'Aerial', attribution: '<a href="https://example.org">Example</a>'},
      ]);
  });

  it('that the page hands over has its tiles asked as the page names them', async () => {
    const {layers, problems} = await parseConfig({...tilejson, scheme: 'tms', minzoom: 5});
    expect(problems).to.be.empty;
    expect(layers[0]?.config).to.include({type: 'xyz', url: 'https://tiles.example/{z}/{x}/{-y}.png', minZoom: 4});
    expect(layers[0]?.isAdvertised).to.equal(undefined);
    const vector = await parseConfig({...tilejson, vector_layers: [{id: 'roads'}]});
    expect(vector.layers[0]?.config.type).to.equal('mvt');
  });

  it('of another version, or without tiles, is named', async () => {
    await expectRefused({...tilejson, tilejson: '4.0.0'}, 'is a TileJSON of version "4.0.0", which is not supported');
    await expectRefused({tilejson: '3.0.0'}, 'is a TileJSON without "tiles"');
  });
});

describe('the landing page of an OGC API as config', () => {
  const landing = {
    title: 'Buildings <img src=x onerror=alert(1)>',
    links: [
      {rel: 'self', href: url},
      {rel: 'conformance', href: '/doc/conformance'},
      {rel: 'data', type: 'text/html', href: '/doc/collections.html'},
      {rel: 'data', type: 'application/json', href: '/doc/collections'},
    ],
  };
  const ogc = 'http://www.opengis.net/def/rel/ogc/1.0/';
  const collections = {
    collections: [
      {id: 'houses', title: 'Houses', links: [{rel: 'items'}], extent: {spatial: {bbox: [[3, 50, 7, 54]]}}},
      {
        id: 'tiles',
        links: [{rel: 'items'}, {rel: `${ogc}tilesets-vector`}],
        extent: {spatial: {bbox: [[2, 51, 0, 6, 53, 9]]}},
      },
      {id: 'map', links: [{rel: `${ogc}map`}]},
      {id: 'more', links: [{rel: 'items'}], attribution: 'Example'},
      {id: 'records', itemType: 'record', links: [{rel: 'items'}]},
      {id: 'nothing', links: []},
      {title: 'without an id', links: [{rel: 'items'}]},
      7,
    ],
  };
  const served = (asked: string): Response => Response.json(asked.endsWith('/collections') ? collections : landing);

  it('becomes a layer of each collection, as it is shown best', async () => {
    const {config, server, layers, said} = await read(served, url);
    expect(server.asked.map((each) => each.url)).to.eql([url, 'https://service.example/doc/collections']);
    expect(config.title).to.equal('Buildings');
    expect(config.view).to.eql({extent: [2, 50, 7, 54]});
    const types = ['ogc-features', 'ogc-tiles', 'ogc-map', 'ogc-features'];
    const missing = types.filter((type) => said.includes(`"${type}" is not a layer type`));
    expect(layers.map(({type}) => type)).to.eql(types.filter((type) => !missing.includes(type)));
    for (const layer of layers) expect(layer['url']).to.equal(url);
    const byId = Object.fromEntries(layers.map((layer) => [layer['id'], layer]));
    if (!missing.includes('ogc-features')) {
      expect(byId['houses']).to.include({collection: 'houses', title: 'Houses', visible: true});
      expect(byId['more']).to.include({visible: false, attribution: 'Example'});
    }
  });

  it('of another origin is not followed', async () => {
    const links = [{rel: 'data', href: 'https://elsewhere.example/collections'}];
    const asked: string[] = [];
    const error = await rejection(
      read((each) => {
        asked.push(each);
        return Response.json({...landing, links});
      }, url),
    );
    expect(asked).to.eql([url]);
    expect(error).to.include({code: 'config-unavailable', reason: 'origin'});
    expect(((error as Error).cause as Error).message).to.contain('https://elsewhere.example');
  });

  it('behind a proxy that does not tell its address is explained', async () => {
    const links = [{rel: 'data', href: 'http://localhost:8080/collections'}];
    const error = await rejection(read(() => Response.json({...landing, links}), url));
    expect(((error as Error).cause as Error).message).to.contain('behind a proxy it has to be told its public address');
  });

  it('waits for a sign-in that its collections need', async () => {
    const needed = new RequestError('', {kind: 'auth', reason: 'sign-in-required', url});
    const error = await rejection(
      read((asked) => (asked.endsWith('/collections') ? needed : Response.json(landing)), url),
    );
    expect(error).to.equal(needed);
  });

  it('without anything to show is named', async () => {
    const {said} = await read(
      (asked) => Response.json(asked.endsWith('/collections') ? {collections: []} : landing),
      url,
    );
    expect(said).to.contain('is the landing page of an OGC API without any collection that can be shown');
    expect(said).to.contain(accepts);
  });

  it('can only be given by its address', async () => {
    const {problems} = await parseConfig(landing);
    expect(problems.map(({message}) => message).join()).to.contain('has to be given by its address');
  });
});

describe('what is none of these', () => {
  for (const document of [[], 7, 'text', null, [[[]]]])
    it(`${JSON.stringify(document)} is told with what is allowed`, async () => {
      const {said} = await readJson(document);
      expect(said).to.contain('config: must be a JSON object with "layers"');
      expect(said).to.contain(accepts);
    });

  it('a map configuration is taken as one, also with a version or links', async () => {
    const {layers, said} = await readJson({layers: [{type: 'osm'}], version: 8, links: []});
    expect(layers.map(({type}) => type)).to.eql(['osm']);
    expect(said).to.contain('version: is not known here');
  });
});
