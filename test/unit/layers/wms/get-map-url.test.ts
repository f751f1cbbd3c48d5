import {expect} from '@open-wc/testing';
import {getMapUrls, type WmsRequest} from '../../../../src/layers/wms/get-map-url.js';

const base = 'https://maps.example/config/';
const view = {extent: [4, 51, 5, 53], width: 256, height: 512, crs: 'EPSG:4326', axes: 'neu'};
const query = (request: Partial<WmsRequest>, of: Partial<typeof view> = {}): URLSearchParams =>
  new URL(getMapUrls({url: 'https://wms.example/ows', layers: 'a,b', ...request}, base)({...view, ...of})).searchParams;

describe('getMapUrls', () => {
  it('asks with every parameter that the standard wants', () => {
    expect(Object.fromEntries(query({}))).to.eql({
      SERVICE: 'WMS',
      REQUEST: 'GetMap',
      VERSION: '1.3.0',
      LAYERS: 'a,b',
      STYLES: '',
      FORMAT: 'image/png',
      TRANSPARENT: 'TRUE',
      WIDTH: '256',
      HEIGHT: '512',
      CRS: 'EPSG:4326',
      BBOX: '51,4,53,5',
    });
  });

  it('has east before north in 1.1.1, and calls the projection SRS', () => {
    const of111 = query({version: '1.1.1'});
    expect(of111.get('BBOX')).to.equal('4,51,5,53');
    expect(of111.get('SRS')).to.equal('EPSG:4326');
    expect(of111.has('CRS')).to.equal(false);
  });

  it('has east before north in 1.3.0 where the projection says so', () => {
    expect(query({}, {crs: 'EPSG:3857', axes: 'enu'}).get('BBOX')).to.equal('4,51,5,53');
  });

  it('passes the time', () => expect(query({time: '2024-05-01'}).get('TIME')).to.equal('2024-05-01'));

  it('keeps the query of the service, but not its parts that are ours', () => {
    const of = query({url: 'https://wms.example/?map=/a%20b.map&service=wms&request=GetCapabilities&crs=x#part'});
    expect(of.get('map')).to.equal('/a b.map');
    expect(of.get('REQUEST')).to.equal('GetMap');
    expect(of.has('request')).to.equal(false);
    expect(of.has('service')).to.equal(false);
    expect(of.has('crs')).to.equal(false);
  });

  it('takes the version of the service URL when the config names none', () =>
    expect(query({url: '/wms?version=1.1.1'}).get('SRS')).to.equal('EPSG:4326'));

  it('never has a name twice, however it is written', () => {
    const of = query({
      url: '/wms?Styles=u&format=image/gif',
      styles: 'c',
      params: {styles: 'p', Transparent: false, bbox: '0,0,0,0', VERSION: '1.1.1', DIM_X: 3},
    });
    const names = [...of.keys()].map((name) => name.toUpperCase());
    expect(new Set(names).size).to.equal(names.length);
    expect(of.get('styles')).to.equal('p');
    expect(of.get('format')).to.equal('image/gif');
    expect(of.get('Transparent')).to.equal('false');
    expect(of.get('BBOX')).to.equal('4,51,5,53');
    expect(of.get('DIM_X')).to.equal('3');
  });

  it('resolves a relative service against the document of the config', () =>
    expect(getMapUrls({url: '../wms', layers: 'a'}, base)(view)).to.match(
      /^https:\/\/maps\.example\/wms\?SERVICE=WMS&/,
    ));
});
