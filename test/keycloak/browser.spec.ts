import type {Locator, Page, TestInfo} from '@playwright/test';
import {clientId} from '../../scripts/keycloak/realm.js';
import {show} from '../../scripts/keycloak/recorder.js';
import {eventsOf} from '../e2e/support/recorder.js';
import {expectMap, expectState, messageOf, signInButton, tagOf} from '../e2e/support/tag.js';
import {openPopup} from '../e2e/support/visitor.js';
import {account, disabled, expect, grantLine, grantsOf, password, test, type RealServers} from './fixtures.js';

// Authorization code with PKCE from a browser, at the same realm and client.

const markup = ({keycloak, map}: RealServers, more = 'dpop="off"'): string => {
  const layers = [{type: 'xyz', url: `${map.origin}/tiles/{z}/{x}/{y}.png`}];
  return `<secure-map authority="${keycloak.issuer}" client-id="${clientId}" allowed-origins="${map.origin}"
    post-logout-redirect-uri="/callback.html" layers='${JSON.stringify(layers)}' center="10,50" zoom="4" ${more}></secure-map>`;
};

/** Keycloak's own page. */
const fill = async (popup: Page, {username}: {username: string}, word = password): Promise<void> => {
  await popup.getByLabel('Username').fill(username);
  await popup.getByRole('textbox', {name: 'Password'}).fill(word);
  await popup.getByRole('button', {name: 'Sign In'}).click();
};

const signIn = async (page: Page, tag: Locator): Promise<void> => {
  const popup = await openPopup(page, signInButton(tag));
  const closed = popup.waitForEvent('close');
  await fill(popup, account);
  await closed;
  await expectState(tag, 'authenticated');
};

/** The requests of the flow, without what Keycloak's page loads. */
const note = (info: TestInfo, {keycloak}: RealServers): void => {
  const flow = /\/(protocol\/openid-connect\/(auth|token|revoke|logout)|\.well-known\/.*)(\?|$)/;
  for (const request of keycloak.recorder.seen.filter(({path, method}) => flow.test(path) && method !== 'OPTIONS'))
    info.annotations.push({type: 'request', description: show(request)});
};

const renewals = (page: Page): Promise<number> => eventsOf(page, 'token-refreshed').then(({length}) => length);

for (const rotates of [false, true]) {
  test(`signed in, drawn, renewed and signed out; refresh tokens ${rotates ? 'serve once' : 'stay'}`, async ({
    page,
    real,
  }, info) => {
    const {keycloak, map} = real;
    await keycloak.admin.configure({revokeRefreshToken: rotates});
    await page.goto(await real.page(markup(real)));
    const tag = tagOf(page);
    await signIn(page, tag);
    await expectMap(tag);

    const begin = keycloak.recorder.seen.find(({path}) => path.includes('/protocol/openid-connect/auth?'));
    const asked = new URL(begin?.path ?? '', keycloak.origin).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: clientId,
      response_type: 'code',
      code_challenge_method: 'S256',
    });
    const [exchange] = grantsOf(keycloak);
    expect(Object.keys(exchange?.form ?? {}).toSorted()).toEqual([
      'client_id',
      'code',
      'code_verifier',
      'grant_type',
      'redirect_uri',
    ]);
    expect(exchange?.request.headers.authorization).toBeUndefined();
    expect(map.judged.length).toBeGreaterThan(0);
    expect(map.judged.filter(({scheme, claims}) => scheme !== 'Bearer' || !claims)).toEqual([]);
    expect(map.judged[0]?.claims).toMatchObject({azp: clientId, preferred_username: account.username});

    // Ten seconds of life, renewed after five.
    await expect.poll(() => renewals(page), {timeout: 40_000}).toBeGreaterThanOrEqual(3);
    const refreshes = grantsOf(keycloak).slice(1);
    expect(refreshes.length).toBeGreaterThanOrEqual(2);
    expect(refreshes.filter(({status, form}) => status !== 200 || form['grant_type'] !== 'refresh_token')).toEqual([]);
    expect(await keycloak.admin.sessionsOf(account.username)).toBe(1);

    const left = tag.evaluate((element: HTMLElementTagNameMap['secure-map']) => element.logout({everywhere: true}));
    await expectState(tag, 'signed-out');
    await left.catch(() => undefined);
    await expect.poll(() => keycloak.admin.sessionsOf(account.username)).toBe(0);
    note(info, real);
  });
}

test('a token that the administrator has taken back: the visitor is asked to sign in again', async ({page, real}) => {
  await page.goto(await real.page(markup(real)));
  const tag = tagOf(page);
  await signIn(page, tag);
  await expectMap(tag);
  await real.keycloak.admin.endSessionsOf(account.username);
  await expectState(tag, 'expired');
  expect(await eventsOf(page, 'session-expired')).toHaveLength(1);
  expect(grantLine(real.keycloak)).toMatch(/refresh_token 400$/);
  await signIn(page, tag);
  await expectMap(tag);
});

test('a wrong password and a disabled user stay on the page of Keycloak', async ({page, real}) => {
  await page.goto(await real.page(markup(real)));
  const tag = tagOf(page);
  const popup = await openPopup(page, signInButton(tag));
  await fill(popup, account, 'wrong');
  await expect(popup.getByText('Invalid username or password.')).toBeVisible();
  await fill(popup, disabled);
  await expect(popup.getByText('Account is disabled')).toBeVisible();
  expect(grantsOf(real.keycloak)).toEqual([]);
  await fill(popup, account);
  await expectState(tag, 'authenticated');
  await expect(messageOf(tag)).toHaveText('');
});

test('by default the tokens are bound to a key, since Keycloak offers it', async ({page, real}, info) => {
  const {keycloak, map} = real;
  await page.goto(await real.page(markup(real, '')));
  const tag = tagOf(page);
  await signIn(page, tag);
  await expectMap(tag);
  expect(grantsOf(keycloak)[0]?.request.headers['dpop']).toBeTruthy();
  expect(map.judged.filter(({scheme, claims}) => scheme !== 'DPoP' || !claims)).toEqual([]);
  expect(map.judged[0]?.claims).toHaveProperty('cnf.jkt');
  note(info, real);
});
