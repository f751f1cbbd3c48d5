import type {TestInfo} from '@playwright/test';
import {clientId} from '../../scripts/keycloak/realm.js';
import {show} from '../../scripts/keycloak/recorder.js';
import {createTokenBroker, type TokenBroker} from '../../src/broker/index.js';
import {
  accessSeconds,
  account,
  disabled,
  expect,
  grantLine,
  grantsOf,
  password,
  refreshSeconds,
  test,
  type RealServers,
} from './fixtures.js';
import {examplePath} from './map-server.js';

// The password grant of the document, by the broker, at a real realm `imanager`.

interface Opened {
  readonly broker: TokenBroker;
  readonly errors: string[];
  /** Seconds by which the broker's clock goes before Keycloak's. */
  advance(seconds: number): void;
}

const open = ({keycloak}: RealServers, secret: {username: string; password: string} = account): Opened => {
  let ahead = 0;
  const errors: string[] = [];
  const broker = createTokenBroker({
    platform: 'supermap-imanager',
    server: keycloak.origin,
    secret: {username: secret.username, password: secret.password},
    authorize: () => true,
    now: () => Date.now() + ahead,
    onError: (error) => errors.push(String(error)),
  });
  return {broker, errors, advance: (seconds) => void (ahead += seconds * 1000)};
};

const ask = (broker: TokenBroker, query = ''): Promise<Response> =>
  broker(new Request(`https://city.example/map-token${query}`));

const tokenOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200);
  const {access_token}: {access_token: string} = await response.json();
  return access_token;
};

/** For the report of `npm run test:keycloak`. */
const note = (info: TestInfo, {keycloak}: RealServers): void => {
  for (const request of keycloak.recorder.seen) info.annotations.push({type: 'request', description: show(request)});
};

test('the password grant is the one of the document, and the page gets the access token alone', async ({
  real,
}, info) => {
  const {broker} = open(real);
  const response = await ask(broker);
  const body: Record<string, unknown> = await response.json();
  expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'token_type']);
  expect(body['token_type']).toMatch(/^bearer$/i);
  expect(body['expires_in']).toBeLessThanOrEqual(accessSeconds);
  expect(response.headers.get('cache-control')).toBe('no-store');

  const [grant, ...others] = grantsOf(real.keycloak);
  expect(others).toEqual([]);
  expect(grant?.request.method).toBe('POST');
  expect(grant?.request.path).toBe('/auth/realms/imanager/protocol/openid-connect/token');
  expect(grant?.request.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded(;|$)/);
  expect(grant?.request.headers.host).toBe(new URL(real.keycloak.origin).host);
  expect(grant?.request.headers.authorization).toBeUndefined();
  expect(grant?.form).toEqual({client_id: clientId, username: account.username, password, grant_type: 'password'});
  note(info, real);

  const headers = {authorization: `Bearer ${String(body['access_token'])}`};
  const resource = await fetch(`${real.map.origin}${examplePath}`, {headers});
  expect(await resource.json()).toEqual({number: 0, from: 0, to: 0});
  expect(real.map.judged[0]?.claims).toMatchObject({azp: clientId, preferred_username: account.username});
});

for (const rotates of [false, true]) {
  test(`refresh tokens ${rotates ? 'that serve once' : 'that stay'}: renewed, in one session`, async ({real}, info) => {
    await real.keycloak.admin.configure({revokeRefreshToken: rotates});
    const {broker, advance} = open(real);
    const tokens = [await tokenOf(await ask(broker))];
    for (let renewal = 0; renewal < 3; renewal += 1) {
      advance(accessSeconds);
      tokens.push(await tokenOf(await ask(broker)));
    }
    expect(new Set(tokens).size).toBe(4);
    expect(grantLine(real.keycloak)).toBe('password 200, refresh_token 200, refresh_token 200, refresh_token 200');
    expect(await real.keycloak.admin.sessionsOf(account.username)).toBe(1);
    const refreshes = grantsOf(real.keycloak).slice(1);
    for (const {form} of refreshes)
      expect(Object.keys(form).toSorted()).toEqual(['client_id', 'grant_type', 'refresh_token']);
    expect(new Set(refreshes.map(({form}) => form['refresh_token'])).size).toBe(3);
    note(info, real);
  });
}

test('a refresh token that is over is not sent: the password grant again', async ({real}) => {
  const {broker, advance} = open(real);
  await tokenOf(await ask(broker));
  advance(refreshSeconds);
  await tokenOf(await ask(broker));
  expect(grantLine(real.keycloak)).toBe('password 200, password 200');
});

test('a session that an administrator has ended: the refusal leads to the password grant', async ({real}, info) => {
  const {broker, advance} = open(real);
  await tokenOf(await ask(broker));
  await real.keycloak.admin.endSessionsOf(account.username);
  advance(accessSeconds);
  await tokenOf(await ask(broker));
  expect(grantLine(real.keycloak)).toBe('password 200, refresh_token 400, password 200');
  note(info, real);
});

test('a hundred at once are one request', async ({real}) => {
  const {broker} = open(real);
  const tokens = await Promise.all(Array.from({length: 100}, async () => tokenOf(await ask(broker))));
  expect(new Set(tokens).size).toBe(1);
  expect(grantLine(real.keycloak)).toBe('password 200');
});

test('the sign-out ends the session at Keycloak, and the next request begins a new one', async ({real}, info) => {
  const {broker, errors} = open(real);
  await tokenOf(await ask(broker));
  expect(await real.keycloak.admin.sessionsOf(account.username)).toBe(1);
  await broker.signOut();
  expect(await real.keycloak.admin.sessionsOf(account.username)).toBe(0);
  const end = real.keycloak.recorder.seen.at(-1);
  expect(end?.path).toBe('/auth/realms/imanager/protocol/openid-connect/logout');
  expect([...new URLSearchParams(end?.body).keys()].toSorted()).toEqual(['client_id', 'refresh_token']);
  expect(end?.status).toBe(204);
  expect(errors).toEqual([]);
  note(info, real);
  await tokenOf(await ask(broker));
  expect(grantLine(real.keycloak)).toBe('password 200, password 200');
});

for (const [what, secret] of [
  ['a wrong password', {...account, password: 'wrong'}],
  ['a disabled user', disabled],
] as const) {
  test(`${what}: 502 that says nothing, asked once, and told to the operator without the password`, async ({
    real,
  }, info) => {
    const {broker, errors} = open(real, secret);
    for (const query of ['', '?reason=unauthorized']) {
      const response = await ask(broker, query);
      expect(response.status).toBe(502);
      expect(await response.text()).toBe('{"error":"platform_unavailable"}');
    }
    expect(grantLine(real.keycloak)).toMatch(/^password 40[01]$/);
    expect(errors).toHaveLength(2);
    expect(errors.join()).not.toContain(secret.password);
    note(info, real);
  });
}

test('an account that is enabled again works again, after the pause', async ({real}) => {
  const {broker, advance} = open(real);
  await real.keycloak.admin.setEnabled(account.username, false);
  try {
    expect((await ask(broker)).status).toBe(502);
  } finally {
    await real.keycloak.admin.setEnabled(account.username, true);
  }
  advance(31);
  await tokenOf(await ask(broker));
  expect(grantLine(real.keycloak)).toMatch(/^password 40[01], password 200$/);
});
