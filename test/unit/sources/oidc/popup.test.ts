import {expect} from '@open-wc/testing';
import {FakePage} from './support/page.js';
import {caught, param, setUp} from './support/setup.js';
import {CANARY, CLIENT_ID} from './support/provider.js';

describe('sign-in by popup', () => {
  it('gives a credential', async () => {
    const {popup, clock, page, provider} = setUp();
    const {grant, ...credential} = await popup();
    expect(grant).to.include({refreshToken: `refresh-${CANARY}-1`});
    expect(credential).to.deep.equal({
      token: `access-${CANARY}-1`,
      type: 'Bearer',
      receivedAt: clock.now(),
      expiresAt: clock.now() + 60_000,
      user: {sub: 'anna', name: 'Anna Berg'},
    });
    expect(page.popup.closed).to.equal(true);
    expect(page.listeners).to.equal(0);
    expect([provider.count('openid-configuration'), provider.count('token'), provider.count('jwks')]).to.eql([1, 1, 1]);
  });

  it('asks for a code with PKCE and sends its verifier', async () => {
    const {popup, page, provider} = setUp({options: {scope: 'openid tiles', resource: 'https://tiles.test/'}});
    await popup();
    const url = await page.popup.sent;
    expect(url.href.startsWith(`${provider.authority}/auth?tenant=1&`)).to.equal(true);
    expect(Object.fromEntries(url.searchParams)).to.include({
      client_id: CLIENT_ID,
      redirect_uri: 'https://city.test/callback.html',
      response_type: 'code',
      scope: 'openid tiles',
      resource: 'https://tiles.test/',
      code_challenge_method: 'S256',
    });
    const form = provider.last('token');
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''));
    const challenge = btoa(String.fromCharCode(...new Uint8Array(hash)));
    expect(challenge.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')).to.equal(param(url, 'code_challenge'));
    expect(form.get('code_verifier')).to.match(/^[\w.~-]{43,128}$/);
    expect(Object.fromEntries(form)).to.include({
      grant_type: 'authorization_code',
      code: `code-${CANARY}`,
      client_id: CLIENT_ID,
      redirect_uri: 'https://city.test/callback.html',
      resource: 'https://tiles.test/',
    });
  });

  it('makes new values for every try', async () => {
    const urls = await Promise.all(
      Array.from({length: 50}, async () => {
        const {signIn, page} = setUp();
        const stop = new AbortController();
        const login = caught(signIn('popup', stop.signal));
        const url = await page.popup.sent;
        stop.abort();
        await login;
        return url;
      }),
    );
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(urls.map((url) => param(url, name))).size).to.equal(urls.length);
    }
  });

  it('sends neither cookies nor an address of the page, and follows no redirect', async () => {
    const {popup, provider} = setUp();
    await popup();
    for (const {init} of provider.calls) {
      expect(init).to.include({credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'manual'});
    }
  });

  it('opens its window before anything else', () => {
    const {signIn, page, provider} = setUp();
    void caught(signIn());
    expect(page.opened).to.eql(['about:blank']);
    expect(provider.calls).to.be.empty;
  });

  it('says when the window is blocked', async () => {
    const {signIn, page, provider} = setUp();
    page.isBlocking = true;
    expect((await caught(signIn())).code).to.equal('login-blocked');
    expect(provider.calls).to.be.empty;
  });

  it('works where storage is blocked', async () => {
    const page = new FakePage();
    page.storage = 'blocked';
    expect((await setUp({page}).popup()).type).to.equal('Bearer');
  });

  it('keeps the PKCE verifier and all tokens out of storage', async () => {
    const {signIn, answerPopup, page, provider} = setUp();
    const login = signIn();
    await page.popup.sent;
    expect(page.sessionStorage.length).to.equal(0);
    await answerPopup();
    await login;
    const everything =
      page.sessionStorage.text() + JSON.stringify(Object.entries(localStorage)) + document.documentElement.outerHTML;
    expect(everything).not.to.contain(CANARY);
    expect(everything).not.to.contain(provider.last('token').get('code_verifier'));
  });

  it('takes the answer from the channel where the tie to the window is cut', async () => {
    const {signIn, page, provider} = setUp();
    const login = signIn();
    const url = await page.popup.sent;
    provider.nonce = param(url, 'nonce');
    const channel = new BroadcastChannel(`secure-map.callback.${param(url, 'state')}`);
    channel.postMessage({source: 'secure-map', v: 1, params: provider.answer(param(url, 'state'))});
    expect((await login).token).to.equal(`access-${CANARY}-1`);
    channel.close();
  });

  describe('ignores', () => {
    const others: readonly [string, (state: string) => unknown, object][] = [
      [
        'a message of another origin',
        (params) => ({source: 'secure-map', v: 1, params}),
        {origin: 'https://evil.test'},
      ],
      ['a message of the opaque origin', (params) => ({source: 'secure-map', v: 1, params}), {origin: 'null'}],
      ['a message of somebody else', (params) => ({source: 'somebody', v: 1, params}), {}],
      ['another version', (params) => ({source: 'secure-map', v: 2, params}), {}],
      ['a message without params', () => ({source: 'secure-map', v: 1}), {}],
      ['text', () => 'secure-map', {}],
      ['nothing', () => null, {}],
      [
        'another sign-in on the same page',
        () => ({source: 'secure-map', v: 1, params: 'code=x&state=another'}),
        {source: window},
      ],
    ];
    for (const [name, message, from] of others) {
      it(name, async () => {
        const {signIn, answerPopup, page, provider} = setUp();
        const login = signIn();
        const state = param(await page.popup.sent, 'state');
        page.receive(message(provider.answer(state, {code: 'evil'})), from);
        await answerPopup();
        expect((await login).token).to.equal(`access-${CANARY}-1`);
        expect(provider.last('token').get('code')).to.equal(`code-${CANARY}`);
      });
    }
  });

  it('is cancelled by the caller', async () => {
    const {signIn, page} = setUp();
    const stop = new AbortController();
    const login = caught(signIn('popup', stop.signal));
    await page.popup.sent;
    stop.abort();
    expect((await login).code).to.equal('login-cancelled');
    expect(page.popup.closed).to.equal(true);
    expect(page.listeners).to.equal(0);
  });

  it('is cancelled by the caller while the provider is looked up', async () => {
    const {signIn, page, provider} = setUp();
    const asked = Promise.withResolvers<void>();
    provider.replies['openid-configuration'] = (_, signal) => {
      asked.resolve();
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    const stop = new AbortController();
    const login = caught(signIn('popup', stop.signal));
    await asked.promise;
    stop.abort();
    expect((await login).code).to.equal('login-cancelled');
    expect(page.popup.closed).to.equal(true);
  });

  it('opens nothing for a caller who has left already', async () => {
    const {signIn, page} = setUp();
    expect((await caught(signIn('popup', AbortSignal.abort()))).code).to.equal('login-cancelled');
    expect(page.opened).to.be.empty;
  });

  it('is cancelled by a sign-out', async () => {
    const {signIn, end, page} = setUp();
    const login = caught(signIn());
    await page.popup.sent;
    await end();
    expect((await login).code).to.equal('login-cancelled');
  });

  it('ends after five minutes', async () => {
    const {signIn, page, clock} = setUp();
    const login = caught(signIn());
    await page.popup.sent;
    page.popup.place = 'foreign';
    clock.advance(5 * 60_000 - 1);
    expect(page.popup.closed).to.equal(false);
    clock.advance(1);
    expect((await login).code).to.equal('login-timeout');
    expect(page.popup.closed).to.equal(true);
  });
});

describe('a popup that is closed', () => {
  /** A sign-in whose popup shows the provider's page for a time. */
  const open = async (shownFor: number) => {
    const setup = setUp();
    const login = caught(setup.signIn());
    let isOver = false;
    void login.then(() => (isOver = true));
    await setup.page.popup.sent;
    setup.page.popup.place = 'foreign';
    setup.page.popup.dispatchEvent(new Event('pagehide'));
    setup.clock.advance(shownFor);
    return {
      ...setup,
      login,
      /** Whether the sign-in is over after that time, by the visitor's closing and nothing else. */
      isOverAfter: async (milliseconds: number): Promise<boolean> => {
        setup.clock.advance(milliseconds);
        await new Promise((resolve) => setTimeout(resolve));
        return isOver;
      },
    };
  };

  it('settles within three seconds', async () => {
    const {page, login, isOverAfter} = await open(5_000);
    page.popup.closed = true;
    expect(await isOverAfter(3_000)).to.equal(true);
    expect((await login).code).to.equal('login-cancelled');
    expect(page.listeners).to.equal(0);
  });

  it('settles within three seconds before any page came', async () => {
    const {signIn, page, clock} = setUp();
    const login = caught(signIn());
    await page.popup.sent;
    page.popup.closed = true;
    clock.advance(3_000);
    expect((await login).code).to.equal('login-cancelled');
  });

  it('settles within three seconds while the provider is looked up', async () => {
    const {signIn, page, clock, provider} = setUp();
    const asked = Promise.withResolvers<void>();
    provider.replies['openid-configuration'] = (_, signal) => {
      asked.resolve();
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    const login = caught(signIn());
    await asked.promise;
    page.popup.closed = true;
    clock.advance(3_000);
    expect((await login).code).to.equal('login-cancelled');
  });

  it('may have given its answer', async () => {
    const {page, clock, signIn, answerPopup} = setUp();
    const login = signIn();
    await page.popup.sent;
    page.popup.closed = true;
    clock.advance(1_000);
    await answerPopup();
    expect((await login).type).to.equal('Bearer');
  });

  it('counts as cut off when it closed as the page came, for 90 seconds', async () => {
    const {page, login, isOverAfter} = await open(0);
    page.popup.closed = true;
    expect(await isOverAfter(89_000)).to.equal(false);
    expect(await isOverAfter(2_000)).to.equal(true);
    expect((await login).code).to.equal('login-cancelled');
  });

  it('can still answer when it was cut off', async () => {
    const {signIn, page, clock, provider} = setUp();
    const login = signIn();
    const url = await page.popup.sent;
    page.popup.place = 'foreign';
    page.popup.closed = true;
    clock.advance(60_000);
    provider.nonce = param(url, 'nonce');
    const channel = new BroadcastChannel(`secure-map.callback.${param(url, 'state')}`);
    channel.postMessage({source: 'secure-map', v: 1, params: provider.answer(param(url, 'state'))});
    expect((await login).type).to.equal('Bearer');
    channel.close();
  });

  it('counts as cut off when it closed a moment after the page came, even with the focus on our page', async () => {
    const {page, isOverAfter} = await open(8);
    page.popup.closed = true;
    expect(await isOverAfter(3_000)).to.equal(false);
  });

  it('is told from a cut by the focus where the provider was never seen, as in Firefox and WebKit', async () => {
    for (const [focused, isOver] of [
      [true, true],
      [false, false],
    ] as const) {
      const {signIn, page, clock} = setUp();
      const login = caught(signIn());
      let outcome: string | undefined;
      void login.then(({code}) => (outcome = code));
      await page.popup.sent;
      page.document.focused = false;
      page.popup.place = '';
      page.popup.dispatchEvent(new Event('pagehide'));
      clock.advance(0);
      page.popup.closed = true;
      clock.advance(100);
      // It comes back a moment after the window is gone.
      page.document.focused = focused;
      clock.advance(2_900);
      await new Promise((resolve) => setTimeout(resolve));
      expect(outcome).to.equal(isOver ? 'login-cancelled' : undefined);
      clock.advance(90_000);
      expect((await login).code).to.equal('login-cancelled');
    }
  });

  it('is told from a cut by the focus when it closed soon after the page came', async () => {
    const closed = await open(100);
    closed.page.popup.closed = true;
    expect(await closed.isOverAfter(3_000)).to.equal(true);

    const cut = await open(100);
    cut.page.popup.closed = true;
    cut.page.document.focused = false;
    expect(await cut.isOverAfter(3_000)).to.equal(false);
    expect(await cut.isOverAfter(90_000)).to.equal(true);
  });

  it('counts as closed once the page was there for a while, wherever the focus is', async () => {
    const {page, isOverAfter} = await open(400);
    page.popup.closed = true;
    page.document.focused = false;
    expect(await isOverAfter(3_000)).to.equal(true);
  });
});
