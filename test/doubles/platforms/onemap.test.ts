import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {allowedHeaders, asking, assertPicture, bearer, claimsOf, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createOnemapDouble} from './onemap.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const VIEWER = {username: 'viewer', password: 'onemap-viewer-password'};

const open = (options: Parameters<typeof createOnemapDouble>[0] = {}) => {
  const clock = createFakeClock();
  const double = createOnemapDouble({now: clock.now, content, ...options});
  const ask = asking(double, 'https://org.webgis.example');
  const login = async (account = VIEWER): Promise<string> => {
    const {token}: {token: string} = await (await ask.postJson('/api/login_check', account)).json();
    return token;
  };
  return {clock, double, ...ask, login};
};

const messageOf = async (response: Response): Promise<unknown> => {
  const {code, message}: {code: number; message: string} = await response.json();
  return [response.status, code, message, response.headers.get('www-authenticate')];
};

describe('Onemap', () => {
  it('gives a token for a user name and a password as JSON', async () => {
    const {postJson} = open();
    const response = await postJson('/api/login_check', VIEWER);
    assert.equal(response.status, 200);
    assert.deepEqual(Object.keys(await response.json()), ['token']);
  });

  it('signs the token with RS256, for two hours', async () => {
    const {login} = open();
    const token = await login();
    const claims = claimsOf(token);
    assert.equal(Number(claims['exp']) - Number(claims['iat']), 7200);
    assert.equal(claims['username'], 'viewer');
    assert.deepEqual(claims['roles'], ['ROLE_USER']);
    const header: {alg: string} = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    assert.equal(header.alg, 'RS256');
  });

  it('can have a lifetime and an `iat` as in the samples', async () => {
    const {double, login} = open();
    double.lifetimeSeconds = 86_400;
    double.iat = 'string';
    const {iat, exp} = claimsOf(await login());
    assert.equal(typeof iat, 'string');
    assert.equal(Number(exp) - Number(iat), 86_400);
  });

  it('names the roles of an administrator', async () => {
    const {login} = open();
    const claims = claimsOf(await login({username: 'admin', password: 'onemap-admin-password'}));
    assert.deepEqual(claims['roles'], ['ROLE_USER', 'ROLE_ADMIN']);
  });

  it('refuses a wrong password with 401', async () => {
    const {postJson} = open();
    const answer = await postJson('/api/login_check', {username: 'viewer', password: 'no'});
    assert.deepEqual(await messageOf(answer), [401, 401, 'Invalid credentials.', 'Bearer']);
  });

  it('refuses a disabled user with 401', async () => {
    const {postJson} = open();
    const gone = {username: 'gone', password: 'onemap-gone-password'};
    assert.equal(await statusOf(postJson('/api/login_check', gone)), 401);
  });

  it('takes no login as a form, and none without a password', async () => {
    const {postForm, postJson, get} = open();
    assert.equal(await statusOf(postForm('/api/login_check', VIEWER)), 404);
    assert.equal(await statusOf(postJson('/api/login_check', {username: 'viewer'})), 400);
    assert.equal(await statusOf(get('/api/login_check')), 405);
  });

  it('answers with the token in the header, and with 401 without', async () => {
    const {get, login} = open();
    const token = await login();
    assert.equal(await statusOf(get('/api/v1/mapservices', bearer(token))), 200);
    assert.deepEqual(await messageOf(await get('/api/v1/mapservices')), [401, 401, 'JWT Token not found', 'Bearer']);
    const unknown = await get('/api/v1/mapservices', bearer('a.b.c'));
    assert.deepEqual(await messageOf(unknown), [401, 401, 'Invalid JWT Token', 'Bearer']);
  });

  it('takes the token neither from the query nor from a cookie', async () => {
    const {get, login} = open();
    const token = await login();
    assert.equal(await statusOf(get(`/api/v1/mapservices?bearer=${token}`)), 401);
    assert.equal(await statusOf(get('/api/v1/mapservices', {cookie: `BEARER=${token}`})), 401);
  });

  it('answers 401 to the literal of the document, which lacks its dollar sign', async () => {
    const {get} = open();
    const literal = await get('/api/v1/mapservices', {authorization: 'Bearer {jwtToken}'});
    assert.deepEqual(await messageOf(literal), [401, 401, 'Invalid JWT Token', 'Bearer']);
  });

  it('ends a token after two hours', async () => {
    const {clock, get, login} = open();
    const token = await login();
    clock.advance(7199);
    assert.equal(await statusOf(get('/api/v1/mapservices', bearer(token))), 200);
    clock.advance(1);
    const late = await get('/api/v1/mapservices', bearer(token));
    assert.deepEqual(await messageOf(late), [401, 401, 'Expired JWT Token', 'Bearer']);
  });

  it('lets several tokens of one user be used at once', async () => {
    const {get, login} = open();
    const tokens = [await login(), await login()];
    assert.equal(new Set(tokens).size, 2);
    for (const token of tokens) assert.equal(await statusOf(get('/api/v1/mapservices', bearer(token))), 200);
  });

  it('can take back one token and leave the other', async () => {
    const {double, get, login} = open();
    const [first, second] = [await login(), await login()];
    double.tokens.revoke(first);
    assert.equal(await statusOf(get('/api/v1/mapservices', bearer(first))), 401);
    assert.equal(await statusOf(get('/api/v1/mapservices', bearer(second))), 200);
  });

  it('has CORS on every answer to GET, the refused ones too', async () => {
    const {get, login} = open();
    const origin = {origin: 'https://site.example'};
    const token = await login();
    const answers = [
      await get('/api/v1/mapservices', {...origin, ...bearer(token)}),
      await get('/api/v1/mapservices', origin),
      await get('/api/v1/maps/none', {...origin, ...bearer(token)}),
    ];
    assert.deepEqual(
      answers.map(({status, headers}) => [status, headers.get('access-control-allow-origin')]),
      [
        [200, '*'],
        [401, '*'],
        [404, '*'],
      ],
    );
  });

  it('has no CORS on a POST, nor for its preflight', async () => {
    const {send, preflight} = open();
    const response = await send('/api/login_check', {
      method: 'POST',
      headers: {'content-type': 'application/json', origin: 'https://site.example'},
      body: JSON.stringify(VIEWER),
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.equal(allowedHeaders(await preflight('/api/login_check', 'POST', 'content-type')), undefined);
  });

  it('answers the preflight of a GET, or refuses it: the document leaves it open', async () => {
    const {double, preflight} = open();
    assert.ok(allowedHeaders(await preflight('/api/v1/mapservices'))?.includes('authorization'));
    double.preflight = 'refuse';
    assert.equal(allowedHeaders(await preflight('/api/v1/mapservices')), undefined);
    assert.equal(double.counts.preflights, 2);
    assert.equal(double.counts.requests, 0);
  });

  it('has a configuration whose layers are behind the same token', async () => {
    const {get, login} = open();
    const token = await login();
    const config = await (await get('/api/v1/maps/world', bearer(token))).json();
    const [tiles, wms] = config.layers;
    assert.deepEqual([tiles.type, wms.type, wms.layers], ['xyz', 'wms', 'boundaries']);

    const tile = tiles.url.replace('{z}', '2').replace('{x}', '2').replace('{y}', '1');
    assert.equal(await statusOf(get(tile)), 401);
    await assertPicture(await get(tile, bearer(token)), 256);

    const image = `${wms.url}?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=boundaries&STYLES=&CRS=EPSG:3857&BBOX=0,0,5e6,5e6&WIDTH=64&HEIGHT=32&FORMAT=image/png`;
    assert.equal(await statusOf(get(image)), 401);
    await assertPicture(await get(image, bearer(token)), 64, 32);
  });

  it('keeps what was asked, for assertions', async () => {
    const {double, get, login} = open();
    const token = await login();
    await get('/api/v1/mapservices', bearer(token));
    assert.deepEqual(
      double.requests.map(({method, url, status}) => [method, url.pathname, status]),
      [
        ['POST', '/api/login_check', 200],
        ['GET', '/api/v1/mapservices', 200],
      ],
    );
    assert.deepEqual(JSON.parse(double.requests[0]?.body ?? ''), VIEWER);
    assert.equal(double.requests[1]?.headers.get('authorization'), `Bearer ${token}`);
  });

  it('can answer wrongly', async () => {
    const {double, get} = open();
    double.fault = () => new Response('<html>', {status: 502});
    assert.equal(await statusOf(get('/api/v1/mapservices')), 502);
    double.fault = null;
    assert.equal(await statusOf(get('/api/v1/mapservices')), 401);
  });
});
