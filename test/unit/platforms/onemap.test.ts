import {expect, waitUntil} from '@open-wc/testing';
import {platformPage, type PlatformPage} from '../../doubles/platform-page.js';
import {ask, words} from './asking.js';

const tag = {platform: 'onemap', map: 'sewers'};

describe('onemap', () => {
  it('makes a map of the form that is assumed', async () => {
    const {document, url, urls} = await ask(tag, {
      title: 'Sewers',
      slug: 'sewers',
      environment: 'intranet',
      projection: 'EPSG:28992',
      extent: [0, 300_000, 280_000, 625_000],
      layers: [
        {type: 'wms', url: '/wms', layers: 'pipes', queryable: true},
        {type: 'group', layers: [{type: 'osm', queryable: false}]},
      ],
    });
    expect(urls).to.eql(['https://maps.example/api/v1/maps/sewers']);
    expect(url).to.equal('https://maps.example/api/v1/maps/sewers');
    expect(document).to.eql({
      title: 'Sewers',
      view: {projection: 'EPSG:28992', crs: 'EPSG:28992', extent: [0, 300_000, 280_000, 625_000]},
      layers: [
        {type: 'wms', url: '/wms', layers: 'pipes', identify: true},
        {type: 'group', layers: [{type: 'osm', identify: false}]},
      ],
    });
  });

  it('takes a map configuration as it is, from where the config says', async () => {
    const given = {view: {center: [5, 52]}, layers: [{type: 'osm'}]};
    const {document, url} = await ask({platform: 'onemap', config: '../own/map.json', server: undefined}, given);
    expect(document).to.eql(given);
    expect(url).to.equal('https://site.example/own/map.json');
  });

  it('hands any other form to the adapter of the page', async () => {
    const seen: unknown[] = [];
    const {document} = await ask(
      {
        ...tag,
        configAdapter: async (foreign, {server, map, url}) => {
          seen.push(foreign, server.href, map, url);
          return {layers: [{type: 'osm'}]};
        },
      },
      {lagen: []},
    );
    expect(seen).to.eql([{lagen: []}, 'https://maps.example/', 'sewers', 'https://maps.example/api/v1/maps/sewers']);
    expect(document.layers).to.eql([{type: 'osm'}]);
  });

  it('says what is wrong with a form that nobody knows, and with an adapter', async () => {
    expect(await words(tag, {lagen: []})).to.contain('the property configAdapter takes a function');
    expect(await words(tag, [])).to.contain('something else than a JSON object');
    const failing = () => {
      throw new TypeError('secret');
    };
    expect(await words({...tag, configAdapter: failing}, {})).to.equal(
      'configAdapter: failed; its error is the cause of this one.',
    );
    const empty = () => undefined as unknown as object;
    expect(await words({...tag, configAdapter: empty}, {})).to.contain('must answer with a map configuration');
  });

  describe('on a page', () => {
    let page: PlatformPage;
    const put = () => page.put({platform: 'onemap', server: 'https://org.example', mapName: 'sewers', token: 'T'});
    afterEach(() => page.close());

    it('tells a preflight that was refused, and what to do about it', async () => {
      page = platformPage(({mode}) => (mode === 'no-cors' ? new Response() : undefined));
      const map = await put();
      expect(page.errors.length).to.equal(1);
      expect(page.errors[0]).to.match(/^config-unavailable: platform: .*refused the preflight .*a proxy of the site/);
      expect(map.shadowRoot?.textContent).to.contain('a proxy of the site');
    });

    it('tells a refused credential from that', async () => {
      page = platformPage(() => Response.json({code: 401, message: 'Expired JWT Token'}, {status: 401}));
      const map = await put();
      expect(map.authState).to.equal('expired');
      expect(map.shadowRoot?.textContent).not.to.contain('preflight');
      expect(page.errors).to.eql([]);
    });

    it('resolves relative addresses of the configuration against its own', async () => {
      page = platformPage((_, {pathname}) =>
        pathname === '/api/v1/maps/sewers'
          ? Response.json({layers: [{type: 'geojson', id: 'points', url: 'points.json'}]})
          : Response.json({type: 'FeatureCollection', features: []}),
      );
      const map = await put();
      expect(map.getLayer('points')).not.to.equal(undefined);
      const address = 'https://org.example/api/v1/maps/points.json';
      await waitUntil(() => page.sent.some(({url}) => url === address), 'the points are asked for', {timeout: 9000});
    });
  });
});
