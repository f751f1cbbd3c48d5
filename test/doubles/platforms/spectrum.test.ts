import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {PbfReader} from 'pbf';
import {allowedHeaders, asking, assertPicture, basic, bearer, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createSpectrumDouble} from './spectrum.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const GEO = {authorization: basic('geo', 'spectrum-geo-password')};
const TILES = '/rest/Spatial/MapTilingService/Samples/NamedTiles/WorldTile';
const MAP_LIST = '/rest/Spatial/MapTilingService/mapList.json';

const open = (options: Parameters<typeof createSpectrumDouble>[0] = {}) => {
  const clock = createFakeClock();
  const double = createSpectrumDouble({now: clock.now, content, ...options});
  const ask = asking(double, 'https://spectrum.example:8443');
  const token = async (path: string): Promise<Record<string, string>> => {
    const response = await ask.get(`/security/rest/token/access/${path}`, GEO);
    assert.equal(response.status, 200);
    return response.json();
  };
  return {clock, double, ...ask, token};
};

describe('Spectrum: tokens', () => {
  it('gives an open token for Basic', async () => {
    const {token} = open();
    const answer = await token('60');
    assert.deepEqual(Object.keys(answer), ['access_token', 'username']);
    assert.equal(answer['username'], 'geo');
  });

  it('gives a session token with its session, as a cookie too', async () => {
    const {get} = open();
    const response = await get('/security/rest/token/access/session/60', GEO);
    const answer: Record<string, string> = await response.json();
    assert.deepEqual(Object.keys(answer), ['access_token', 'session', 'username']);
    assert.equal(response.headers.get('set-cookie'), `SESSION=${answer['session']}; Path=/; HttpOnly`);
  });

  it('makes tokens that only the server can read', async () => {
    const {token} = open();
    const {access_token = ''} = await token('60');
    assert.ok(access_token.startsWith('eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..'));
    assert.equal(access_token.split('.').length, 5);
  });

  it('says nothing of when a token ends', async () => {
    const {token} = open();
    assert.equal('expires_in' in (await token('60')), false);
  });

  it('refuses a wrong password, a disabled user, and whoever comes without', async () => {
    const {get} = open();
    for (const headers of [
      {},
      {authorization: basic('geo', 'no')},
      {authorization: basic('gone', 'spectrum-gone-password')},
      {authorization: 'Basic %%%'},
    ] as Record<string, string>[]) {
      const response = await get('/security/rest/token/access/60', headers);
      assert.deepEqual([response.status, response.headers.get('www-authenticate')], [401, 'Basic realm="Spectrum"']);
    }
  });

  it('gives tokens to GET alone, and for minutes alone', async () => {
    const {send, get} = open();
    assert.equal(await statusOf(send('/security/rest/token/access/60', {method: 'POST', headers: GEO})), 405);
    assert.equal(await statusOf(get('/security/rest/token/access/soon', GEO)), 400);
  });

  it('describes the service in WADL, by either spelling', async () => {
    const {get} = open();
    for (const query of ['?_wadl', '?wadl']) {
      assert.match(await (await get(`/security/rest${query}`)).text(), /access\/session\/\{ttlInMinutes\}/u);
    }
  });

  it('ends a token after its minutes', async () => {
    const {clock, get, token} = open();
    const {access_token = ''} = await token('10');
    clock.advance(599);
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 200);
    clock.advance(1);
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 401);
  });

  it('never ends one of 0 minutes', async () => {
    const {clock, get, token} = open();
    const {access_token = ''} = await token('0');
    clock.advance(10 * 365 * 86_400);
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 200);
  });

  it('takes an open token from any computer, in the header or in its cookie', async () => {
    const {get, token} = open();
    const {access_token = ''} = await token('60');
    const elsewhere = {...bearer(access_token), 'x-forwarded-for': '203.0.113.9'};
    assert.equal(await statusOf(get(MAP_LIST, elsewhere)), 200);
    assert.equal(await statusOf(get(MAP_LIST, {cookie: `a=b; spectrum.authentication.token=${access_token}`})), 200);
    assert.equal(await statusOf(get(`${MAP_LIST}?token=${access_token}`)), 401);
  });

  it('takes a session token with its session only', async () => {
    const {get, token} = open();
    const {access_token = '', session} = await token('session/60');
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 401);
    assert.equal(await statusOf(get(MAP_LIST, {...bearer(access_token), cookie: 'SESSION=another'})), 401);
    assert.equal(await statusOf(get(MAP_LIST, {...bearer(access_token), cookie: `SESSION=${session}`})), 200);
  });

  it('takes a session token from the computer that asked for it only', async () => {
    const {get, token} = open();
    const {access_token = '', session} = await token('session/60');
    const request = {...bearer(access_token), cookie: `SESSION=${session}`, 'x-forwarded-for': '203.0.113.9'};
    assert.equal(await statusOf(get(MAP_LIST, request)), 401);
  });

  it('ends a session after 30 minutes without a request, whatever the ttl', async () => {
    const {clock, get, token} = open();
    const {access_token = '', session} = await token('session/0');
    const request = {...bearer(access_token), cookie: `SESSION=${session}`};
    clock.advance(1799);
    assert.equal(await statusOf(get(MAP_LIST, request)), 200);
    clock.advance(1799);
    assert.equal(await statusOf(get(MAP_LIST, request)), 200);
    clock.advance(1800);
    assert.equal(await statusOf(get(MAP_LIST, request)), 401);
  });

  it('has no idle end for an open token', async () => {
    const {clock, get, token} = open();
    const {access_token = ''} = await token('60');
    clock.advance(3599);
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 200);
  });

  it('logs off', async () => {
    const {get, token} = open();
    const {access_token = ''} = await token('60');
    const {access_token: another = ''} = await token('60');
    assert.equal(await statusOf(get('/security/rest/token/logout', bearer(access_token))), 204);
    assert.equal(await statusOf(get(MAP_LIST, bearer(access_token))), 401);
    assert.equal(await statusOf(get(MAP_LIST, bearer(another))), 200);
    assert.equal(await statusOf(get('/security/rest/token/logout')), 401);
  });

  it('lets services be used with Basic, unless that is switched off', async () => {
    const {double, get} = open();
    assert.equal(await statusOf(get(MAP_LIST, GEO)), 200);
    double.basic = false;
    assert.equal(await statusOf(get(MAP_LIST, GEO)), 401);
  });
});

describe('Spectrum: CORS', () => {
  it('is off as shipped', async () => {
    const {get, preflight, token} = open();
    const {access_token = ''} = await token('60');
    assert.equal(allowedHeaders(await preflight(MAP_LIST)), undefined);
    const response = await get(MAP_LIST, {...bearer(access_token), origin: 'https://site.example'});
    assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [200, null]);
  });

  it('lacks `Authorization` when it is merely switched on', async () => {
    const {preflight} = open({cors: 'without-authorization'});
    const expected = ['x-pingother', 'origin', 'x-requested-with', 'content-type', 'accept'];
    assert.deepEqual(allowedHeaders(await preflight(MAP_LIST)), expected);
  });

  it('allows the header and cookies when it is set up', async () => {
    const {get, preflight} = open({cors: 'on'});
    const answer = await preflight(MAP_LIST);
    assert.ok(allowedHeaders(answer)?.includes('authorization'));
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
    const refused = await get(MAP_LIST, {origin: 'https://site.example'});
    assert.deepEqual(
      [refused.status, refused.headers.get('access-control-allow-origin')],
      [401, 'https://site.example'],
    );
  });
});

describe('Spectrum: maps', () => {
  it('lists its named tiles', async () => {
    const {get} = open();
    const {Response: list}: {Response: string[]} = await (await get(MAP_LIST, GEO)).json();
    assert.ok(list.includes('/Samples/NamedTiles/WorldTile'));
  });

  it('describes one', async () => {
    const {get} = open();
    const {Response: description} = await (await get(`${TILES}/description.json`, GEO)).json();
    const {mapName, coordSys, minimumLevel, tileWidth, tileHeight, bounds} = description;
    assert.deepEqual(
      [mapName, coordSys, minimumLevel, tileWidth, tileHeight],
      ['/Samples/NamedTiles/WorldTile', 'epsg:3857', 1, 256, 256],
    );
    assert.ok(bounds.minX < -20_037_508 && bounds.maxY > 20_037_508);
    assert.equal(await statusOf(get('/rest/Spatial/MapTilingService/No/description.json', GEO)), 404);
  });

  it('counts levels, columns and rows from 1', async () => {
    const {get} = open();
    await assertPicture(await get(`${TILES}/1/1:1/tile.png`, GEO), 256);
    await assertPicture(await get(`${TILES}/3/4:4/tile.png`, GEO), 256);
    const first = Buffer.from(await (await get(`${TILES}/2/1:1/tile.png`, GEO)).arrayBuffer());
    assert.deepEqual(first, Buffer.from(await content.tile('world', 1, 0, 0)));
  });

  it('answers JSON to what is outside', async () => {
    const {get} = open();
    for (const [path, said] of [
      ['0/1:1', /level 0/u],
      ['20/1:1', /level 20/u],
      ['2/0:1', /less than 1:1/u],
      ['2/1:0', /less than 1:1/u],
      ['2/3:1', /greater than/u],
      ['2/1:3', /greater than/u],
    ] as const) {
      const response = await get(`${TILES}/${path}/tile.png`, GEO);
      assert.deepEqual([response.status, response.headers.get('content-type')], [400, 'application/json']);
      assert.match(await response.text(), said);
    }
  });

  it('has tiles as JPEG and as vectors', async () => {
    const {get} = open();
    assert.equal((await get(`${TILES}/1/1:1/tile.jpg`, GEO)).headers.get('content-type'), 'image/jpeg');
    const vector = await get(`${TILES}/1/1:1/tile.mvt`, GEO);
    assert.equal(vector.headers.get('content-type'), 'application/vnd.mapbox-vector-tile');
    let layers = 0;
    new PbfReader(await vector.arrayBuffer()).readFields((tag) => void (layers += tag === 3 ? 1 : 0), undefined);
    assert.equal(layers, 1);
    assert.equal(await statusOf(get(`${TILES}/1/1:1/tile.svg`, GEO)), 400);
  });

  it('draws a named map by semicolon parameters', async () => {
    const {get} = open();
    const image = '/rest/Spatial/MappingService/maps/Samples/NamedMaps/WorldMap/image.png';
    await assertPicture(await get(`${image};w=300;h=200;b=0,0,6000000,4000000,epsg:3857`, GEO), 300, 200);
    assert.equal(await statusOf(get(`${image};w=300;h=200;b=0,0,6,4,epsg:28992`, GEO)), 400);
    assert.equal(await statusOf(get(`${image}?w=300&h=200&b=0,0,6000000,4000000,epsg:3857`, GEO)), 400);
  });

  it('answers 404 for a map without a view', async () => {
    const {get} = open();
    const image = '/rest/Spatial/MappingService/maps/Samples/NamedMaps/BoundariesMap/image.png';
    assert.equal(await statusOf(get(`${image};w=300;h=200`, GEO)), 404);
    assert.equal(await statusOf(get(`${image};w=300;h=200;b=0,0,6000000,4000000,epsg:3857`, GEO)), 200);
  });

  it('has features of tables', async () => {
    const {get} = open();
    const at = '/rest/Spatial/FeatureService';
    const {Tables}: {Tables: string[]} = await (await get(`${at}/tables.json`, GEO)).json();
    const query = encodeURIComponent(`SELECT * FROM "${Tables[0]}"`);
    const {type, features} = await (await get(`${at}/tables/features.json?q=${query}`, GEO)).json();
    assert.equal(type, 'FeatureCollection');
    assert.ok(features.length > 50);
    assert.equal(await statusOf(get(`${at}/tables/features.json?q=DROP`, GEO)), 400);
  });
});
