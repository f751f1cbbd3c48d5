import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {asking, assertPicture, bearer, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createImanagerDouble} from './supermap-imanager.js';
import {createKeycloakDouble} from './supermap-keycloak.js';
import {createWorldContent} from './world-content.js';

const content = createWorldContent();
const PROBLEM = '/imanager/dashboard/web/api/alert/problem';
const WORLD = '/iserver/services/map-world/rest/maps/World';

const open = async () => {
  const clock = createFakeClock();
  const keycloak = createKeycloakDouble({now: clock.now});
  const double = createImanagerDouble({accepts: keycloak.accepts, content});
  const response = await asking(keycloak, 'http://keycloak.example:30474').postForm(
    '/auth/realms/imanager/protocol/openid-connect/token',
    {client_id: 'imanager', username: 'mapuser', password: 'imanager-mapuser-password', grant_type: 'password'},
  );
  const {access_token: token, refresh_token: refreshToken}: {access_token: string; refresh_token: string} =
    await response.json();
  return {clock, double, token, refreshToken, ...asking(double, 'http://imanager.example:31100')};
};

describe('SuperMap iManager', () => {
  it('answers as in the document, in each of the three ways', async () => {
    const {double, get, postForm, token} = await open();
    for (const response of [
      await get(PROBLEM, bearer(token)),
      await postForm(PROBLEM, {access_token: token}),
      await get(`${PROBLEM}?access_token=${token}`, {'cache-control': 'no-store'}),
    ]) {
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), {number: 0, from: 0, to: 0});
    }
    assert.deepEqual(double.transports, ['header', 'form', 'query']);
  });

  it('takes the header before the form, and the form before the query', async () => {
    const {double, send, token} = await open();
    const all = (header: string, form: string, query: string): Promise<Response> =>
      send(`${PROBLEM}?access_token=${query}`, {
        method: 'POST',
        headers: header ? bearer(header) : {},
        body: new URLSearchParams(form ? {access_token: form} : {}),
      });
    assert.equal(await statusOf(all(token, 'wrong', 'wrong')), 200);
    assert.equal(await statusOf(all('wrong', token, token)), 401);
    assert.equal(await statusOf(all('', token, 'wrong')), 200);
    assert.equal(await statusOf(all('', 'wrong', token)), 401);
    assert.equal(await statusOf(all('', '', token)), 200);
    assert.deepEqual(double.transports, ['header', 'form', 'query']);
  });

  it('takes a form as application/x-www-form-urlencoded only', async () => {
    const {send, token} = await open();
    const body = `access_token=${token}`;
    assert.equal(await statusOf(send(PROBLEM, {method: 'POST', body, headers: {'content-type': 'text/plain'}})), 401);
  });

  it('refuses what is missing, unknown, expired or a refresh token', async () => {
    const {clock, get, refreshToken, token} = await open();
    assert.equal(await statusOf(get(PROBLEM)), 401);
    assert.equal(await statusOf(get(PROBLEM, bearer('a.b.c'))), 401);
    assert.equal(await statusOf(get(PROBLEM, bearer(refreshToken))), 401);
    clock.advance(300);
    assert.equal(await statusOf(get(PROBLEM, bearer(token))), 401);
  });

  it('refuses a token with the stray back-ticks of the document', async () => {
    const {get, token} = await open();
    assert.equal(await statusOf(get(PROBLEM, bearer(`${token.slice(0, 40)}\`${token.slice(40)}\``))), 401);
  });

  it('has maps behind the same token', async () => {
    const {get, token} = await open();
    const tile = `${WORLD}/zxyTileImage.png?z=2&x=2&y=1&width=256&height=256&transparent=true`;
    assert.equal(await statusOf(get(tile)), 401);
    await assertPicture(await get(tile, bearer(token)), 256);
    const {name} = await (await get(`${WORLD}.json`, bearer(token))).json();
    assert.equal(name, 'World');
  });
});
