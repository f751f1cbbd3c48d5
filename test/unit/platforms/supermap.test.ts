import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../src/config/parse-config.js';
import {ask, words} from './asking.js';

const map = '/iserver/services/map-world/rest/maps/World';
const description = (fields: object = {}) => ({
  name: 'World',
  dpi: 96,
  prjCoordSys: {epsgCode: 3857},
  bounds: {left: -20_037_508, bottom: -20_037_508, right: 20_037_508, top: 20_037_508},
  ...fields,
});

for (const platform of ['supermap-iserver', 'supermap-imanager']) {
  describe(platform, () => {
    const tag = {platform, map};

    it('shows a map of the web in the tiling of the web', async () => {
      const {document, urls} = await ask(tag, description());
      expect(urls).to.eql([`https://maps.example${map}.json`]);
      expect(document).to.eql({
        title: 'World',
        view: {},
        layers: [
          {
            type: 'xyz',
            id: 'map',
            title: 'World',
            url:
              `https://maps.example${map}/zxyTileImage.png?z={z}&x={x}&y={y}&width=256&height=256&transparent=true`
              + '&prjCoordSys=%7B%22epsgCode%22%3A3857%7D',
          },
        ],
      });
      expect((await parseConfig(document)).problems).to.eql([]);
    });

    it('shows one in degrees there as well, and begins where it is', async () => {
      const {document} = await ask(
        tag,
        description({prjCoordSys: {epsgCode: 4326}, bounds: {left: 73, bottom: 18, right: 135, top: 54}}),
      );
      expect(document.layers[0]?.['url']).to.contain('/zxyTileImage.png?');
      expect(document.view).to.eql({extent: [73, 18, 135, 54], crs: 'EPSG:4326'});
    });

    it('shows one in CGCS2000 as one in degrees', async () => {
      const {document} = await ask(
        tag,
        description({prjCoordSys: {epsgCode: 4490}, bounds: {left: 73, bottom: 18, right: 135, top: 54}}),
      );
      expect(document.layers[0]?.['url']).to.contain('/zxyTileImage.png?');
      expect(document.view).to.eql({extent: [73, 18, 135, 54], crs: 'EPSG:4326'});
    });

    it('shows one in another system at its own scales, from its own corner', async () => {
      const {document} = await ask(
        tag,
        description({
          name: '',
          prjCoordSys: {epsgCode: 28992},
          visibleScales: [4e-6, 1e-6, 2e-6, 2e-6],
          bounds: {left: 0, bottom: 300_000, right: 280_000, top: 625_000},
        }),
      );
      const [layer] = document.layers;
      expect(document).to.include({title: 'World'});
      expect(document.view).to.include({projection: 'EPSG:28992', crs: 'EPSG:28992'});
      expect(layer).to.include({type: 'xyz', projection: 'EPSG:28992'});
      expect(layer?.['url']).to.contain(
        '/tileImage.png?x={x}&y={y}&width=256&height=256&scale={z}&origin=%7B%22x%22%3A0',
      );
      const {resolutions, ...grid} = Object(layer?.['tileGrid']);
      expect(grid).to.eql({
        origin: [0, 625_000],
        names: ['0.000001', '0.000002', '0.000004'],
        bounds: [0, 300_000, 280_000, 625_000],
      });
      // A pixel of 0.0254 m / 96 at 1 : 1 000 000.
      expect(Number(resolutions[0])).to.be.closeTo(264.583, 0.001);
      expect(Number(resolutions[2])).to.be.closeTo(66.146, 0.001);
      expect((await parseConfig(document)).problems).to.eql([]);
    });

    it('makes scales for a map that lists none', async () => {
      const {document} = await ask(
        tag,
        description({
          prjCoordSys: {epsgCode: 28992},
          visibleScales: [],
          bounds: {left: 0, bottom: 0, right: 256_000, top: 128_000},
        }),
      );
      const {resolutions, names} = Object(document.layers[0]?.['tileGrid']);
      expect(resolutions.slice(0, 3).map(Math.round)).to.eql([1000, 500, 250]);
      expect(names.length).to.equal(20);
    });

    it('takes the address of the description for the map', async () => {
      const {urls} = await ask({...tag, map: `${map.slice(1)}.json`}, description());
      expect(urls).to.eql([`https://maps.example${map}.json`]);
    });

    for (const system of [{epsgCode: -1000}, {epsgCode: 0}, {type: 'PCS_NON_EARTH'}, null]) {
      it(`says that a map with the system ${JSON.stringify(system)} lies nowhere`, async () => {
        expect(await words(tag, description({prjCoordSys: system}))).to.contain(
          'platform: the map has no coordinate system with an EPSG code',
        );
      });
    }

    it('says that a map without bounds cannot be cut into its scales', async () => {
      const answer = description({prjCoordSys: {epsgCode: 28992}, bounds: null});
      expect(await words(tag, answer)).to.contain('has no "bounds"');
    });

    it('tells what the server says in its own words', async () => {
      const error = {succeed: false, error: {code: 404, errorMsg: 'The map World does not exist'}};
      expect(await words(tag, error)).to.contain('The service answered: The map World does not exist');
      const long = {succeed: false, error: {code: 500, errorMsg: 'token: abcdef0123456789abcdef0123456789 is bad'}};
      expect(await words(tag, long)).not.to.contain('abcdef0123456789');
    });
  });
}

describe('the options of SuperMap', () => {
  it('are a transport for iServer, and none for iManager', async () => {
    const options = {map, platformOptions: {transport: 'form'}};
    expect(await words({platform: 'supermap-iserver', ...options})).to.equal(
      'platform-options.transport: must be "header" or "query".',
    );
    expect(await words({platform: 'supermap-imanager', ...options})).to.equal(
      'platform-options.transport: is not known here. This platform has no options.',
    );
  });
});
