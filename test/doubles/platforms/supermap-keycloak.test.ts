import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {allowedHeaders, asking, claimsOf, statusOf} from './asking.js';
import {createFakeClock} from './front.js';
import {createKeycloakDouble} from './supermap-keycloak.js';

const TOKEN = '/auth/realms/imanager/protocol/openid-connect/token';
const LOGOUT = '/auth/realms/imanager/protocol/openid-connect/logout';
const PASSWORD = {
  client_id: 'imanager',
  username: 'mapuser',
  password: 'imanager-mapuser-password',
  grant_type: 'password',
};

interface Answer {
  readonly access_token: string;
  readonly refresh_token: string;
}

const open = (options: Parameters<typeof createKeycloakDouble>[0] = {}) => {
  const clock = createFakeClock();
  const double = createKeycloakDouble({now: clock.now, ...options});
  const ask = asking(double, 'http://keycloak.example:30474');
  const login = async (): Promise<Answer> => (await ask.postForm(TOKEN, PASSWORD)).json();
  const refresh = (refresh_token: string): Promise<Response> =>
    ask.postForm(TOKEN, {client_id: 'imanager', grant_type: 'refresh_token', refresh_token});
  return {clock, double, ...ask, login, refresh};
};

const refusalOf = async (response: Response): Promise<unknown> => {
  const {error, error_description}: {error: string; error_description: string} = await response.json();
  return [response.status, error, error_description];
};

describe('Keycloak of SuperMap iManager', () => {
  it('answers the password grant with the fields of the document', async () => {
    const {postForm} = open();
    const response = await postForm(TOKEN, PASSWORD);
    const answer = await response.json();
    assert.equal(response.status, 200);
    assert.deepEqual(Object.keys(answer).toSorted(), [
      'access_token',
      'expires_in',
      'not-before-policy',
      'refresh_expires_in',
      'refresh_token',
      'scope',
      'session_state',
      'token_type',
    ]);
    assert.deepEqual([answer.expires_in, answer.refresh_expires_in, answer.token_type], [300, 1800, 'bearer']);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  it('signs tokens of 300 and 1800 seconds', async () => {
    const {login} = open();
    const {access_token, refresh_token} = await login();
    const [access, refresh] = [claimsOf(access_token), claimsOf(refresh_token)];
    assert.equal(Number(access['exp']) - Number(access['iat']), 300);
    assert.equal(Number(refresh['exp']) - Number(refresh['iat']), 1800);
    assert.deepEqual([access['typ'], refresh['typ']], ['Bearer', 'Refresh']);
    assert.deepEqual(access['allowed-origins'], ['*']);
    assert.equal(access['iss'], 'http://keycloak.example:30474/auth/realms/imanager');
  });

  it('has a `session_state` in the answer that is not that of the token, as in the sample', async () => {
    const {postForm} = open();
    const {access_token, session_state} = await (await postForm(TOKEN, PASSWORD)).json();
    assert.notEqual(session_state, claimsOf(access_token)['session_state']);
  });

  it('refuses a wrong password, a disabled user, another client and another realm', async () => {
    const {postForm} = open();
    const wrong = await postForm(TOKEN, {...PASSWORD, password: 'admin'});
    assert.deepEqual(await refusalOf(wrong), [401, 'invalid_grant', 'Invalid user credentials']);
    const gone = await postForm(TOKEN, {...PASSWORD, username: 'gone', password: 'imanager-gone-password'});
    assert.deepEqual(await refusalOf(gone), [400, 'invalid_grant', 'Account disabled']);
    const client = await postForm(TOKEN, {...PASSWORD, client_id: 'other'});
    assert.deepEqual(await refusalOf(client), [401, 'invalid_client', 'Invalid client credentials']);
    assert.equal(await statusOf(postForm(TOKEN.replace('imanager', 'master'), PASSWORD)), 404);
  });

  it('takes forms by POST, and the grants it knows', async () => {
    const {get, postForm, postJson} = open();
    assert.equal(await statusOf(get(TOKEN)), 405);
    assert.equal(await statusOf(postJson(TOKEN, PASSWORD)), 415);
    const unknown = await postForm(TOKEN, {...PASSWORD, grant_type: 'client_credentials'});
    assert.deepEqual(await refusalOf(unknown), [400, 'unsupported_grant_type', 'Unsupported grant_type']);
    const none = await postForm(TOKEN, {client_id: 'imanager'});
    assert.deepEqual(await refusalOf(none), [400, 'invalid_request', 'Missing form parameter: grant_type']);
  });

  it('ends an access token after five minutes', async () => {
    const {clock, double, login} = open();
    const {access_token} = await login();
    clock.advance(299);
    assert.equal(double.accepts(access_token), true);
    clock.advance(1);
    assert.equal(double.accepts(access_token), false);
  });

  it('gives a new pair for a refresh token', async () => {
    const {double, login, refresh} = open();
    const first = await login();
    const second: Answer = await (await refresh(first.refresh_token)).json();
    assert.notEqual(second.access_token, first.access_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(double.accepts(second.access_token), true);
  });

  it('ends a refresh token after 30 minutes', async () => {
    const {clock, login, refresh} = open();
    const {refresh_token} = await login();
    clock.advance(1800);
    assert.deepEqual(await refusalOf(await refresh(refresh_token)), [400, 'invalid_grant', 'Token is not active']);
  });

  it('takes a refresh token again and again, unless it rotates', async () => {
    const {double, login, refresh} = open();
    const {refresh_token} = await login();
    assert.deepEqual([await statusOf(refresh(refresh_token)), await statusOf(refresh(refresh_token))], [200, 200]);
    double.rotate = true;
    assert.equal(await statusOf(refresh(refresh_token)), 200);
    const reused = await refusalOf(await refresh(refresh_token));
    assert.deepEqual(reused, [400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded']);
  });

  it('takes no access token for a refresh token', async () => {
    const {login, refresh} = open();
    const {access_token} = await login();
    assert.deepEqual(await refusalOf(await refresh(access_token)), [400, 'invalid_grant', 'Invalid refresh token']);
  });

  it('ends the session at the sign-out, the access token with its time only', async () => {
    const {clock, double, login, postForm, refresh} = open();
    const {access_token, refresh_token} = await login();
    assert.equal(await statusOf(postForm(LOGOUT, {client_id: 'imanager', refresh_token})), 204);
    assert.deepEqual(await refusalOf(await refresh(refresh_token)), [400, 'invalid_grant', 'Session not active']);
    assert.equal(double.accepts(access_token), true);
    clock.advance(300);
    assert.equal(double.accepts(access_token), false);
  });

  it('lets pages of every origin ask', async () => {
    const {preflight, send} = open();
    assert.ok(allowedHeaders(await preflight(TOKEN, 'POST', 'content-type'))?.includes('content-type'));
    const response = await send(TOKEN, {
      method: 'POST',
      headers: {origin: 'https://site.example'},
      body: new URLSearchParams(PASSWORD),
    });
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
  });
});
