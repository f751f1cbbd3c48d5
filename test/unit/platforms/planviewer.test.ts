import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../src/config/parse-config.js';
import {loadMap} from '../../../src/platforms/load-map.js';
import {ask, words} from './asking.js';

const viewer = '138230fe'.repeat(8);
const tag = {platform: 'planviewer', map: viewer, server: undefined};
const openlayers = {...tag, platformOptions: {view: 'openlayers'}};
const embed = `https://www.planviewer.nl/maps_api/v2/embed/viewer/${viewer}`;

describe('planviewer', () => {
  it('is a frame with the viewer of Planviewer, and nothing is read first', async () => {
    const {url, urls} = await ask(tag);
    expect(url).to.equal(embed);
    expect(urls).to.eql([]);
    expect((await ask({...tag, platformOptions: '{"activeLayers": true}'})).url).to.equal(
      `${embed}?active_layers=true`,
    );
    expect((await ask({...tag, server: 'https://maps.example'})).url).to.contain(
      'https://maps.example/maps_api/v2/embed/',
    );
  });

  for (const [fields, why] of [
    [{map: undefined}, 'map: is required with the platform "planviewer": the map on it.'],
    [{map: 'a/b'}, 'map: must be the identifier of a viewer.'],
    [{platformOptions: {view: 'iframe'}}, 'platform-options.view: must be "frame" or "openlayers".'],
    [{platformOptions: {activeLayers: 'yes'}}, 'platform-options.activeLayers: must be true or false.'],
    [
      {platformOptions: {active_layers: true}},
      'platform-options.active_layers: is not known here. Allowed: view, activeLayers.',
    ],
    [
      {platformOptions: {view: 'openlayers', activeLayers: true}, server: '/map-proxy'},
      'platform-options.activeLayers: means nothing with the view "openlayers".',
    ],
  ] as const) {
    it(`says why it cannot be shown with ${JSON.stringify(fields)}`, async () => {
      expect(await words({...tag, ...fields})).to.equal(why);
    });
  }

  it('needs a proxy of the site for a list of layers, whose key has no place in a page', async () => {
    const why = /^server: must be a proxy of the site with the view "openlayers"/;
    expect(await words(openlayers)).to.match(why);
    expect(await words({...openlayers, server: 'https://www.planviewer.nl/'})).to.match(why);
  });

  describe('in OpenLayers', () => {
    const layers = [
      {name: 'Trees', type: 'vector', url: '/trees.json', base: false, sort_order: 3},
      {name: 'Pipes', type: 'wms', url: 'https://wms.example/ows', layers: 'pipes', consultable: true, sort_order: 1},
      {name: 'Houses', type: 'wfs', url: '/wfs', type_name: 'app:houses', sort_order: 2},
      {name: 'Streets', type: 'osm', base: true, sort_order: 9},
      {name: 'Photo', type: 'aerial', base: true, sort_order: 0},
      {name: 'Broken', type: 'wms', url: 'javascript:alert(1)', layers: 'a', sort_order: 4},
      {type: 'constructor', sort_order: 5},
      {name: 'Nothing', type: 'empty', sort_order: 6},
    ];

    it('shows the layers that can be drawn, and names the others to the owner of the site', async () => {
      const warnings: string[] = [];
      const loaded = await loadMap(
        {
          platform: 'planviewer',
          mapName: viewer,
          server: '/map-proxy',
          platformOptions: {view: 'openlayers'},
          pageUrl: 'https://site.example/',
        },
        {
          request: async () => Response.json({error: false, layers}),
          signal: new AbortController().signal,
          warn: (message) => warnings.push(message),
        },
      );
      if (loaded.frame) throw new Error('It is a frame.');
      expect(loaded.document).to.eql({
        layers: [
          {type: 'osm', credential: 'none', title: 'Streets'},
          {
            type: 'wms',
            url: 'https://wms.example/ows',
            credential: 'none',
            layers: 'pipes',
            identify: true,
            title: 'Pipes',
          },
          {type: 'wfs', url: 'https://site.example/wfs', typeName: 'app:houses', identify: true, title: 'Houses'},
          {type: 'geojson', url: 'https://site.example/trees.json', identify: true, title: 'Trees'},
        ],
      });
      expect((await parseConfig(loaded.document)).problems).to.eql([]);
      expect(warnings).to.eql([
        'platform: layers of Planviewer that cannot be drawn here: Photo (aerial), Broken (wms), without a name (constructor).',
      ]);
    });

    it('asks the proxy of the site, and tells what that says', async () => {
      const {urls} = await ask({...openlayers, server: '/map-proxy'}, {error: false, layers: []});
      expect(urls).to.eql([`https://site.example/map-proxy/maps_api/v2/server/viewers/${viewer}/layers`]);
      const error = {error: {code: 401, message: 'Unauthorized'}};
      expect(await words({...openlayers, server: '/map-proxy'}, error)).to.contain(
        'The service answered: Unauthorized',
      );
      expect(await words({...openlayers, server: '/map-proxy'}, {error: false})).to.contain('has no "layers"');
    });
  });
});
