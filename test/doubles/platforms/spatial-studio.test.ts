import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import MVT from 'ol/format/MVT.js';
import {allowedHeaders, asking, assertPicture, bearer, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createSpatialStudioDouble, GENERATOR_TOKEN, STUDIO_DATASETS, STUDIO_RASTER} from './spatial-studio.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const ROOT = '/spatialstudio/oauth/v1';
const [DATASET = ''] = Object.keys(STUDIO_DATASETS);
const TILE = `${ROOT}/vt/${DATASET}/GEOM/2/2/1.mvt`;

const STREAMING = {name: 'map', validTime: '60', action: 'read_only', resourceType: 'dataset_streaming'};

const open = (options: Parameters<typeof createSpatialStudioDouble>[0] = {}) => {
  const clock = createFakeClock();
  const double = createSpatialStudioDouble({now: clock.now, content, ...options});
  const ask = asking(double, 'https://studio.example:4040');
  const generate = (query: Readonly<Record<string, string>> | string, token = GENERATOR_TOKEN): Promise<Response> =>
    ask.send(`${ROOT}/user/token?${new URLSearchParams(query).toString()}`, {method: 'POST', headers: bearer(token)});
  const token = async (wish: object = {}): Promise<string> => {
    const response = await generate({...STREAMING, ...wish});
    assert.equal(response.status, 200);
    const {token: given}: {token: string} = await response.json();
    return given;
  };
  return {clock, double, ...ask, generate, token};
};

describe('Oracle Spatial Studio: tokens', () => {
  it('gives a token with its name', async () => {
    const {generate} = open();
    const answer = await (await generate({...STREAMING, name: 'test123'})).json();
    assert.equal(answer.name, 'test123');
    // The beginning of the sample.
    assert.ok(answer.token.startsWith('eyJ0eXAiOiJzZ3RlY2'));
  });

  it('needs all four parameters', async () => {
    const {generate} = open();
    for (const missing of Object.keys(STREAMING)) {
      const rest = Object.fromEntries(Object.entries(STREAMING).filter(([key]) => key !== missing));
      assert.equal(await statusOf(generate(rest)), 400, `without ${missing}`);
    }
    assert.equal(await statusOf(generate(`${new URLSearchParams(STREAMING).toString()}&name=again`)), 400);
  });

  it('allows five combinations of the eight', async () => {
    const {generate} = open();
    const types = ['dataset_streaming', 'dataset_streaming_refreshing', 'embedded_published_project', 'all'];
    const allowed = [];
    for (const action of ['read_only', 'read_write']) {
      for (const resourceType of types) {
        const response = await generate({...STREAMING, action, resourceType});
        if (response.status === 200) allowed.push(`${action}+${resourceType}`);
        else assert.equal(response.status, 400);
      }
    }
    assert.deepEqual(allowed, [
      'read_only+dataset_streaming',
      'read_only+embedded_published_project',
      'read_only+all',
      'read_write+dataset_streaming_refreshing',
      'read_write+all',
    ]);
  });

  it('takes names of 1 to 128 characters', async () => {
    const {generate} = open();
    assert.equal(await statusOf(generate({...STREAMING, name: ''})), 400);
    assert.equal(await statusOf(generate({...STREAMING, name: 'n'.repeat(128)})), 200);
    assert.equal(await statusOf(generate({...STREAMING, name: 'n'.repeat(129)})), 400);
  });

  it('takes minutes from -1 to 9999', async () => {
    const {double, generate} = open();
    const status = (validTime: string): Promise<number> => statusOf(generate({...STREAMING, validTime}));
    for (const minutes of ['-1', '1', '9999']) assert.equal(await status(minutes), 200, minutes);
    for (const minutes of ['-2', '0', '10000', '1.5', 'soon']) assert.equal(await status(minutes), 400, minutes);
    double.allowsZeroMinutes = true;
    assert.equal(await status('0'), 200);
  });

  it('is for POST, with an access-generator token', async () => {
    const {generate, get, token} = open();
    const query = new URLSearchParams(STREAMING).toString();
    assert.equal(await statusOf(get(`${ROOT}/user/token?${query}`, bearer(GENERATOR_TOKEN))), 405);
    assert.equal(await statusOf(generate(STREAMING, 'unknown')), 401);
    // In single quotes, as in the document, the shell sends the name of the variable.
    assert.equal(await statusOf(generate(STREAMING, '$GENERATORTOKEN')), 401);
    assert.equal(await statusOf(generate(STREAMING, await token({action: 'read_write', resourceType: 'all'}))), 403);
  });

  it('has one generator token, which can be made anew', async () => {
    const {double, generate} = open();
    double.generatorToken = 'another';
    assert.equal(await statusOf(generate(STREAMING)), 401);
    assert.equal(await statusOf(generate(STREAMING, 'another')), 200);
  });

  it('ends a token after its minutes, and one of -1 never', async () => {
    const {clock, get, token} = open();
    const [short, long] = [await token({validTime: '5'}), await token({validTime: '-1'})];
    clock.advance(299);
    assert.equal(await statusOf(get(TILE, bearer(short))), 200);
    clock.advance(1);
    assert.equal(await statusOf(get(TILE, bearer(short))), 401);
    clock.advance(10 * 365 * 86_400);
    assert.equal(await statusOf(get(TILE, bearer(long))), 200);
  });

  it('can take a token back', async () => {
    const {double, get, token} = open();
    const given = await token();
    double.tokens.revoke(given);
    assert.equal(await statusOf(get(TILE, bearer(given))), 401);
  });
});

describe('Oracle Spatial Studio: data', () => {
  it('has vector tiles that OpenLayers reads', async () => {
    const {get, token} = open();
    const response = await get(TILE, bearer(await token()));
    assert.equal(response.headers.get('content-type'), 'application/vnd.mapbox-vector-tile');
    const names = new MVT().readFeatures(await response.arrayBuffer()).map((feature): unknown => feature.get('name'));
    assert.ok(names.includes('Germany') && names.includes('Egypt'), names.join());
    assert.ok(!names.includes('Brazil'));
  });

  it('has GeoJSON, with or without the geometry column', async () => {
    const {get, token} = open();
    const header = bearer(await token());
    for (const query of ['', '?geo=GEOM']) {
      const {type, features} = await (await get(`${ROOT}/jsonstream/${DATASET}${query}`, header)).json();
      assert.equal(type, 'FeatureCollection');
      assert.ok(features.length > 100);
    }
    assert.equal(await statusOf(get(`${ROOT}/jsonstream/${DATASET}?geo=OTHER`, header)), 404);
  });

  it('has raster tiles by the id of the column', async () => {
    const {get, token} = open();
    const header = bearer(await token());
    await assertPicture(await get(`${ROOT}/rt/${STUDIO_RASTER}/2/2/1.png`, header), 256);
    assert.equal(await statusOf(get(`${ROOT}/rt/${STUDIO_RASTER}/2/4/1.png`, header)), 404);
  });

  it('needs a token, in the header', async () => {
    const {get, token} = open();
    const given = await token();
    assert.equal(await statusOf(get(TILE)), 401);
    assert.equal(await statusOf(get(`${TILE}?access_token=${given}`)), 401);
    assert.equal(await statusOf(get(`${TILE}?token=${given}`)), 401);
  });

  it('gives nothing to the generator token', async () => {
    const {get} = open();
    assert.equal(await statusOf(get(TILE, bearer(GENERATOR_TOKEN))), 403);
  });

  it('is below `oauth/v1` for a token', async () => {
    const {get, token} = open();
    assert.equal(await statusOf(get(TILE.replace('/oauth/', '/api/'), bearer(await token()))), 401);
  });

  it('keeps a token to its resource type', async () => {
    const {get, token} = open();
    const streaming = bearer(await token());
    const embedded = bearer(await token({resourceType: 'embedded_published_project'}));
    const all = bearer(await token({resourceType: 'all'}));
    const status = async (path: string): Promise<number[]> => [
      await statusOf(get(path, streaming)),
      await statusOf(get(path, embedded)),
      await statusOf(get(path, all)),
    ];
    assert.deepEqual(await status(TILE), [200, 403, 200]);
    assert.deepEqual(await status(`${ROOT}/datasets`), [403, 403, 200]);
  });

  it('keeps streaming to GET, and refreshing to who may write', async () => {
    const {send, token} = open();
    const post = async (wish: object): Promise<number> =>
      statusOf(send(`${ROOT}/vt/${DATASET}`, {method: 'POST', headers: bearer(await token(wish))}));
    assert.equal(await post({}), 403);
    assert.equal(await post({action: 'read_write', resourceType: 'dataset_streaming_refreshing'}), 204);
    assert.equal(await post({resourceType: 'all'}), 403);
  });

  it('answers preflights of GET', async () => {
    const {double, preflight} = open();
    assert.deepEqual(allowedHeaders(await preflight(TILE)), ['authorization']);
    assert.equal(allowedHeaders(await preflight(`${ROOT}/user/token`, 'POST')), undefined);
    double.cors = 'off';
    assert.equal(allowedHeaders(await preflight(TILE)), undefined);
  });
});
