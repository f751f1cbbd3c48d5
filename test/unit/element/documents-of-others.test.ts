import {expect, waitUntil} from '@open-wc/testing';
import {SecureMap} from '../../../src/secure-map.js';

if (!customElements.get('secure-map')) customElements.define('secure-map', SecureMap);

const network = globalThis.fetch;
const capabilities = (getMap: string): string =>
  `<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink"><Service><Title>Sewers</Title></Service><Capability><Request><GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="${getMap}"/></Get></HTTP></DCPType></GetMap></Request><Layer><Title>All</Title><CRS>EPSG:28992</CRS><EX_GeographicBoundingBox><westBoundLongitude>5</westBoundLongitude><eastBoundLongitude>6</eastBoundLongitude><southBoundLatitude>52</southBoundLatitude><northBoundLatitude>53</northBoundLatitude></EX_GeographicBoundingBox><Layer><Name>pipes</Name><Title>Pipes</Title></Layer></Layer></Capability></WMS_Capabilities>`;

describe('a config that is the document of a service', () => {
  let getMap: string;
  let sent: {readonly url: string; readonly token: string | null}[];
  let errors: {readonly layerId: string; readonly kind: string; readonly message: string}[];

  const listen = (event: Event): void => void errors.push(event as unknown as (typeof errors)[number]);
  const put = async (fields: Partial<SecureMap>): Promise<SecureMap> => {
    const map = document.createElement('secure-map');
    map.style.cssText = 'display: block; width: 256px; height: 256px';
    map.addEventListener('layer-error', listen);
    document.body.append(Object.assign(map, {controls: 'none', token: 'SECRET', ...fields}));
    await map.ready;
    return map;
  };

  beforeEach(() => {
    sent = [];
    errors = [];
    globalThis.fetch = (input, init) => {
      const request = new Request(input, init);
      const {hostname} = new URL(request.url);
      if (!/\.example$|^localhost$/.test(hostname) || request.url.startsWith(location.origin))
        return network(input, init);
      sent.push({url: request.url, token: request.headers.get('authorization')});
      const isDocument = request.url.includes('GetCapabilities');
      return Promise.resolve(isDocument ? new Response(capabilities(getMap)) : new Response('', {status: 500}));
    };
  });
  afterEach(() => {
    globalThis.fetch = network;
    for (const map of document.querySelectorAll('secure-map')) map.remove();
  });

  const config = 'https://maps.example/ows?service=WMS&request=GetCapabilities';

  it('has its title, its view in its own projection, and its layers, loaded with the credential', async () => {
    getMap = 'https://maps.example/wms';
    const map = await put({config, allowedOrigins: 'https://maps.example'});
    expect(map.map.getView().getProjection().getCode()).to.equal('EPSG:28992');
    expect(map.getLayer('pipes')).not.to.equal(undefined);
    await waitUntil(() => sent.some(({url}) => url.includes('GetMap')), 'a map is asked for', {timeout: 9000});
    const asked = sent.find(({url}) => url.includes('GetMap'));
    expect(asked?.url).to.match(/^https:\/\/maps\.example\/wms\?.*CRS=EPSG%3A28992/);
    expect(new Set(sent.map(({token}) => token))).to.eql(new Set(['Bearer SECRET']));
  });

  for (const [what, address, words] of [
    [
      'another origin',
      'https://elsewhere.example/wms',
      'names an address at https://elsewhere.example, which is not among',
    ],
    ['its own network', 'http://localhost:8080/wms', 'behind a proxy it has to be told its public address'],
  ] as const)
    it(`that names ${what}: the layer is told, and nothing is sent there`, async () => {
      getMap = address;
      const map = await put({config, allowedOrigins: 'https://maps.example'});
      expect(errors.map(({layerId, kind}) => [layerId, kind])).to.eql([['pipes', 'origin']]);
      expect(errors[0]?.message).to.contain(words);
      expect(sent.map(({url}) => url)).to.eql([config]);
      expect(map.getLayer('pipes')).to.equal(undefined);
    });

  it('that names another origin which the page allows is followed', async () => {
    getMap = 'https://elsewhere.example/wms';
    const map = await put({config, allowedOrigins: 'https://maps.example https://elsewhere.example'});
    expect(errors).to.eql([]);
    expect(map.getLayer('pipes')).not.to.equal(undefined);
  });
});
