import {expect, test} from './fixtures.js';
import {eventsOf, wordsOf} from './support/recorder.js';
import {expectMap, expectState, messageOf, pan, signInButton, signOutButton, tagOf} from './support/tag.js';
import {fillLogin, openPopup, signInByPopup, signInByRedirect} from './support/visitor.js';

const ENDPOINTS = `authorization-endpoint="{{issuer}}/auth" token-endpoint="{{issuer}}/token"
  revocation-endpoint="{{issuer}}/token/revocation" client-id="map-viewer" scope="maps" config="{{map}}/config/world.json"`;

test.describe('plain OAuth 2.0, with nothing but the endpoints', () => {
  test('signs in, renews and revokes, without discovery, keys or an id_token', async ({page, site}) => {
    const {demo} = site;
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(await site.page(`<secure-map ${ENDPOINTS} issuer="{{issuer}}"></secure-map>`));
    const tag = tagOf(page);
    await signInByPopup(page, tag);
    await expectMap(tag);
    demo.map.expireTokens();
    await pan(tag, 1);
    await expectMap(tag);
    expect(demo.signIn.counts).toMatchObject({codeExchanges: 1, refreshes: 1, errors: 0});
    await signOutButton(tag).click();
    await expectState(tag, 'signed-out');
    await expect.poll(() => asked.includes('/token/revocation')).toBe(true);
    expect(asked.filter((path) => /well-known|jwks/.test(path))).toEqual([]);
  });

  test('by redirect', async ({page, site}) => {
    await page.goto(
      await site.page(`<secure-map ${ENDPOINTS} login="redirect" redirect-uri="/callback.html"></secure-map>`),
    );
    const tag = tagOf(page);
    await signInByRedirect(page, tag);
    await expectMap(tag);
  });

  test('an answer of another issuer is refused before any token is asked for', async ({page, site}) => {
    await page.goto(await site.page(`<secure-map ${ENDPOINTS} issuer="https://other.example"></secure-map>`));
    const tag = tagOf(page);
    const popup = await openPopup(page, signInButton(tag));
    await fillLogin(popup, 'anna');
    await expect(messageOf(tag)).toContainText('The sign-in was refused');
    expect(site.demo.signIn.counts.codeExchanges).toBe(0);
  });

  test('half of the endpoints is an error that names the other half', async ({page, site}) => {
    await page.goto(await site.page(`<secure-map token-endpoint="{{issuer}}/token" client-id="c"></secure-map>`));
    await expect(messageOf(tagOf(page))).toContainText('authorization-endpoint: is needed beside token-endpoint');
    expect((await eventsOf(page, 'secure-map-error')).map(wordsOf)).toHaveLength(1);
  });
});
