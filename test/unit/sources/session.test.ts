import {expect} from '@open-wc/testing';
import {createSessionSource} from '../../../src/sources/session/session-source.js';
import {expectError, rejection} from '../../doubles/rejection.js';
import {hanging, offline} from '../../doubles/scripted-fetch.js';
import {FakePage} from './oidc/support/page.js';
import {LOGIN, LOGOUT, minutes, PAGE, setUp, type Setup} from './session-setup.js';

const redirected = (): Response => Object.defineProperty(new Response(), 'type', {value: 'opaqueredirect'});

const never = new AbortController().signal;

describe('the question to the back end', () => {
  it('carries the cookie, says that it is ours, and follows nothing', async () => {
    const {session, asked} = setUp();
    await session.credential();
    const [request] = asked();
    expect(request?.credentials).to.equal('same-origin');
    expect(request?.redirect).to.equal('manual');
    expect(request?.cache).to.equal('no-store');
    expect(request?.headers.get('x-requested-with')).to.equal('secure-map');
  });

  it('takes the cookie to another origin that the page lets it go to', async () => {
    const {session, network} = setUp({sessionUrl: new URL('https://api.city.test/session')});
    await session.credential();
    expect(network.requests[0]?.credentials).to.equal('include');
  });

  it('gives no token, and says who it is', async () => {
    const {session, says} = setUp();
    says({authenticated: true, user: {id: 7, name: 'Anna', access_token: 'secret'}, expiresIn: 300});
    const {token, type, receivedAt, expiresAt} = await session.credential();
    expect([token, type]).to.deep.equal(['', 'Cookie']);
    expect(expiresAt).to.equal(receivedAt + minutes(5));
    expect(session.user).to.deep.equal({id: 7, name: 'Anna', sub: '7'});
  });

  it('ends with whichever end comes first', async () => {
    const {session, says, environment} = setUp();
    says({authenticated: true, expiresIn: 600, idleSeconds: '60'});
    expect((await session.credential()).expiresAt).to.equal(environment.now() + minutes(1));
  });

  const signedOut: Readonly<Record<string, () => Response>> = {
    '401': () => new Response('', {status: 401}),
    'a redirect': redirected,
    'a redirect that was seen': () => new Response(null, {status: 302}),
    '"no"': () => Response.json({authenticated: false}),
  };
  for (const [what, step] of Object.entries(signedOut)) {
    it(`takes ${what} for signed out, first and later`, async () => {
      const first = setUp();
      first.network.step = step;
      expectError(await rejection(first.session.credential()), 'login-required');
      expect(first.session.state).to.equal('anonymous');

      const later = setUp();
      await later.session.credential();
      later.network.step = step;
      expectError(await rejection(later.session.refresh()), 'session-over');
      expect(later.session.state).to.equal('expired');
      expect(later.told('over')).to.deep.equal([{type: 'over', reason: 'not-signed-in'}]);
    });
  }

  it('is asked again after a refusal, and believed', async () => {
    const {session, says, environment} = setUp();
    const first = await session.credential();
    await environment.pass(1_000);
    expect((await session.replace(first))?.type).to.equal('Cookie');
    const second = await session.credential();
    await environment.pass(10_000);
    says(undefined);
    expectError(await rejection(session.replace(second)), 'session-over');
    expect(session.state).to.equal('expired');
  });

  it('keeps the session through passing trouble', async () => {
    const {session, network} = setUp();
    await session.credential();
    for (const step of [offline, () => new Response('', {status: 503}), () => new Response('<p>')]) {
      network.step = step;
      await rejection(session.refresh());
      expect(session.state).to.equal('authenticated');
      expect((await session.credential()).type).to.equal('Cookie');
    }
  });

  it('is aborted with the request', async () => {
    const {network, source} = setUp();
    network.step = hanging;
    const stop = new AbortController();
    const asked = rejection(source.acquire({reason: 'initial', signal: stop.signal}));
    stop.abort(new Error('gone'));
    expect(await asked).to.equal(stop.signal.reason);
  });
});

describe('signing in to the back end', () => {
  const popup = async ({page}: Setup): Promise<URL> => page.popup.sent;

  /** What the return page says from the popup. */
  const report = ({page}: Setup): void => {
    const key = page.popup.sessionStorage.key(0) ?? '';
    page.receive({source: 'secure-map', v: 1, params: `state=${key.replace('secure-map.popup.', '')}`});
  };

  it('shows its page in a popup, which comes back to the return page', async () => {
    const setup = setUp();
    const login = setup.session.login({mode: 'popup'});
    const url = await popup(setup);
    expect(`${url.origin}${url.pathname}`).to.equal(LOGIN);
    expect(url.searchParams.get('returnTo')).to.equal('/callback.html');
    report(setup);
    expect((await login).type).to.equal('Cookie');
    expect(setup.page.popup.closed).to.equal(true);
    expect(setup.page.listeners).to.equal(0);
  });

  it('asks when the window was closed, since the back end may have had all it needs', async () => {
    const setup = setUp();
    const login = setup.session.login({mode: 'popup'});
    await popup(setup);
    setup.page.popup.closed = true;
    await setup.environment.pass(3_000);
    expect((await login).type).to.equal('Cookie');
  });

  it('is cancelled when the window was closed before that', async () => {
    const setup = setUp();
    setup.says(undefined);
    const login = rejection(setup.session.login({mode: 'popup'}));
    await popup(setup);
    setup.page.popup.closed = true;
    await setup.environment.pass(3_000);
    expectError(await login, 'login-cancelled');
    expect(setup.session.state).to.equal('anonymous');
  });

  it('is refused when the visitor came back as they went', async () => {
    const setup = setUp();
    setup.says(undefined);
    const login = rejection(setup.session.login({mode: 'popup'}));
    await popup(setup);
    report(setup);
    expect(expectError(await login, 'login-refused').reason).to.equal('not-signed-in');
  });

  it('ends after five minutes, and at once by the signal', async () => {
    const first = setUp();
    const timed = rejection(first.session.login({mode: 'popup'}));
    await popup(first);
    await first.environment.pass(minutes(5));
    expectError(await timed, 'login-timeout');

    const second = setUp();
    const stop = new AbortController();
    const stopped = rejection(second.session.login({mode: 'popup', signal: stop.signal}));
    await popup(second);
    stop.abort();
    expectError(await stopped, 'login-cancelled');
    expect(second.page.listeners).to.equal(0);
  });

  it('says when the window is blocked', async () => {
    const {session, page} = setUp();
    page.isBlocking = true;
    expectError(await rejection(session.login({mode: 'popup'})), 'login-blocked');
  });

  it('goes there and back in the same window', async () => {
    const {session, page, options, environment} = setUp();
    void session.login({mode: 'redirect'}).catch(() => undefined);
    const url = await page.left;
    expect(url.searchParams.get('returnTo')).to.equal('/map?layers=a,b#here');
    const next = new FakePage(PAGE);
    next.storage = page.storage;
    expect(createSessionSource({...options, environment}, next).isResuming).to.equal(true);
    // Used once.
    expect(createSessionSource({...options, environment}, next).isResuming).to.equal(false);
  });

  it('that was in vain is told, and not begun again by itself', async () => {
    const {session, page} = setUp();
    void session.login({mode: 'redirect'}).catch(() => undefined);
    await page.left;
    const next = new FakePage(PAGE);
    next.storage = page.storage;
    const back = setUp({}, next);
    back.says(undefined);
    let hasLeft = false;
    void next.left.then(() => (hasLeft = true));
    expectError(await rejection(back.session.credential()), 'login-refused');
    expect(back.session.state).to.equal('anonymous');
    expect(back.told('error')).to.have.length(1);
    expect(back.told('error')[0]).to.have.nested.property('error.code', 'login-refused');
    expectError(await rejection(back.session.credential()), 'login-required');
    // Only a need whose reason is `initial` may send the page away by itself.
    expect(back.told('required').map((event) => 'reason' in event && event.reason)).to.deep.equal(['login-refused']);
    expect(hasLeft).to.equal(false);
  });

  it('cannot leave a frame, nor come back to another host', async () => {
    const framed = new FakePage(PAGE);
    framed.top = {};
    const {session} = setUp({}, framed);
    expect(expectError(await rejection(session.login({mode: 'redirect'})), 'login-blocked').reason).to.equal('framed');

    const odd = setUp({}, new FakePage('https://city.test//evil.test/'));
    void odd.session.login({mode: 'redirect'}).catch(() => undefined);
    expect((await odd.page.left).searchParams.get('returnTo')).to.equal('/evil.test/');
  });

  it('works without storage', async () => {
    const page = new FakePage(PAGE);
    page.storage = 'blocked';
    const {session} = setUp({}, page);
    void session.login({mode: 'redirect'}).catch(() => undefined);
    expect((await page.left).pathname).to.equal('/login');
  });

  it('is only offered where the page says how', () => {
    expect(setUp({loginUrl: undefined}).session.canSignIn).to.equal(false);
    expect(setUp().session.canSignIn).to.equal(true);
  });

  it('is reported by a whole page that serves as return page, and by no other page', async () => {
    const setup = setUp({returnUrl: PAGE});
    void setup.session.login({mode: 'popup'}).catch(() => undefined);
    expect((await popup(setup)).searchParams.get('returnTo')).to.equal('/map?layers=a,b');
    for (const [href, isReturn] of [
      ['https://city.test/login', false],
      [PAGE, true],
    ] as const) {
      const inPopup = new FakePage(href);
      inPopup.storage = setup.page.popup.sessionStorage;
      createSessionSource({...setup.options, environment: setup.environment}, inPopup);
      expect(inPopup.isClosed).to.equal(isReturn);
    }
    setup.leave();
  });

  it('in another tab is found when this one is looked at', async () => {
    const {session, says, environment, asked} = setUp();
    says(undefined);
    await rejection(session.credential());
    await environment.wake();
    expect(session.state).to.equal('anonymous');
    says({authenticated: true});
    await environment.pass(6_000);
    await environment.wake();
    await environment.pass(0);
    expect(session.state).to.equal('authenticated');
    expect(asked().length).to.be.at.most(4);
  });

  it('in another tab is not taken for a change of mind of who signed out here', async () => {
    const {session, environment} = setUp();
    await session.credential();
    await session.logout({everywhere: false, mode: 'popup'});
    await environment.pass(6_000);
    await environment.wake();
    expect(session.state).to.equal('signed-out');
  });
});

describe('signing out of the back end', () => {
  it('posts, with the cookie and the header that no other site can send', async () => {
    const {session, asked} = setUp();
    await session.credential();
    await session.logout({everywhere: false, mode: 'popup'});
    const [request] = asked(LOGOUT);
    expect([request?.method, request?.credentials, request?.redirect]).to.deep.equal(['POST', 'same-origin', 'manual']);
    expect(request?.headers.get('x-requested-with')).to.equal('secure-map');
    expect(session.state).to.equal('signed-out');
  });

  for (const status of [404, 405, 501]) {
    it(`visits the page of a back end that answers ${status}`, async () => {
      const {session, network, page} = setUp();
      await session.credential();
      network.step = () => new Response('', {status});
      void session.logout({everywhere: false, mode: 'popup'});
      expect((await page.left).href).to.equal(`${LOGOUT}?returnTo=%2Fmap%3Flayers%3Da%2Cb%23here`);
    });
  }

  it('visits it in a popup, when the sign-in provider has to see the visitor', async () => {
    const {session, page, environment, asked} = setUp();
    await session.credential();
    const done = session.logout({everywhere: true, mode: 'popup'});
    expect((await page.popup.sent).href).to.equal(`${LOGOUT}?returnTo=%2Fcallback.html`);
    page.popup.closed = true;
    await environment.pass(1_000);
    await done;
    expect(asked(LOGOUT)).to.deep.equal([]);
  });

  it('takes this page there when the window is blocked', async () => {
    const {session, page} = setUp();
    await session.credential();
    page.isBlocking = true;
    void session.logout({everywhere: true, mode: 'popup'});
    expect((await page.left).pathname).to.equal('/logout');
  });

  it('posts, and says that it cannot go there, in a frame whose window is blocked', async () => {
    const {session, page, asked, told} = setUp();
    await session.credential();
    page.isBlocking = true;
    page.top = {};
    await session.logout({everywhere: true, mode: 'popup'});
    expect(asked(LOGOUT)).to.have.length(1);
    expect(session.state).to.equal('signed-out');
    expect(told('error')).to.have.length(1);
    expect(told('error')[0]).to.have.nested.property('error.reason', 'framed');
  });

  it('answered with an error is told; here nothing is kept all the same', async () => {
    const {session, network, told, page} = setUp();
    await session.credential();
    network.step = () => new Response('', {status: 500});
    await session.logout({everywhere: false, mode: 'popup'});
    expect(session.state).to.equal('signed-out');
    expect([session.user, session.expiresAt]).to.deep.equal([undefined, undefined]);
    expect(told('error')).to.have.length(1);
    expect(told('error')[0]).to.have.nested.property('error.code', 'source-unreachable');
    expect(page.opened).to.deep.equal([]);
    const count = network.requests.length;
    expectError(await rejection(session.credential()), 'login-required');
    expect(network.requests).to.have.length(count);
  });

  it('visits it where it cannot be asked', async () => {
    const {session, page, asked} = setUp({logoutUrl: new URL('https://other.test/logout'), canPostLogout: false});
    await session.credential();
    void session.logout({everywhere: false, mode: 'redirect'});
    expect((await page.left).origin).to.equal('https://other.test');
    expect(asked('https://other.test/logout')).to.deep.equal([]);
  });

  it('is complete here without a network', async () => {
    const {session, network} = setUp();
    await session.credential();
    network.step = offline;
    await session.logout({everywhere: false, mode: 'popup'});
    expect(session.state).to.equal('signed-out');
  });

  it('is left to the tab in which it was asked for', async () => {
    const {source, network} = setUp();
    await source.end?.({everywhere: false, mode: 'popup', isElsewhere: true, signal: never});
    expect(network.requests).to.deep.equal([]);
  });
});

describe('a session that ends when nobody is there', () => {
  const idle = async (seconds: number) => {
    const setup = setUp();
    setup.says({authenticated: true, idleSeconds: seconds});
    await setup.session.credential();
    return setup;
  };

  it('is not kept alive by a clock', async () => {
    const {environment, asked} = await idle(1_800);
    await environment.pass(minutes(30));
    expect(asked()).to.have.length(1);
  });

  it('is kept alive by a visitor who does something, and not at every move', async () => {
    const {environment, asked, session} = await idle(1_800);
    for (let minute = 0; minute < 60; minute += 1) {
      for (let move = 0; move < 20; move += 1) await environment.act();
      await environment.pass(minutes(1));
    }
    expect(session.state).to.equal('authenticated');
    expect(asked().length).to.be.within(5, 8);
  });

  it('is not kept alive by a visitor who cannot see the page', async () => {
    const {environment, asked} = await idle(1_800);
    environment.visible = false;
    for (let minute = 0; minute < 29; minute += 1) {
      await environment.act();
      await environment.pass(minutes(1));
    }
    expect(asked()).to.have.length(1);
  });

  it('tells two minutes before, and what is over is over', async () => {
    const {environment, told, session, says} = await idle(1_800);
    const end = environment.now() + minutes(30);
    await environment.pass(minutes(28) - 1);
    expect(told('ending')).to.deep.equal([]);
    await environment.pass(1);
    expect(told('ending')).to.deep.equal([{type: 'ending', endsAt: end}]);
    says(undefined);
    await environment.pass(minutes(2) + 1_000);
    expect(session.state).to.equal('expired');
    expect(told('ending').at(-1)).to.deep.equal({type: 'ending', endsAt: undefined});
    expect(told('over')).to.have.length(1);
  });

  it('tells that it goes on, once the visitor is back', async () => {
    const {environment, told, session} = await idle(1_800);
    await environment.pass(minutes(29));
    expect(told('ending').length).to.be.greaterThan(0);
    await environment.act();
    await environment.pass(0);
    expect(told('ending').at(-1)).to.deep.equal({type: 'ending', endsAt: undefined});
    expect(session.state).to.equal('authenticated');
  });

  it('goes on when the visitor says so', async () => {
    const {environment, told, session} = await idle(1_800);
    await environment.pass(minutes(29));
    await session.refresh();
    expect(told('ending').at(-1)).to.deep.equal({type: 'ending', endsAt: undefined});
  });

  it('is asked about after a long sleep, once', async () => {
    const {environment, asked, session, says} = await idle(1_800);
    environment.jump(minutes(120));
    says(undefined);
    await environment.wake();
    await environment.pass(0);
    expect(asked()).to.have.length(2);
    expect(session.state).to.equal('expired');
  });

  it('does not ask ever more often near a fixed end', async () => {
    const setup = setUp();
    const end = setup.environment.now() + minutes(60);
    const left = (): number => Math.max(0, (end - setup.environment.now()) / 1_000);
    setup.network.step = () =>
      left() > 0 ? Response.json({authenticated: true, expiresIn: left()}) : new Response('', {status: 401});
    await setup.session.credential();
    for (let step = 0; step < 120; step += 1) {
      await setup.environment.act();
      await setup.environment.pass(minutes(0.5));
    }
    await setup.environment.pass(5_000);
    expect(setup.asked().length).to.be.at.most(6);
    expect(setup.session.state).to.equal('expired');
  });

  it('asks calmly when the network is gone at the end', async () => {
    const {environment, asked, network, session} = await idle(60);
    network.step = offline;
    await environment.pass(minutes(2));
    expect(asked().length).to.be.within(3, 15);
    expect(session.state).to.equal('authenticated');
  });

  it('is not kept alive by a page that wakes where nobody looks', async () => {
    const {environment, asked} = await idle(1_800);
    environment.visible = false;
    await environment.pass(minutes(20));
    await environment.wake();
    await environment.pass(0);
    expect(asked()).to.have.length(1);
  });

  it('has no timers where the back end says nothing of an end', async () => {
    const {environment, session, asked, leave} = setUp();
    await session.credential();
    expect(environment.pending.timers).to.equal(0);
    await environment.act();
    await environment.pass(minutes(600));
    expect(asked()).to.have.length(1);
    leave();
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
  });

  it('leaves nothing behind', async () => {
    const {environment, leave} = await idle(1_800);
    leave();
    expect(environment.pending).to.deep.equal({timers: 0, wakers: 0});
  });
});
