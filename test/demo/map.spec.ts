import {createCanvas, loadImage} from '@napi-rs/canvas';
import type {Demo} from '../../demo/servers/demo.js';
import {expect, test} from './demo-test.js';
import {untilLogged} from './log-watch.js';
import {refresh, signIn} from './visitor.js';
import type {Tokens} from './visitor.js';

const TILE = '/tiles/4/8/5.png';

function get(demo: Demo, path: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({origin: new URL(demo.pageUrl).origin});
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  return fetch(demo.mapUrl + path, {...init, headers});
}

async function pixelsOf(response: Response): Promise<Buffer> {
  const image = await loadImage(Buffer.from(await response.arrayBuffer()));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return Buffer.from(context.getImageData(0, 0, image.width, image.height).data);
}

function getMap(parameters: Record<string, string>): string {
  const fixed = {SERVICE: 'WMS', REQUEST: 'GetMap', LAYERS: 'boundaries', STYLES: '', FORMAT: 'image/png'};
  return `/wms?${new URLSearchParams({...fixed, WIDTH: '120', HEIGHT: '90', TRANSPARENT: 'TRUE', ...parameters})}`;
}

test('no credential, a wrong one, a good one, one without the right', async ({demo}) => {
  const page = new URL(demo.pageUrl).origin;
  const {tokens: anna} = await signIn(demo);
  const {tokens: ben} = await signIn(demo, 'ben');
  const {tokens: carla} = await signIn(demo, 'carla');

  const none = await get(demo, TILE);
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  const wrong = await get(demo, TILE, `${anna.access_token.slice(0, -4)}AAAA`);
  expect(wrong.status).toBe(401);
  expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
  const idToken = await get(demo, TILE, anna.id_token);
  expect(idToken.status).toBe(401);
  const good = await get(demo, TILE, anna.access_token);
  expect([good.status, good.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(good.headers.get('vary')).toBe('Origin, Authorization');
  const forbidden = await get(demo, getMap({}), ben.access_token);
  expect(forbidden.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  expect((await get(demo, TILE, ben.access_token)).status).toBe(200);
  expect((await get(demo, TILE, carla.access_token)).status).toBe(403);

  for (const response of [none, wrong, good, forbidden]) {
    expect(response.headers.get('access-control-allow-origin')).toBe(page);
  }
  expect(demo.map.counts).toEqual({
    requests: 7,
    preflights: 0,
    ok: 2,
    unauthorized: 3,
    forbidden: 2,
    otherwise: 0,
    byPath: {config: 0, xyz: 6, wms: 1, geojson: 0, public: 0, other: 0},
    aborted: 0,
  });
  demo.map.resetCounts();
  expect(demo.map.counts).toMatchObject({requests: 0, byPath: {xyz: 0}});
});

test('another page gets no CORS headers, and a preflight no credential', async ({demo}) => {
  const preflight = await get(demo, TILE, undefined, {method: 'OPTIONS'});
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
  expect(Number(preflight.headers.get('access-control-max-age'))).toBeGreaterThan(0);
  expect(preflight.headers.get('vary')).toContain('Origin');
  const other = await fetch(demo.mapUrl + TILE, {headers: {origin: 'https://elsewhere.example'}});
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
  expect(other.headers.get('vary')).toContain('Origin');
  expect(demo.map.counts).toMatchObject({requests: 1, preflights: 1, unauthorized: 1});
});

test('the configuration leads to everything it names', async ({demo}) => {
  const {tokens} = await signIn(demo);
  const config: {layers: {id: string; type: string; url: string; attribution?: string}[]} = await (
    await get(demo, '/config/world.json', tokens.access_token)
  ).json();
  expect(config.layers.map(({id}) => id)).toEqual(['world', 'boundaries', 'countries', 'cities']);
  expect(config.layers[0]?.attribution).toBe('Natural Earth');
  for (const {type, url} of config.layers) {
    const path = url.slice(demo.mapUrl.length).replace(/\{\w\}/g, '0');
    const query = type === 'wms' ? '?REQUEST=GetCapabilities' : '';
    expect((await get(demo, path + query, tokens.access_token)).status).toBe(200);
  }
  expect((await get(demo, '/public/tiles/0/0/0.png')).status).toBe(200);
  expect((await get(demo, '/tiles/1/2/0.png', tokens.access_token)).status).toBe(404);
});

test('expired tokens are refused from that moment, new ones are not', async ({demo}) => {
  const {tokens} = await signIn(demo);
  demo.map.expireTokens();
  expect((await get(demo, TILE, tokens.access_token)).status).toBe(401);
  const renewed: Tokens = await (await refresh(demo, tokens.refresh_token)).json();
  expect((await get(demo, TILE, renewed.access_token)).status).toBe(200);
});

test('WMS 1.1.1 and 1.3.0 draw the same pixels, each in its own axis order', async ({demo}) => {
  const token = (await signIn(demo)).tokens.access_token;
  const draw = async (parameters: Record<string, string>): Promise<Buffer> =>
    pixelsOf(await get(demo, getMap(parameters), token));
  const old = await draw({VERSION: '1.1.1', SRS: 'EPSG:4326', BBOX: '5,45,17,54'});
  const latitudeFirst = await draw({VERSION: '1.3.0', CRS: 'EPSG:4326', BBOX: '45,5,54,17'});
  const longitudeFirst = await draw({VERSION: '1.3.0', CRS: 'CRS:84', BBOX: '5,45,17,54'});
  const swapped = await draw({VERSION: '1.3.0', CRS: 'EPSG:4326', BBOX: '5,45,17,54'});
  expect(latitudeFirst.equals(old)).toBe(true);
  expect(longitudeFirst.equals(old)).toBe(true);
  expect(swapped.equals(old)).toBe(false);
  expect(old.some((value, index) => index % 4 === 3 && value === 0)).toBe(true);

  const mercator = {BBOX: '556597,5621521,1892431,7170156'};
  const first = await draw({VERSION: '1.1.1', SRS: 'EPSG:3857', ...mercator});
  expect((await draw({VERSION: '1.3.0', CRS: 'EPSG:3857', ...mercator})).equals(first)).toBe(true);
  const opaque = await draw({VERSION: '1.3.0', CRS: 'EPSG:3857', TRANSPARENT: 'FALSE', ...mercator});
  expect(opaque.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true);
});

test('WMS: capabilities, features, legend, exceptions', async ({demo}) => {
  const token = (await signIn(demo)).tokens.access_token;
  const capabilities = await get(demo, '/wms?service=WMS&request=GetCapabilities', token);
  expect(await capabilities.text()).toContain('<WMS_Capabilities version="1.3.0"');
  const older = await get(demo, '/wms?service=WMS&version=1.1.1&request=GetCapabilities', token);
  expect(await older.text()).toContain('<WMT_MS_Capabilities version="1.1.1"');

  const berlin = {CRS: 'EPSG:4326', BBOX: '52,13,53,14', QUERY_LAYERS: 'boundaries', I: '60', J: '45'};
  const info = await get(
    demo,
    getMap({REQUEST: 'GetFeatureInfo', VERSION: '1.3.0', INFO_FORMAT: 'application/json', ...berlin}),
    token,
  );
  expect(await info.json()).toMatchObject({features: [{id: '276', properties: {name: 'Germany'}}]});
  const legend = await get(demo, '/wms?REQUEST=GetLegendGraphic&LAYER=boundaries&FORMAT=image/png', token);
  expect((await loadImage(Buffer.from(await legend.arrayBuffer()))).height).toBe(24);

  const good = {VERSION: '1.3.0', CRS: 'EPSG:4326', BBOX: '45,5,54,17'};
  const mistakes: [Record<string, string>, string][] = [
    [{...good, LAYERS: 'secret'}, 'LayerNotDefined'],
    [{...good, CRS: 'EPSG:31467'}, 'InvalidCRS'],
    [{...good, FORMAT: 'image/gif'}, 'InvalidFormat'],
    [{...good, STYLES: 'fancy'}, 'StyleNotDefined'],
    [{...good, BBOX: '54,5,45,17'}, 'InvalidParameterValue'],
    [{...good, WIDTH: '100000'}, 'InvalidParameterValue'],
    [{...good, BBOX: ''}, 'MissingParameterValue'],
    [{...good, REQUEST: 'GetTea'}, 'OperationNotSupported'],
    [{...good, VERSION: '1.1.1', SRS: 'EPSG:31467'}, 'InvalidSRS'],
  ];
  for (const [parameters, code] of mistakes) {
    const response = await get(demo, getMap(parameters), token);
    expect(response.headers.get('content-type')).toContain('xml');
    expect(await response.text()).toContain(`code="${code}"`);
  }
});

test('any answer can be spoiled', async ({demo}) => {
  const token = (await signIn(demo)).tokens.access_token;
  const {map} = demo;
  map.setFault(({kind, preflight}) =>
    kind === 'xyz' && !preflight ? {status: 429, headers: {'retry-after': '7'}, body: 'Slow down.'} : undefined,
  );
  const busy = await get(demo, TILE, token);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
  expect(busy.headers.get('access-control-allow-origin')).not.toBeNull();

  map.setFault(() => ({cors: false}));
  const bare = await get(demo, TILE, token);
  expect([bare.status, bare.headers.get('access-control-allow-origin')]).toEqual([200, null]);

  map.setFault(() => ({status: 302, headers: {location: 'https://elsewhere.example/'}}));
  expect((await get(demo, TILE, token, {redirect: 'manual'})).status).toBe(302);

  map.setFault(() => ({body: '<html></html>', headers: {'content-type': 'text/html'}}));
  expect(await (await get(demo, TILE, token)).text()).toBe('<html></html>');

  map.setFault(() => ({cut: true}));
  const half = await get(demo, TILE, token);
  expect(half.status).toBe(200);
  await expect(half.arrayBuffer()).rejects.toThrow();

  map.setFault(null);
  expect((await get(demo, TILE, token)).status).toBe(200);
  expect(map.counts).toMatchObject({requests: 6, ok: 4, otherwise: 2, aborted: 0});
});

test('clients that give up are counted; a cut network is not their doing', async ({demo}) => {
  const token = (await signIn(demo)).tokens.access_token;
  const arrived = new Promise<void>((resolve) => {
    demo.map.setFault(() => {
      resolve();
      return {hang: true};
    });
  });
  const impatient = new AbortController();
  const first = get(demo, TILE, token, {signal: impatient.signal});
  await arrived;
  impatient.abort();
  await expect(first).rejects.toThrow();
  const [entry] = await untilLogged(demo.log, 1, 'map');
  expect(demo.map.counts).toMatchObject({requests: 1, ok: 0, aborted: 1});
  expect(entry).toMatchObject({path: TILE, status: 0, aborted: true});

  demo.map.setOffline(true);
  await expect(get(demo, TILE, token)).rejects.toThrow();
  demo.map.setOffline(false);
  demo.map.setFault(null);
  expect((await get(demo, TILE, token)).status).toBe(200);
  expect(demo.map.counts).toMatchObject({requests: 2, ok: 1, aborted: 1});
});

test('the log shows where the credential went, and never the credential', async ({demo}) => {
  const {tokens, answer} = await signIn(demo);
  await (await get(demo, `${TILE}?access_token=${tokens.access_token}`)).text();
  await (await get(demo, TILE, 'wrong')).text();
  await (await get(demo, TILE, tokens.access_token)).text();
  const seen = await untilLogged(demo.log, 3, 'map');
  expect(seen.map(({status, credential}) => [status, credential])).toEqual([
    [401, 'none'],
    [401, 'refused'],
    [200, 'Bearer'],
  ]);
  const text = JSON.stringify(demo.log.entries);
  for (const secret of [tokens.access_token, tokens.refresh_token, answer.searchParams.get('code') ?? '']) {
    expect(text).not.toContain(secret);
  }
});
