import {expect} from '@open-wc/testing';
import {createOidcSource} from '../../../../src/sources/oidc/oidc-source.js';
import {FakePage} from './support/page.js';
import {CANARY, CLIENT_ID} from './support/provider.js';
import {caught, param, setUp, type Setup} from './support/setup.js';

const HOME = 'https://city.test/map?layers=a,b#here';

/** Leaves for the provider. */
const leave = async (setup: Setup = setUp()) => {
  const stop = new AbortController();
  const login = caught(setup.signIn('redirect', stop.signal));
  const url = await Promise.race([setup.page.left, login.then((error) => Promise.reject(error))]);
  setup.provider.nonce = param(url, 'nonce');
  return {...setup, stop, login, url, state: param(url, 'state')};
};

/** What the return page does with the provider's answer. */
const putAside = ({page, provider, clock}: Setup, state: string, change?: Record<string, string | undefined>): void => {
  page.sessionStorage.removeItem(`secure-map.redirect.${state}`);
  const answer = {v: 1, params: provider.answer(state, change), at: clock.now()};
  page.sessionStorage.setItem(`secure-map.answer.${state}`, JSON.stringify(answer));
};

describe('sign-in by redirect', () => {
  it('leaves with a way back', async () => {
    const {page, url, state, provider, clock} = await leave();
    expect(`${url.origin}${url.pathname}`).to.equal(`${provider.authority}/auth`);
    expect(JSON.parse(page.sessionStorage.getItem(`secure-map.redirect.${state}`) ?? '')).to.eql({
      path: '/map?layers=a,b#here',
      at: clock.now(),
    });
    expect(page.opened).to.be.empty;
  });

  it('finishes on the page that it comes back to', async () => {
    const begun = await leave();
    putAside(begun, begun.state);
    const {acquire, page, provider} = begun.reload(HOME);
    expect((await acquire()).token).to.equal(`access-${CANARY}-1`);
    expect(page.sessionStorage.length).to.equal(0);
    expect(page.location.href).to.equal(HOME);
    expect(provider.last('token').get('code_verifier')).to.match(/^[\w.~-]{43,128}$/);
    expect((await acquire('expiring')).token).to.equal(`access-${CANARY}-2`);
    expect(page.sessionStorage.length).to.equal(0);
  });

  it('puts no token into any storage', async () => {
    const begun = await leave();
    putAside(begun, begun.state, {code: 'abc'});
    const {acquire, page} = begun.reload(HOME);
    await acquire();
    await acquire('expiring');
    expect(
      page.sessionStorage.text()
        + JSON.stringify([localStorage, sessionStorage].map((storage) => Object.entries(storage))),
    ).not.to.contain(CANARY);
  });

  it('takes an answer once', async () => {
    const begun = await leave();
    putAside(begun, begun.state);
    await begun.reload(HOME).acquire();
    putAside(begun, begun.state);
    expect((await caught(begun.reload(HOME).acquire())).code).to.equal('login-required');
    expect(begun.provider.count('token')).to.equal(1);
  });

  it('takes no answer after fifteen minutes', async () => {
    const begun = await leave();
    putAside(begun, begun.state);
    begun.clock.advance(15 * 60_000 + 1_000);
    const {acquire, page, provider} = begun.reload(HOME);
    expect((await caught(acquire())).code).to.equal('login-required');
    expect(provider.count('token')).to.equal(0);
    expect(page.sessionStorage.length, 'what is left over is removed').to.equal(0);
  });

  const others: readonly [string, Parameters<typeof setUp>[0]][] = [
    ['provider', {options: {authority: 'https://other.test'}}],
    ['client', {options: {clientId: 'another'}}],
    ['scope', {options: {scope: 'openid admin'}}],
    ['resource', {options: {resource: 'https://tiles.test/'}}],
    ['redirect-uri', {options: {redirectUri: 'https://city.test/other.html'}}],
  ];
  for (const [name, other] of others) {
    it(`leaves the answer of another ${name} where it is`, async () => {
      const begun = await leave();
      putAside(begun, begun.state);
      const stranger = setUp({...other, page: new FakePage(HOME), provider: begun.provider});
      stranger.page.storage = begun.page.storage;
      expect((await caught(stranger.acquire())).code).to.equal('login-required');
      expect((await begun.reload(HOME).acquire()).type).to.equal('Bearer');
    });
  }

  it('tells that the provider said no', async () => {
    const begun = await leave();
    putAside(begun, begun.state, {code: undefined, error: 'access_denied'});
    const {code, reason} = await caught(begun.reload(HOME).acquire());
    expect([code, reason]).to.eql(['login-refused', 'access_denied']);
  });

  it('refuses the answer of another issuer without asking for tokens', async () => {
    const begun = await leave();
    putAside(begun, begun.state, {iss: 'https://evil.test'});
    expect((await caught(begun.reload(HOME).acquire())).reason).to.equal('issuer-mismatch');
    expect(begun.provider.count('token')).to.equal(0);
  });

  it('refuses an answer that was put under another state', async () => {
    const begun = await leave();
    putAside(begun, begun.state);
    const record = {v: 1, params: begun.provider.answer('another'), at: begun.clock.now()};
    begun.page.sessionStorage.setItem(`secure-map.answer.${begun.state}`, JSON.stringify(record));
    expect((await caught(begun.reload(HOME).acquire())).code).to.equal('login-required');
    expect(begun.provider.count('token')).to.equal(0);
  });

  it('is blocked without storage, and says so', async () => {
    const page = new FakePage();
    page.storage = 'blocked';
    const {signIn, provider} = setUp({page});
    const {code, message} = await caught(signIn('redirect'));
    expect(code).to.equal('login-blocked');
    expect(message).to.contain('sessionStorage');
    expect(provider.calls).to.be.empty;
  });

  it('is blocked when the storage is full', async () => {
    const {signIn, page} = setUp();
    page.sessionStorage.setItem = (key) => {
      if (!key.endsWith('probe')) throw new DOMException('full', 'QuotaExceededError');
    };
    const {code, reason} = await caught(signIn('redirect'));
    expect([code, reason]).to.eql(['login-blocked', 'storage']);
  });

  it('is blocked in a frame', async () => {
    const {signIn, page, provider} = setUp();
    page.top = null;
    const {code, reason} = await caught(signIn('redirect'));
    expect([code, reason]).to.eql(['login-blocked', 'framed']);
    expect(provider.calls).to.be.empty;
  });

  it('stays open until the visitor is back by the Back button', async () => {
    const {page, login, state} = await leave();
    page.show(false);
    expect(page.listeners, 'still waiting').to.equal(1);
    page.show(true);
    expect((await login).code).to.equal('login-cancelled');
    expect(page.sessionStorage.getItem(`secure-map.oidc.${state}`)).to.equal(null);
    expect(page.listeners).to.equal(0);
  });

  it('is cancelled by the caller', async () => {
    const {stop, login, page} = await leave();
    stop.abort();
    expect((await login).code).to.equal('login-cancelled');
    expect(page.listeners).to.equal(0);
  });

  it('touches no keys of others', async () => {
    const setup = setUp();
    setup.page.sessionStorage.setItem('oidc.user:other', 'not JSON');
    setup.page.sessionStorage.setItem('secure-mapping', 'not JSON');
    setup.page.sessionStorage.setItem('secure-map.view', 'not JSON');
    const begun = await leave(setup);
    putAside(begun, begun.state);
    await begun.reload(HOME).acquire();
    expect(setup.page.sessionStorage.length).to.equal(3);
  });
});

describe('a page that is its own redirect-uri', () => {
  const redirectUri = 'https://city.test/map';
  const begin = () => leave(setUp({options: {redirectUri}, page: new FakePage(HOME)}));

  it('takes its answer from the address and cleans it at once', async () => {
    const begun = await begin();
    const answer = begun.provider.answer(begun.state, {session_state: 's'});
    const {acquire, page} = begun.reload(`${redirectUri}?layers=a,b&x=%2c&${answer}&flag#here`);
    expect(page.location.href).to.equal(`${redirectUri}?layers=a,b&x=%2c&flag#here`);
    expect((await acquire()).type).to.equal('Bearer');
    expect(page.sessionStorage.length).to.equal(0);
  });

  it('cleans the address of an error as well', async () => {
    const begun = await begin();
    const change = {code: undefined, error: 'access_denied', error_description: 'No', error_uri: 'https://login.test/'};
    const {acquire, page} = begun.reload(`${redirectUri}?${begun.provider.answer(begun.state, change)}`);
    expect(page.location.href).to.equal(redirectUri);
    expect((await caught(acquire())).reason).to.equal('access_denied');
  });

  it('takes an answer once', async () => {
    const begun = await begin();
    const href = `${redirectUri}?${begun.provider.answer(begun.state)}`;
    await begun.reload(href).acquire();
    expect((await caught(begun.reload(href).acquire())).code).to.equal('login-required');
    expect(begun.provider.count('token')).to.equal(1);
  });

  it('refuses an answer that comes too late, and cleans the address', async () => {
    const begun = await begin();
    begun.clock.advance(15 * 60_000 + 1_000);
    const {acquire, page, provider} = begun.reload(`${redirectUri}?${begun.provider.answer(begun.state)}`);
    expect(page.location.href).to.equal(redirectUri);
    expect((await caught(acquire())).reason).to.equal('state-mismatch');
    expect(provider.count('token')).to.equal(0);
  });

  const foreign = [
    `${redirectUri}?code=mine&state=foreign`,
    `${redirectUri}?code=mine`,
    `${redirectUri}?state=tab-2&layers=a`,
    `${redirectUri}?error=404#/route?code=1&state=2`,
    `${redirectUri}?code=a&state=%E0%A4%A`,
  ];
  for (const href of foreign) {
    it(`leaves what is not ours: ${href}`, async () => {
      const {acquire, page, provider} = (await begin()).reload(href);
      expect((await caught(acquire())).code).to.equal('login-required');
      expect(page.location.href).to.equal(href);
      expect(provider.count('token')).to.equal(0);
    });
  }

  it('leaves an answer with two states', async () => {
    const begun = await begin();
    const href = `${redirectUri}?${begun.provider.answer(begun.state)}&state=another`;
    const {acquire, page} = begun.reload(href);
    expect((await caught(acquire())).code).to.equal('login-required');
    expect(page.location.href).to.equal(href);
  });

  it('looks at no other page', async () => {
    const begun = await begin();
    const href = `https://city.test/elsewhere?${begun.provider.answer(begun.state)}`;
    const {acquire, page} = begun.reload(href);
    expect((await caught(acquire())).code).to.equal('login-required');
    expect(page.location.href).to.equal(href);
  });

  it('hands the answer over when it is the popup', async () => {
    const {signIn, page, provider, reload} = setUp({options: {redirectUri}, page: new FakePage(HOME)});
    const login = signIn();
    const url = await page.popup.sent;
    provider.nonce = param(url, 'nonce');
    // The popup is a window with a storage of its own, in which the opener left a mark.
    const inPopup = reload(`${redirectUri}?${provider.answer(param(url, 'state'))}`);
    expect(inPopup.page.isClosed, 'without the mark it is a page like others').to.equal(false);
    page.storage = page.popup.sessionStorage;
    const marked = reload(`${redirectUri}?keep=1&${provider.answer(param(url, 'state'))}`);
    expect(marked.page.location.href).to.equal(`${redirectUri}?keep=1`);
    expect(marked.page.isClosed).to.equal(true);
    expect(page.popup.sessionStorage.length).to.equal(0);
    expect((await login).token).to.equal(`access-${CANARY}-1`);
  });

  it('keeps the history entry of a real window', async () => {
    const frame = document.createElement('iframe');
    frame.src = new URL('support/page.html?layers=a,b#here', import.meta.url).href;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
    const page = frame.contentWindow;
    if (!page) throw new Error('The frame has no window.');
    const {pathname, origin} = page.location;
    const {provider, clock} = setUp();
    const state = 'a1';
    page.sessionStorage.setItem(
      `secure-map.oidc.${state}`,
      JSON.stringify({
        ...{id: state, created: clock.now() / 1000, authority: provider.authority, client_id: CLIENT_ID},
        ...{redirect_uri: origin + pathname, scope: 'openid', extraTokenParams: {}, code_verifier: 'v'},
      }),
    );
    page.history.replaceState({route: 7}, '', `?layers=a,b&${provider.answer(state)}#here`);
    const entries = page.history.length;
    createOidcSource({authority: provider.authority, clientId: CLIENT_ID, redirectUri: origin + pathname}, clock, page);
    expect(page.location.search + page.location.hash).to.equal('?layers=a,b#here');
    expect([page.history.state, page.history.length]).to.eql([{route: 7}, entries]);
    page.sessionStorage.removeItem(`secure-map.oidc.${state}`);
    frame.remove();
  });
});
