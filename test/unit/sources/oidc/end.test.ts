import {expect} from '@open-wc/testing';
import {hangs, CANARY, unreachable} from './support/provider.js';
import {FakePopup} from './support/page.js';
import {caught, setUp, type Setup} from './support/setup.js';

const signedIn = async (start?: Parameters<typeof setUp>[0]): Promise<Setup> => {
  const setup = setUp(start);
  await setup.popup();
  setup.page.popup = new FakePopup();
  setup.page.opened.length = 0;
  return setup;
};

const POST_LOGOUT = 'https://city.test/callback.html';

describe('end', () => {
  it('revokes the refresh token and forgets everything', async () => {
    const {end, acquire, provider, page} = await signedIn();
    await end();
    expect(Object.fromEntries(provider.last('revoke'))).to.eql({
      token: `refresh-${CANARY}-1`,
      token_type_hint: 'refresh_token',
      client_id: 'map-viewer',
    });
    expect((await caught(acquire('expiring'))).code).to.equal('login-required');
    expect(provider.count('token')).to.equal(1);
    expect(page.opened).to.be.empty;
  });

  it('revokes the access token where there is no other', async () => {
    const setup = setUp();
    setup.provider.tokens = {refresh_token: undefined};
    await setup.popup();
    await setup.end();
    expect(setup.provider.last('revoke').get('token')).to.equal(`access-${CANARY}-1`);
  });

  it('asks nobody when nobody is signed in', async () => {
    const {end, provider} = setUp();
    await end();
    expect(provider.calls).to.be.empty;
  });

  it('lets a provider be that cannot revoke', async () => {
    const setup = setUp();
    delete setup.provider.metadata['revocation_endpoint'];
    await setup.popup();
    await setup.end();
    expect(setup.provider.count('revoke')).to.equal(0);
  });

  it('does not mind a revocation that fails', async () => {
    for (const reply of [unreachable, () => new Response('', {status: 500})]) {
      const {end, provider} = await signedIn();
      provider.replies['revoke'] = reply;
      await end();
      expect(provider.count('revoke')).to.equal(1);
    }
  });

  it('does not wait for ever for a revocation', async () => {
    const {end, provider, clock} = await signedIn();
    const asked = Promise.withResolvers<void>();
    provider.replies['revoke'] = (form, signal) => {
      asked.resolve();
      return hangs(form, signal);
    };
    const ended = end();
    await asked.promise;
    clock.advance(15_000);
    await ended;
  });
});

describe('end everywhere', () => {
  it('signs out at the provider in a popup', async () => {
    const {end, page, clock, provider} = await signedIn({options: {postLogoutRedirectUri: POST_LOGOUT}});
    const ended = end(true);
    expect(page.opened, 'before anything is awaited').to.have.length(1);
    const url = await page.popup.sent;
    expect(`${url.origin}${url.pathname}`).to.equal(`${provider.authority}/logout`);
    expect([...url.searchParams.keys()].sort()).to.eql(['client_id', 'id_token_hint', 'post_logout_redirect_uri']);
    expect(url.searchParams.get('post_logout_redirect_uri')).to.equal(POST_LOGOUT);
    page.popup.closed = true;
    clock.advance(1_000);
    await ended;
    expect(provider.count('revoke')).to.equal(1);
  });

  it('names no page to come back to unless there is one', async () => {
    const {end, page} = await signedIn();
    void end(true, 'redirect');
    expect((await page.left).searchParams.has('post_logout_redirect_uri')).to.equal(false);
  });

  it('signs out at the provider by redirect, after revoking', async () => {
    const {end, page, provider} = await signedIn();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let isRevoked = false;
    provider.replies['revoke'] = async () => {
      asked.resolve();
      await go.promise;
      isRevoked = true;
      return new Response();
    };
    const left = page.left.then((url) => [`${url.origin}${url.pathname}`, isRevoked]);
    void end(true, 'redirect');
    await asked.promise;
    // Whoever would not wait has left by then.
    await new Promise((resolve) => setTimeout(resolve));
    go.resolve();
    expect(await left).to.eql([`${provider.authority}/logout`, true]);
    expect(page.opened).to.be.empty;
  });

  it('also works for a visitor who is not signed in here', async () => {
    const {end, page} = setUp();
    void end(true, 'redirect');
    const url = await page.left;
    expect([...url.searchParams.keys()]).to.eql(['client_id']);
  });

  it('takes this page there when the window is blocked, after revoking', async () => {
    const {end, page, provider} = await signedIn({options: {postLogoutRedirectUri: POST_LOGOUT}});
    page.isBlocking = true;
    void end(true);
    const url = await page.left;
    expect(`${url.origin}${url.pathname}`).to.equal(`${provider.authority}/logout`);
    expect(url.searchParams.get('post_logout_redirect_uri')).to.equal(POST_LOGOUT);
    expect(provider.count('revoke')).to.equal(1);
  });

  for (const mode of ['popup', 'redirect'] as const) {
    it(`revokes and says so where a frame cannot be sent there (${mode})`, async () => {
      const {end, page, acquire, provider} = await signedIn();
      page.isBlocking = true;
      page.top = {};
      let hasLeft = false;
      void page.left.then(() => (hasLeft = true));
      const error = await caught(end(true, mode));
      expect([error.code, error.reason]).to.eql(['login-blocked', 'framed']);
      expect(provider.count('revoke')).to.equal(1);
      expect(hasLeft).to.equal(false);
      expect((await caught(acquire('expiring'))).code).to.equal('login-required');
    });
  }

  it('closes its window where the provider has no such page', async () => {
    const setup = setUp();
    delete setup.provider.metadata['end_session_endpoint'];
    await setup.popup();
    setup.page.popup = new FakePopup();
    await setup.end(true);
    expect(setup.page.popup.closed).to.equal(true);
  });

  it('waits for a minute at most', async () => {
    const {end, page, clock} = await signedIn();
    const ended = end(true);
    await page.popup.sent;
    clock.advance(60_000);
    await ended;
    expect(page.popup.closed).to.equal(true);
  });
});
