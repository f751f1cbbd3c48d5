import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {allowedHeaders, asking, assertPicture, bearer, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createIserverDouble} from './supermap-iserver.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const TOKENS = '/iserver/services/security/tokens.json';
const WORLD = '/iserver/services/map-world/rest/maps/World';
const ACCOUNT = {userName: 'mapuser', password: 'iserver-mapuser-password'};

const open = (options: Parameters<typeof createIserverDouble>[0] = {}) => {
  const clock = createFakeClock();
  const double = createIserverDouble({now: clock.now, content, ...options});
  const ask = asking(double, 'http://iserver.example:8090');
  const token = async (wish: object = {}): Promise<string> => {
    const response = await ask.postJson(TOKENS, {...ACCOUNT, clientType: 'NONE', expiration: 60, ...wish});
    assert.equal(response.status, 200);
    return response.text();
  };
  return {clock, double, ...ask, token};
};

describe('SuperMap iServer: tokens', () => {
  it('gives a token as a plain string', async () => {
    const {token} = open();
    assert.match(await token(), /^[\w-]{20,}$/u);
  });

  it('refuses a wrong password and a disabled user in its own shape', async () => {
    const {postJson} = open();
    for (const account of [
      {userName: 'mapuser', password: 'no'},
      {userName: 'gone', password: 'iserver-gone-password'},
    ]) {
      const response = await postJson(TOKENS, account);
      assert.equal(response.status, 401);
      const {succeed, error}: {succeed: boolean; error: {code: number}} = await response.json();
      assert.deepEqual([succeed, error.code], [false, 401]);
    }
  });

  it('takes JSON by POST, with a client type and minutes that it knows', async () => {
    const {get, postForm, postJson} = open();
    assert.equal(await statusOf(get(TOKENS)), 405);
    assert.equal(await statusOf(postForm(TOKENS, ACCOUNT)), 400);
    assert.equal(await statusOf(postJson(TOKENS, {...ACCOUNT, clientType: 'Anyone'})), 400);
    assert.equal(await statusOf(postJson(TOKENS, {...ACCOUNT, expiration: 0})), 400);
    assert.equal(await statusOf(postJson(TOKENS, {...ACCOUNT, clientType: 'Referer'})), 400);
    assert.equal(await statusOf(postJson(TOKENS, {...ACCOUNT, clientType: 'IP'})), 400);
  });

  it('takes it as the parameter or the header `token`', async () => {
    const {get, token} = open();
    const given = await token();
    assert.equal(await statusOf(get(`${WORLD}.json?token=${given}`)), 200);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: given})), 200);
    assert.equal(await statusOf(get(`${WORLD}.json`, bearer(given))), 401);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: `Bearer ${given}`})), 401);
    assert.equal(await statusOf(get(`${WORLD}.json`)), 401);
  });

  it('ends it after its minutes', async () => {
    const {clock, get, token} = open();
    const given = await token({expiration: 5});
    clock.advance(299);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: given})), 200);
    clock.advance(1);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: given})), 401);
  });

  it('binds one to a referrer', async () => {
    const {get, token} = open();
    const given = await token({clientType: 'Referer', referer: 'https://site.example'});
    const from = (referer?: string): Promise<number> =>
      statusOf(get(`${WORLD}.json`, {token: given, ...(referer === undefined ? {} : {referer})}));
    assert.equal(await from('https://site.example/'), 200);
    assert.equal(await from('https://site.example/maps/1'), 200);
    assert.equal(await from('https://other.example/'), 401);
    assert.equal(await from('https://site.example.evil.example/'), 401);
    assert.equal(await from(), 401);
  });

  it('binds one to the computer that asked for it, or to another one', async () => {
    const {get, send, token} = open();
    const request = JSON.stringify({...ACCOUNT, clientType: 'RequestIP', expiration: 60});
    const headers = {'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9'};
    const bound = await (await send(TOKENS, {method: 'POST', headers, body: request})).text();
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: bound, 'x-forwarded-for': '203.0.113.9'})), 200);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: bound})), 401);

    const other = await token({clientType: 'IP', ip: '198.51.100.7'});
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: other, 'x-forwarded-for': '198.51.100.7'})), 200);
    assert.equal(await statusOf(get(`${WORLD}.json`, {token: other})), 401);
  });

  it('takes the tokens of Keycloak where it was joined to it', async () => {
    const {double, get} = open({acceptsBearer: (token) => token === 'of-keycloak'});
    assert.equal(await statusOf(get(`${WORLD}.json`, bearer('of-keycloak'))), 200);
    assert.equal(await statusOf(get(`${WORLD}.json`, bearer('another'))), 401);
    double.bearer = false;
    assert.equal(await statusOf(get(`${WORLD}.json`, bearer('of-keycloak'))), 401);
  });

  it('lets the header `token` through CORS, or not', async () => {
    const {double, preflight} = open();
    assert.ok(allowedHeaders(await preflight(`${WORLD}.json`, 'GET', 'token'))?.includes('token'));
    double.cors = 'without-authorization';
    assert.deepEqual(allowedHeaders(await preflight(`${WORLD}.json`, 'GET', 'token')), ['content-type']);
    double.cors = 'off';
    assert.equal(allowedHeaders(await preflight(`${WORLD}.json`, 'GET', 'token')), undefined);
  });
});

describe('SuperMap iServer: maps', () => {
  const opened = async () => {
    const {get, token} = open();
    const given = await token();
    return {get: (path: string) => get(path, {token: given})};
  };

  it('describes a map', async () => {
    const {get} = await opened();
    const {bounds, dpi, coordUnit, prjCoordSys, visibleScales} = await (await get(`${WORLD}.json`)).json();
    assert.deepEqual([dpi, coordUnit, prjCoordSys.epsgCode], [96, 'METER', 3857]);
    assert.ok(bounds.left < -20_037_508 && bounds.top > 20_037_508);
    assert.equal(visibleScales.length, 19);
  });

  it('draws a tile of the tiling of the web', async () => {
    const {get} = await opened();
    const system = encodeURIComponent('{"epsgCode":3857}');
    const at = `${WORLD}/zxyTileImage.png`;
    await assertPicture(await get(`${at}?z=3&x=4&y=2&width=256&height=256&prjCoordSys=${system}`), 256);
    assert.equal((await get(`${at}?z=3&x=8&y=2`)).status, 400);
    assert.equal((await get(`${at}?z=3&x=4&y=2&prjCoordSys=${encodeURIComponent('{"epsgCode":28992}')}`)).status, 400);
  });

  it('draws the same tile by its scale, counted from an origin', async () => {
    const {get} = await opened();
    const {visibleScales, bounds} = await (await get(`${WORLD}.json`)).json();
    const origin = encodeURIComponent(JSON.stringify({x: bounds.left, y: bounds.top}));
    const byScale = await get(
      `${WORLD}/tileImage.png?x=4&y=2&width=256&height=256&scale=${visibleScales[3]}&origin=${origin}`,
    );
    const expected = Buffer.from(await content.tile('world', 3, 4, 2));
    assert.deepEqual(Buffer.from(await byScale.arrayBuffer()), expected);
  });

  it('draws an image of a view', async () => {
    const {get} = await opened();
    const view = encodeURIComponent(JSON.stringify({leftBottom: {x: 0, y: 0}, rightTop: {x: 6e6, y: 4e6}}));
    await assertPicture(await get(`${WORLD}/image.png?width=300&height=200&viewBounds=${view}`), 300, 200);
    assert.equal((await get(`${WORLD}/image.png?width=300&height=200`)).status, 400);
  });

  it('answers 404 for a map that is not there', async () => {
    const {get} = await opened();
    assert.equal((await get('/iserver/services/map-world/rest/maps/Atlantis.json')).status, 404);
  });
});
