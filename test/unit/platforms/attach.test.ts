import {expect} from '@open-wc/testing';
import type {Platform} from '../../../src/platforms/platform.js';
import type {SecureMap} from '../../../src/secure-map.js';
import {platformPage, type PlatformPage} from '../../doubles/platform-page.js';

const SERVER = 'https://gis.example/base';
const own = (attach?: Platform['attach']): Platform => ({
  layers: () => ({layers: []}),
  ...(attach ? {attach} : {}),
});

describe('how a credential travels to a platform', () => {
  let page: PlatformPage;

  beforeEach(() => {
    page = platformPage(() => new Response('{}'));
  });
  afterEach(() => page.close());

  const sentBy = async (map: SecureMap, url = `${SERVER}/x`): Promise<Request> => {
    await map.fetch(url);
    const request = page.sent.at(-1);
    if (!request) throw new Error('Nothing was sent.');
    return request;
  };
  const iserver = {platform: 'supermap-iserver', server: SERVER, mapName: 'a/b', token: 'T'};

  it('is the header "token" for iServer, which is told the origin of the page', async () => {
    const {headers, referrerPolicy, credentials, redirect} = await sentBy(await page.put(iserver));
    expect(headers.get('token')).to.equal('T');
    expect(headers.has('authorization')).to.equal(false);
    expect({referrerPolicy, credentials, redirect}).to.eql({
      referrerPolicy: 'origin',
      credentials: 'omit',
      redirect: 'error',
    });
  });

  it('tells no other server where the page is', async () => {
    const map = await page.put({...iserver, allowedOrigins: 'https://gis.example https://tiles.example'});
    const {headers, referrerPolicy} = await sentBy(map, 'https://tiles.example/x');
    expect(headers.get('token')).to.equal('T');
    expect(referrerPolicy).to.equal('no-referrer');
    expect((await sentBy(map, 'https://elsewhere.example/x')).headers.has('token')).to.equal(false);
  });

  it('is a parameter for iServer when the options say so', async () => {
    const {url, headers, referrerPolicy} = await sentBy(
      await page.put({...iserver, platformOptions: '{"transport": "query"}'}),
    );
    expect(url).to.equal(`${SERVER}/x?token=T`);
    expect(headers.has('token')).to.equal(false);
    expect(referrerPolicy).to.equal('origin');
  });

  it('is the cookie where the site has a session for it, whatever the platform wants of a token', async () => {
    page.close();
    page = platformPage((_request, {pathname}) =>
      pathname === '/session' ? Response.json({authenticated: true}) : new Response('{}'),
    );
    for (const platformOptions of ['{}', '{"transport": "query"}']) {
      const map = await page.put({
        ...iserver,
        token: undefined,
        platformOptions,
        sessionUrl: 'https://gis.example/session',
      });
      const {url, headers, credentials} = await sentBy(map);
      expect([url, headers.has('token'), credentials]).to.eql([`${SERVER}/x`, false, 'include']);
      expect(page.errors.filter((error) => error.startsWith('invalid-attribute'))).to.eql([]);
    }
  });

  it('is what the tag says, as a whole, when it says anything', async () => {
    const bearer = await page.put(iserver, {'token-transport': 'header'});
    const {headers, referrerPolicy} = await sentBy(bearer);
    expect([headers.get('authorization'), headers.has('token')]).to.eql(['Bearer T', false]);
    expect(referrerPolicy).to.equal('no-referrer');
    const named = await page.put({...iserver, tokenName: 'X-Token', tokenPrefix: ''});
    expect((await sentBy(named)).headers.get('x-token')).to.equal('T');
    const query = await page.put({...iserver, tokenTransport: 'query'});
    expect((await sentBy(query)).url).to.equal(`${SERVER}/x?access_token=T`);
  });

  for (const platform of ['onemap', 'spectrum', 'supermap-imanager', 'spatial-studio']) {
    it(`is a bearer token for ${platform}, without a word of the page`, async () => {
      const {headers, referrerPolicy} = await sentBy(await page.put({...iserver, platform}));
      expect([headers.get('authorization'), headers.has('token')]).to.eql(['Bearer T', false]);
      expect(referrerPolicy).to.equal('no-referrer');
    });
  }

  it('is what a platform of the page says, with its options', async () => {
    const platform = own(({name}) => ({name: String(name), prefix: 'Key'}));
    const map = await page.put({platform, server: SERVER, platformOptions: {name: 'X-Api'}, token: 'T'});
    expect(page.errors).to.eql([]);
    expect((await sentBy(map)).headers.get('x-api')).to.equal('Key T');
    map.platform = own();
    await map.updateComplete;
    expect((await sentBy(map)).headers.get('authorization')).to.equal('Bearer T');
  });

  it('goes to the server of the markup and to no other, unless the page lists them', async () => {
    const map = await page.put({platform: own(), server: SERVER, token: 'T'});
    expect((await sentBy(map)).headers.get('authorization')).to.equal('Bearer T');
    expect((await sentBy(map, 'https://tiles.example/x')).headers.has('authorization')).to.equal(false);
    map.server = 'https://tiles.example';
    await map.updateComplete;
    expect((await sentBy(map, 'https://tiles.example/x')).headers.get('authorization')).to.equal('Bearer T');
    expect((await sentBy(map)).headers.has('authorization')).to.equal(false);
    map.allowedOrigins = 'https://gis.example/base/maps';
    await map.updateComplete;
    expect((await sentBy(map)).headers.has('authorization')).to.equal(false);
    expect((await sentBy(map, `${SERVER}/maps/1`)).headers.get('authorization')).to.equal('Bearer T');
  });

  it('goes to a path of the page itself, as a proxy has', async () => {
    const map = await page.put({platform: own(), server: '/map-proxy', allowedOrigins: undefined, token: 'T'});
    expect(page.errors).to.eql([]);
    const seen = globalThis.fetch;
    let authorization: string | null = null;
    globalThis.fetch = async (input, init) => {
      authorization = new Request(input, init).headers.get('authorization');
      return new Response('{}');
    };
    await map.fetch('/map-proxy/x');
    globalThis.fetch = seen;
    expect(authorization).to.equal('Bearer T');
  });

  it('has the map in the attribute "map", and the ol/Map in the property', async () => {
    const map = await page.put({platform: own(), server: SERVER});
    map.setAttribute('map', 'sewers');
    expect(map.mapName).to.equal('sewers');
    expect(map.map.getView()).not.to.equal(undefined);
  });
});
