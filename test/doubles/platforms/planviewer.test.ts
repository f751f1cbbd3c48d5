import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {describe, it} from 'node:test';
import {allowedHeaders, asking, assertPicture, basic, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createPlanviewerDouble, PLANVIEWER_VIEWERS} from './planviewer.js';
import type {PlanviewerToken} from './planviewer-client.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const HOST = 'https://www.planviewer.example';
const CALLBACK = '/maps_api/v2/oauth/1/callback';
const IDENTIFIER = PLANVIEWER_VIEWERS[0]?.identifier ?? '';
const VIEWER = `/maps_api/v2/embed/viewer/${IDENTIFIER}`;
const OAUTH = {
  clientId: 'planviewer',
  clientSecret: 'planviewer-client-secret',
  authorizeUrl: 'https://site.example/authorize?theme=dark',
  accessTokenUrl: 'https://site.example/access_token',
  resourceUrl: 'https://site.example/resource?of=map',
};
const BEARER: PlanviewerToken = {access_token: 'mF_9.B5f-4.1JqM', token_type: 'Bearer', expires_in: 3600};

interface Provider {
  token: Response;
  resource: Response;
}

const open = (
  provider: Partial<Provider> = {},
  options: Partial<Parameters<typeof createPlanviewerDouble>[0]> = {},
) => {
  const clock = createFakeClock();
  const calls: Request[] = [];
  const double = createPlanviewerDouble({
    now: clock.now,
    content,
    oauth: OAUTH,
    fetch: (input, init) => {
      const request = new Request(input, init);
      calls.push(request);
      const isToken = new URL(request.url).pathname === '/access_token';
      const answer = isToken ? (provider.token ?? Response.json(BEARER)) : (provider.resource ?? Response.json({}));
      return Promise.resolve(answer.clone());
    },
    ...options,
  });
  const ask = asking(double, HOST);
  /** As far as the provider. */
  const begin = async (path = VIEWER): Promise<{cookie: string; state: string; location: URL}> => {
    const response = await ask.get(path);
    assert.equal(response.status, 302);
    const location = new URL(response.headers.get('location') ?? '');
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    return {cookie, location, state: location.searchParams.get('state') ?? ''};
  };
  /** And back again. */
  const enter = async (path = VIEWER): Promise<{cookie: string; response: Response}> => {
    const {cookie, state} = await begin(path);
    return {cookie, response: await ask.get(`${CALLBACK}?code=a-code&state=${state}`, {cookie})};
  };
  return {clock, double, calls, ...ask, begin, enter};
};

describe('Planviewer: viewers', () => {
  it('sends a visitor to the provider, with a session', async () => {
    const {get} = open();
    const response = await get(VIEWER);
    assert.equal(response.status, 302);
    assert.match(response.headers.get('set-cookie') ?? '', /^PHPSESSID=\w{32}; path=\/; HttpOnly$/u);
    const {origin, pathname, searchParams} = new URL(response.headers.get('location') ?? '');
    assert.equal(`${origin}${pathname}`, 'https://site.example/authorize');
    const {state, ...others} = Object.fromEntries(searchParams);
    assert.match(state ?? '', /^\w{32}$/u);
    assert.deepEqual(others, {
      theme: 'dark',
      response_type: 'code',
      approval_prompt: 'auto',
      client_id: 'planviewer',
      redirect_uri: `${HOST}${CALLBACK}`,
    });
  });

  it('keeps a session that there is, and has a new state each time', async () => {
    const {begin, get} = open();
    const {cookie, state} = await begin();
    const again = await get(VIEWER, {cookie});
    assert.equal(again.headers.get('set-cookie'), null);
    assert.notEqual(new URL(again.headers.get('location') ?? '').searchParams.get('state'), state);
  });

  it('serves the page at the callback itself', async () => {
    const {enter, get} = open();
    const {cookie, response} = await enter();
    assert.equal(response.status, 200);
    assert.match(await response.text(), new RegExp(`data-viewer="${IDENTIFIER}"`, 'u'));
    assert.equal(await statusOf(get(VIEWER, {cookie})), 200);
    await assertPicture(await get(`${VIEWER}/map.png`, {cookie}), 1024);
  });

  it('gives any visitor who is let in every viewer', async () => {
    const {enter, get} = open();
    const {cookie} = await enter();
    const other = PLANVIEWER_VIEWERS[1]?.identifier;
    assert.equal(await statusOf(get(`/maps_api/v2/embed/viewer/${other}`, {cookie})), 200);
  });

  it('knows `active_layers`, also after the way round', async () => {
    const {enter} = open();
    assert.match(await (await enter()).response.text(), /data-active-layers="false"/u);
    assert.match(await (await enter(`${VIEWER}?active_layers=true`)).response.text(), /data-active-layers="true"/u);
  });

  it('answers 404 for an identifier that it does not know', async () => {
    const {get} = open();
    assert.equal(await statusOf(get('/maps_api/v2/embed/viewer/none')), 404);
  });

  it('can answer 403 instead of a redirect, as its other page says', async () => {
    const {double, get} = open();
    double.unauthenticated = 'forbid';
    assert.equal(await statusOf(get(VIEWER)), 403);
  });

  it('is public without an OAuth configuration', async () => {
    const {get} = open({}, {oauth: null});
    assert.equal(await statusOf(get(VIEWER)), 200);
    await assertPicture(await get(`${VIEWER}/map.png`), 1024);
  });

  it('shows no picture without a session', async () => {
    const {get} = open();
    assert.equal(await statusOf(get(`${VIEWER}/map.png`)), 403);
  });

  it('forgets a session when it is told, and after a while', async () => {
    const {clock, double, enter, get} = open();
    const {cookie} = await enter();
    clock.advance(1439);
    assert.equal(await statusOf(get(VIEWER, {cookie})), 200);
    clock.advance(1440);
    assert.equal(await statusOf(get(VIEWER, {cookie})), 302);
    const {cookie: another} = await enter();
    double.endSessions();
    assert.equal(await statusOf(get(VIEWER, {cookie: another})), 302);
  });
});

describe('Planviewer: the callback', () => {
  it('answers 403 to another state, another session, and a second use', async () => {
    const {begin, calls, get} = open();
    const {cookie, state} = await begin();
    assert.equal(await statusOf(get(`${CALLBACK}?code=a-code&state=another`, {cookie})), 403);
    assert.equal(await statusOf(get(`${CALLBACK}?code=a-code`, {cookie})), 403);
    assert.equal(await statusOf(get(`${CALLBACK}?code=a-code&state=${state}`)), 403);
    assert.equal(calls.length, 0);
    assert.equal(await statusOf(get(`${CALLBACK}?code=a-code&state=${state}`, {cookie})), 200);
    assert.equal(await statusOf(get(`${CALLBACK}?code=a-code&state=${state}`, {cookie})), 403);
  });

  it('answers 403 when the provider refuses the visitor', async () => {
    const {begin, calls, get} = open();
    const {cookie, state} = await begin();
    assert.equal(await statusOf(get(`${CALLBACK}?error=access_denied&state=${state}`, {cookie})), 403);
    assert.equal(calls.length, 0);
  });

  it('answers 403 when the code yields no token', async () => {
    for (const token of [
      Response.json({error: 'invalid_grant'}, {status: 400}),
      new Response('<html>'),
      Response.json({access_token: 'a'}),
      Response.json({access_token: 'a', token_type: 'DPoP'}),
    ]) {
      assert.equal((await open({token}).enter()).response.status, 403);
    }
  });

  it('answers 403 when the resource refuses the token', async () => {
    const {enter, get} = open({resource: new Response(null, {status: 401})});
    const {cookie, response} = await enter();
    assert.equal(response.status, 403);
    assert.equal(await statusOf(get(VIEWER, {cookie})), 302);
  });
});

describe('Planviewer: the calls in the background', () => {
  it('sends the secret in Basic and in the form', async () => {
    const {calls, enter} = open();
    await enter();
    const [call] = calls;
    assert.equal(call?.method, 'POST');
    assert.equal(call?.headers.get('authorization'), basic('planviewer', 'planviewer-client-secret'));
    assert.equal(call?.headers.get('content-type'), 'application/x-www-form-urlencoded');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(await call?.text())), {
      grant_type: 'authorization_code',
      code: 'a-code',
      redirect_uri: `${HOST}${CALLBACK}`,
      client_id: 'planviewer',
      client_secret: 'planviewer-client-secret',
    });
  });

  it('sends the same as JSON', async () => {
    const {calls, enter} = open({}, {tokenRequest: 'json'});
    await enter();
    assert.equal(calls[0]?.headers.get('content-type'), 'application/json');
    const body: Record<string, string> = await calls[0]?.json();
    assert.deepEqual(Object.keys(body), ['grant_type', 'code', 'redirect_uri', 'client_id', 'client_secret']);
  });

  it('fetches the resource with a Bearer token, however it is written', async () => {
    const {calls, enter} = open({token: Response.json({...BEARER, token_type: 'bearer'})});
    assert.equal((await enter()).response.status, 200);
    assert.equal(calls[1]?.url, OAUTH.resourceUrl);
    assert.equal(calls[1]?.headers.get('authorization'), 'Bearer mF_9.B5f-4.1JqM');
  });

  it('fetches the resource with a MAC token', async () => {
    const token = {access_token: 'h480djs93hd8', token_type: 'MAC', mac_key: 'a-key', mac_algorithm: 'hmac-sha-256'};
    const {calls, clock, enter} = open({token: Response.json(token)});
    assert.equal((await enter()).response.status, 200);
    const header = calls[1]?.headers.get('authorization') ?? '';
    const [, id, ts, nonce, mac] = /^MAC id="(.+?)", ts="(\d+)", nonce="(.+?)", mac="(.+?)"$/u.exec(header) ?? [];
    assert.deepEqual([id, Number(ts)], ['h480djs93hd8', clock.now() / 1000]);
    const signed = `${ts}\n${nonce}\nGET\n/resource?of=map\nsite.example\n443\n\n`;
    assert.equal(mac, createHmac('sha256', 'a-key').update(signed).digest('base64'));
  });

  it('keeps the token to itself', async () => {
    const {double, enter, get} = open();
    const {cookie, response} = await enter();
    const bytes = [response, await get(VIEWER, {cookie})].map(async (each) => [
      await each.text(),
      ...each.headers.values(),
    ]);
    assert.equal((await Promise.all(bytes)).flat().join('\n').includes(BEARER.access_token), false);
    assert.equal([...double.sessions.values()][0]?.token?.access_token, BEARER.access_token);
  });
});

describe('Planviewer: the server API', () => {
  const KEY = {authorization: basic('planviewer-key', 'planviewer-server-secret')};
  const VIEWERS = '/maps_api/v2/server/viewers';

  it('lists the viewers', async () => {
    const {get} = open();
    const answer = await (await get(VIEWERS, KEY)).json();
    const {viewers, total_count, current_count, limit, offset, error} = answer;
    assert.deepEqual([total_count, current_count, limit, offset, error], [2, 2, 100, 0, false]);
    assert.deepEqual(Object.keys(viewers[0]), ['self_url', 'name', 'identifier', 'created_at', 'updated_at']);
    assert.match(viewers[0].identifier, /^[\da-f]{64}$/u);
    assert.equal('next' in answer, false);
  });

  it('lists them page by page', async () => {
    const {get} = open();
    const {current_count, next} = await (await get(`${VIEWERS}?limit=1`, KEY)).json();
    assert.equal(current_count, 1);
    const last = await (await get(next.url, KEY)).json();
    assert.deepEqual([last.current_count, last.offset, 'next' in last], [1, 1, false]);
    assert.equal(await statusOf(get(`${VIEWERS}?limit=201`, KEY)), 400);
  });

  it('lists the layers of one', async () => {
    const {get} = open();
    const {error, layers} = await (await get(`${VIEWERS}/${IDENTIFIER}/layers`, KEY)).json();
    assert.equal(error, false);
    assert.deepEqual(
      layers.map(({type}: {type: string}) => type),
      ['osm', 'wms', 'dkk'],
    );
    assert.equal(await statusOf(get(`${VIEWERS}/${'0'.repeat(64)}/layers`, KEY)), 404);
  });

  it('names the service of a layer, which any page may ask', async () => {
    const {get, preflight} = open();
    const {layers} = await (await get(`${VIEWERS}/${IDENTIFIER}/layers`, KEY)).json();
    const {url, layers: name} = layers[1];
    const query = `SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${name}&STYLES=&CRS=EPSG:3857&BBOX=0,0,5e6,5e6&WIDTH=64&HEIGHT=32&FORMAT=image/png`;
    const response = await get(`${url}?${query}`, {origin: 'https://site.example'});
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    await assertPicture(response, 64, 32);
    assert.equal(allowedHeaders(await preflight(VIEWERS)), undefined);
    assert.equal(allowedHeaders(await preflight(VIEWER)), undefined);
  });

  it('refuses without a key, with a wrong secret and with a key that is not active', async () => {
    const {get} = open();
    for (const headers of [
      {},
      {authorization: basic('planviewer-key', 'no')},
      {authorization: basic('planviewer-old-key', 'planviewer-old-secret')},
    ] as Record<string, string>[]) {
      const response = await get(VIEWERS, headers);
      assert.equal(response.status, 401);
      assert.deepEqual(await response.json(), {error: {code: 401, message: 'Unauthorized'}});
    }
  });
});
