import {expect} from '@open-wc/testing';
import {oauth2Options} from '../../../src/sources/oauth2.js';
import type {SourceFields, SourceSettings} from '../../../src/sources/source-kind.js';
import {createClock} from './oidc/support/clock.js';
import {FakePage} from './oidc/support/page.js';
import {CANARY, FakeProvider} from './oidc/support/provider.js';
import {caught, param, setUp} from './oidc/support/setup.js';

const start = (fields: SourceFields = {}, change: Partial<SourceSettings> = {}) => {
  const provider = new FakeProvider();
  provider.tokens = {id_token: undefined};
  const clock = createClock(provider.fetch);
  const options = oauth2Options(
    {
      authorizationEndpoint: `${provider.authority}/auth?tenant=1`,
      tokenEndpoint: `${provider.authority}/token`,
      clientId: 'map-viewer',
      redirectUri: '/callback.html',
      ...fields,
    },
    {environment: clock, pageUrl: 'https://city.test/map', ...change},
  );
  return setUp({provider, clock, options});
};

const form =
  (fields: Record<string, string>, type: string, status = 200) =>
  (): Response =>
    new Response(new URLSearchParams(fields).toString(), {status, headers: {'content-type': type}});

describe('plain OAuth 2.0', () => {
  it('asks nothing of the provider but tokens', async () => {
    const {popup, provider, page} = start();
    const credential = await popup();
    expect(credential).to.include({token: `access-${CANARY}-1`, type: 'Bearer', user: undefined});
    expect(provider.calls.map(({path}) => path)).to.deep.equal(['token']);
    expect(page.popup.closed).to.equal(true);
  });

  it('sends the visitor with PKCE, without a scope, a nonce or anything of OpenID Connect', async () => {
    const {signIn, page, answerPopup} = start();
    const done = signIn();
    const url = await page.popup.sent;
    expect([...url.searchParams.keys()].toSorted()).to.deep.equal([
      ...['client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'response_type', 'state', 'tenant'],
    ]);
    expect(param(url, 'code_challenge_method')).to.equal('S256');
    await answerPopup();
    await done;
  });

  it('asks for the scope and resource that the page names, then and at each renewal', async () => {
    const {popup, acquire, page, provider} = start({scope: 'tiles', resource: 'https://tiles.test/'});
    await popup();
    expect(param(await page.popup.sent, 'scope')).to.equal('tiles');
    await acquire('expiring');
    expect(Object.fromEntries(provider.last('token'))).to.include({scope: 'tiles', resource: 'https://tiles.test/'});
  });

  it('names no scope at a renewal when none was asked for', async () => {
    const {popup, acquire, provider} = start();
    await popup();
    await acquire('expiring');
    expect(provider.last('token').has('scope')).to.equal(false);
  });

  it('takes no id_token, which it could not verify', async () => {
    const {popup, provider} = start({scope: 'openid'});
    provider.tokens = {};
    const {user, grant} = await popup();
    expect(user).to.equal(undefined);
    expect(grant).to.include({idToken: undefined, user: undefined});
  });

  it('keeps the refresh token when no other comes', async () => {
    const {popup, acquire, provider} = start();
    await popup();
    provider.tokens = {id_token: undefined, refresh_token: undefined};
    await acquire('expiring');
    await acquire('expiring');
    expect(provider.last('token').get('refresh_token')).to.equal(`refresh-${CANARY}-1`);
  });

  it('finishes a sign-in by redirect', async () => {
    const first = start();
    void first.signIn('redirect').catch(() => undefined);
    const state = param(await first.page.left, 'state');
    const params = first.provider.answer(state, {iss: undefined});
    const {storage} = first.page;
    if (storage === 'blocked') throw new Error('no storage');
    storage.setItem(`secure-map.answer.${state}`, JSON.stringify({v: 1, params, at: first.clock.now()}));
    expect((await first.reload('https://city.test/map').acquire()).token).to.equal(`access-${CANARY}-1`);
  });

  it('revokes where the page says how', async () => {
    for (const revocationEndpoint of [undefined, 'https://login.test/realms/city/revoke']) {
      const {popup, end, provider} = start({revocationEndpoint});
      await popup();
      await end();
      expect(provider.count('revoke')).to.equal(revocationEndpoint ? 1 : 0);
    }
  });

  it('opens no window at the sign-out, since there is no page to show', async () => {
    const {popup, end, page} = start();
    await popup();
    const before = page.opened.length;
    await end(true);
    expect(page.opened).to.have.length(before);
  });
});

describe('the issuer of an answer (RFC 9207)', () => {
  const issuer = 'https://login.test/realms/city';
  const cases: readonly (readonly [string, string | undefined, string | undefined, boolean])[] = [
    ['not known, not named', undefined, undefined, true],
    ['not known, named', undefined, 'https://any.test', true],
    ['known and named', issuer, issuer, true],
    ['known and not named', issuer, undefined, false],
    ['another one', issuer, 'https://evil.test', false],
    ['differs by a slash', issuer, `${issuer}/`, false],
  ];
  for (const [name, known, iss, isTaken] of cases) {
    it(`${name}: ${isTaken ? 'taken' : 'refused before the token endpoint is asked'}`, async () => {
      const {popup, provider} = start({issuer: known});
      if (isTaken) expect((await popup({iss})).type).to.equal('Bearer');
      else expect((await caught(popup({iss}))).reason).to.equal('issuer-mismatch');
      expect(provider.count('token')).to.equal(isTaken ? 1 : 0);
    });
  }
});

describe('answers of a token endpoint as they are in the wild', () => {
  const fields = {access_token: 'opaque', token_type: 'bearer', expires_in: '60', refresh_token: 'r'};

  for (const type of [
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'text/plain',
    'text/plain;charset=UTF-8',
  ]) {
    it(`a form as ${type}`, async () => {
      const {popup, provider, clock} = start();
      provider.replies['token'] = form(fields, type);
      const {token, expiresAt} = await popup();
      expect([token, expiresAt]).to.deep.equal(['opaque', clock.now() + 60_000]);
    });
  }

  it('JSON by the name of text', async () => {
    const {popup, provider} = start();
    provider.replies['token'] = () => new Response(JSON.stringify(fields), {headers: {'content-type': 'text/plain'}});
    expect((await popup()).token).to.equal('opaque');
  });

  it('an error as a form with status 200', async () => {
    const {popup, provider} = start();
    provider.replies['token'] = form({error: 'access_denied', error_description: CANARY}, 'text/plain');
    const error = await caught(popup());
    expect([error.code, error.reason]).to.deep.equal(['login-refused', 'access_denied']);
    expect(error.message).not.to.contain(CANARY);
  });

  const useless: readonly (readonly [string, () => Response, string])[] = [
    ['a page of HTML', form(fields, 'text/html'), 'not-json'],
    ['a sentence', () => new Response('No access for you', {headers: {'content-type': 'text/plain'}}), 'not-json'],
    ['nothing', () => new Response(''), 'not-json'],
    ['half a JSON', () => new Response('{"access_token":"opa'), 'not-json'],
    ['half a form', form({access_token: 'opa'}, 'text/plain'), 'token-type'],
    ['a token of spaces', form({...fields, access_token: 'a b'}, 'text/plain'), 'access-token'],
  ];
  for (const [name, reply, reason] of useless) {
    it(`${name} is of no use`, async () => {
      const {popup, provider} = start();
      provider.replies['token'] = reply;
      expect((await caught(popup())).reason).to.equal(reason);
    });
  }

  it('a cut in the middle is trouble of the network, and the session goes on', async () => {
    const {popup, acquire, provider} = start();
    await popup();
    provider.replies['token'] = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{"access_token":"opa'));
            controller.error(new TypeError('network error'));
          },
        }),
      );
    expect((await caught(acquire('expiring'))).code).to.equal('source-unreachable');
    delete provider.replies['token'];
    expect((await acquire('expiring')).token).to.contain(CANARY);
  });

  it('waits as long as a busy one asks for', async () => {
    const {popup, acquire, provider} = start();
    await popup();
    provider.replies['token'] = () => new Response('', {status: 429, headers: {'retry-after': '17'}});
    const error = await caught(acquire('expiring'));
    expect([error.code, error.retryAfter]).to.deep.equal(['source-unreachable', 17_000]);
  });

  for (const [expiresIn, milliseconds] of [
    ['60', 60_000],
    [0, 0],
    [-5, 0],
    [1e12, 10 * 365 * 24 * 3_600_000],
    ['soon', undefined],
    [undefined, undefined],
  ] as const) {
    it(`a lifetime of ${String(expiresIn)}`, async () => {
      const {popup, provider, clock} = start();
      provider.tokens = {id_token: undefined, expires_in: expiresIn};
      const {expiresAt} = await popup();
      expect(expiresAt).to.equal(milliseconds === undefined ? undefined : clock.now() + milliseconds);
    });
  }
});

describe('MAC tokens', () => {
  const mac = {token_type: 'mac', mac_key: CANARY, mac_algorithm: 'hmac-sha-256', id_token: undefined};

  it('are refused by default', async () => {
    const {popup, provider} = start();
    provider.tokens = mac;
    expect((await caught(popup())).reason).to.equal('token-type');
  });

  it('are taken where the page asks for them, and renewed', async () => {
    const {popup, acquire, provider} = start({}, {tokenType: 'MAC'});
    provider.tokens = mac;
    expect(await popup()).to.deep.include({type: 'MAC', mac: {key: CANARY, algorithm: 'hmac-sha-256'}});
    expect((await acquire('expiring')).mac).to.deep.equal({key: CANARY, algorithm: 'hmac-sha-256'});
  });

  for (const [name, change] of [
    ['a Bearer token', {token_type: 'bearer'}],
    ['no key', {mac_key: undefined}],
    ['an empty key', {mac_key: ''}],
    ['an unknown algorithm', {mac_algorithm: 'hmac-md5'}],
  ] as const) {
    it(`and then nothing else: ${name}`, async () => {
      const {popup, provider} = start({}, {tokenType: 'MAC'});
      provider.tokens = {...mac, ...change};
      const error = await caught(popup());
      expect(['token-type', 'mac-key']).to.contain(error.reason);
      expect(error.message).not.to.contain(CANARY);
    });
  }
});

describe('the sign-in of plain OAuth 2.0 in a frame or a page without storage', () => {
  it('cannot be by redirect inside a frame', async () => {
    const page = new FakePage();
    page.top = {};
    const {options, provider, clock} = start();
    const {signIn} = setUp({page, provider, clock, options});
    expect((await caught(signIn('redirect'))).code).to.equal('login-blocked');
  });
});
