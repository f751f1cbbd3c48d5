import {expect} from '@open-wc/testing';
import {parseConfig} from '../../../src/config/parse-config.js';
import {ask, words} from './asking.js';

const tag = {platform: 'spatial-studio', map: 'DATA 1/GEOM'};
const kind = (name: string) => ({platformOptions: {kind: name}});

describe('spatial-studio', () => {
  for (const [options, map, layer] of [
    [{}, 'DATA 1/GEOM', {type: 'mvt', url: '/vt/DATA%201/GEOM/{z}/{x}/{y}.mvt', identify: true}],
    [kind('jsonstream'), 'DATA 1/GEOM', {type: 'geojson', url: '/jsonstream/DATA%201?geo=GEOM', identify: true}],
    [kind('jsonstream'), 'DATA 1', {type: 'geojson', url: '/jsonstream/DATA%201', identify: true}],
    [kind('rt'), 'DATA 1', {type: 'xyz', url: '/rt/DATA%201/{z}/{x}/{y}.png'}],
  ] as const) {
    it(`shows ${map} as ${layer.type}, with nothing to be read first`, async () => {
      const {document, urls} = await ask({...tag, ...options, map});
      expect(urls).to.eql([]);
      const url = `https://maps.example/spatialstudio/oauth/v1${layer.url}`;
      expect(document.layers).to.eql([{...layer, url, id: 'map', title: 'DATA 1'}]);
      expect((await parseConfig(document)).problems).to.eql([]);
    });
  }

  it('is where the server says when that has a path', async () => {
    const {document} = await ask(tag, undefined, 'https://maps.example/studio');
    expect(document.layers[0]?.['url']).to.contain('https://maps.example/studio/oauth/v1/vt/');
  });

  it('says how a map of each kind is named', async () => {
    expect(await words({...tag, map: 'DATA'})).to.equal('map: must be DATASET/GEOMETRY_COLUMN with the kind "vt".');
    expect(await words({...tag, ...kind('jsonstream'), map: 'a/b/c'})).to.contain('or DATASET alone');
    expect(await words({...tag, ...kind('rt')})).to.contain('must be the id of the raster column');
    expect(await words({...tag, ...kind('wms')})).to.equal(
      'platform-options.kind: must be "vt", "jsonstream" or "rt".',
    );
  });
});
