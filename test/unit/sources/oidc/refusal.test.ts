import {expect} from '@open-wc/testing';
import {generateKeyPair, SignJWT} from 'jose';
import {CANARY, CLIENT_ID, hangs, unreachable, type FakeProvider} from './support/provider.js';
import {caught, setUp} from './support/setup.js';

/** A sign-in that has to fail. */
const refusal = async (
  change: Record<string, string | undefined> = {},
  prepare: (provider: FakeProvider) => void = () => undefined,
) => {
  const setup = setUp();
  prepare(setup.provider);
  const error = await caught(setup.popup(change));
  const said = `${error.message} ${String(error.cause)} ${JSON.stringify(error)} ${error.stack}`;
  expect(said).not.to.contain(CANARY);
  expect(setup.page.popup.closed).to.equal(true);
  expect(setup.page.listeners).to.equal(0);
  return {...setup, error};
};

describe('an answer is refused before the token endpoint is asked', () => {
  const cases: readonly [string, string, Record<string, string | undefined>][] = [
    ['the provider says no', 'access_denied', {code: undefined, error: 'access_denied', error_description: CANARY}],
    ['an error is no code of a standard', 'scriptalertscript', {error: '<script>alert(1)</script>'}],
    ['an error has nothing to show', 'unknown_error', {error: '!!'}],
    ['an error and a code come together', 'server_error', {error: 'server_error'}],
    ['the answer is for another sign-in', 'state-mismatch', {state: 'another'}],
    ['the answer names no sign-in', 'state-mismatch', {state: undefined}],
    ['it is from another provider', 'issuer-mismatch', {iss: 'https://evil.test'}],
    ['the issuer differs by a slash', 'issuer-mismatch', {iss: 'https://login.test/realms/city/'}],
    ['the issuer is missing though promised', 'issuer-mismatch', {iss: undefined}],
    ['an error comes from another provider', 'issuer-mismatch', {iss: 'https://evil.test', error: 'access_denied'}],
    ['there is no code', 'code-missing', {code: undefined}],
  ];
  for (const [name, reason, change] of cases) {
    it(`when ${name}`, async () => {
      // An answer without code and error is not even sent by the return page, but anybody may send one.
      const {error, provider} = await refusal(change);
      expect([error.code, error.reason]).to.eql(['login-refused', reason]);
      expect(provider.count('token')).to.equal(0);
    });
  }

  it('when a parameter is there twice', async () => {
    const {signIn, page, provider} = setUp();
    const login = caught(signIn());
    const state = (await page.popup.sent).searchParams.get('state') ?? '';
    page.receive({source: 'secure-map', v: 1, params: `${provider.answer(state)}&iss=https://evil.test`});
    expect((await login).reason).to.equal('issuer-mismatch');
    expect(provider.count('token')).to.equal(0);
  });

  it('but not when a provider that never promised it names no issuer', async () => {
    const {popup, provider} = setUp();
    delete provider.metadata['authorization_response_iss_parameter_supported'];
    expect((await popup({iss: undefined})).type).to.equal('Bearer');
  });
});

describe('tokens are refused', () => {
  const past = () => Math.floor(Date.now() / 1000) - 61;
  const cases: readonly [string, string, (provider: FakeProvider) => void][] = [
    ['for another audience', 'id-token-audience', (provider) => (provider.claims = {aud: 'another'})],
    ['without an audience', 'id-token-audience', (provider) => (provider.claims = {aud: undefined})],
    ['of another issuer', 'id-token-issuer', (provider) => (provider.claims = {iss: 'https://evil.test'})],
    ['of an issuer with a slash more', 'id-token-issuer', (p) => (p.claims = {iss: `${p.authority}/`})],
    ['that ended', 'id-token-expired', (provider) => (provider.claims = {exp: past()})],
    ['that never end', 'id-token-expired', (provider) => (provider.claims = {exp: undefined})],
    ['without the time of issue', 'id-token-claims', (provider) => (provider.claims = {iat: undefined})],
    ['with another nonce', 'id-token-nonce', (provider) => (provider.claims = {nonce: 'another'})],
    ['without a nonce', 'id-token-nonce', (provider) => (provider.claims = {nonce: undefined})],
    ['without a subject', 'id-token-subject', (provider) => (provider.claims = {sub: undefined})],
    ['with an empty subject', 'id-token-subject', (provider) => (provider.claims = {sub: ''})],
    ['for two audiences and no party', 'id-token-azp', (p) => (p.claims = {aud: [CLIENT_ID, 'another']})],
    ['for another party', 'id-token-azp', (provider) => (provider.claims = {azp: 'another'})],
    ['without a signature', 'id-token-algorithm', (provider) => (provider.sign = provider.unsecured)],
    ['that are no JWT', 'id-token-malformed', (provider) => (provider.sign = () => `a.b.${CANARY}`)],
    ['without an id_token', 'id-token-missing', (provider) => (provider.tokens = {id_token: undefined})],
    ['of an unknown type', 'token-type', (provider) => (provider.tokens = {token_type: 'mac'})],
    ['of a type that needs a proof', 'token-type', (provider) => (provider.tokens = {token_type: 'DPoP'})],
    ['without a type', 'token-type', (provider) => (provider.tokens = {token_type: undefined})],
  ];
  for (const [name, reason, prepare] of cases) {
    it(name, async () => {
      const {error, acquire} = await refusal({}, prepare);
      expect([error.code, error.reason]).to.eql(['login-refused', reason]);
      expect((await caught(acquire('expiring'))).code, 'nothing was kept').to.equal('login-required');
    });
  }

  it('signed with a shared secret', async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const {error} = await refusal({}, (provider) => {
      provider.sign = (claims) => new SignJWT(claims).setProtectedHeader({alg: 'HS256', kid: 'one'}).sign(secret);
    });
    expect(error.reason).to.equal('id-token-algorithm');
  });

  it('signed by somebody else', async () => {
    const {privateKey} = await generateKeyPair('ES256');
    const {error} = await refusal({}, (provider) => {
      provider.sign = (claims) => provider.signed(claims, privateKey);
    });
    expect(error.reason).to.equal('id-token-signature');
  });

  it('signed with a key that the provider does not list', async () => {
    const {privateKey} = await generateKeyPair('ES256');
    const {error} = await refusal({}, (provider) => {
      provider.sign = (claims) => new SignJWT(claims).setProtectedHeader({alg: 'ES256', kid: 'two'}).sign(privateKey);
    });
    expect(error.reason).to.equal('id-token-signature');
  });

  it('by the clock that was injected', async () => {
    const setup = setUp();
    setup.clock.advance(365 * 24 * 3600_000);
    expect((await setup.popup()).type).to.equal('Bearer');

    const late = setUp();
    late.provider.claims = {exp: Math.floor(late.clock.now() / 1000) + 300};
    late.clock.advance(361_000);
    expect((await caught(late.popup())).reason).to.equal('id-token-expired');
  });
});

describe('tokens are accepted', () => {
  it('up to a minute after their end, for clocks differ', async () => {
    const {popup, provider, clock} = setUp();
    provider.claims = {exp: Math.floor(clock.now() / 1000) - 50};
    expect((await popup()).type).to.equal('Bearer');
  });

  it('for several audiences when we are the party', async () => {
    const {popup, provider} = setUp();
    provider.claims = {aud: [CLIENT_ID, 'another'], azp: CLIENT_ID};
    expect((await popup()).type).to.equal('Bearer');
  });

  it('without an id_token when none was asked for', async () => {
    const {popup, provider} = setUp({options: {scope: 'tiles'}});
    provider.tokens = {id_token: undefined};
    expect((await popup()).user).to.equal(undefined);
  });
});

describe('the user', () => {
  it('is what the id_token says for display', async () => {
    const {popup, provider} = setUp();
    provider.claims = {
      email: 'anna@demo.invalid',
      organisation: {name: 'City'},
      acr: '1',
      auth_time: 1,
      azp: CLIENT_ID,
      access_token: CANARY,
      'https://idp.test/idp_token': CANARY,
    };
    expect((await popup()).user).to.deep.equal({
      sub: 'anna',
      name: 'Anna Berg',
      email: 'anna@demo.invalid',
      organisation: {name: 'City'},
    });
  });
});

describe('the lifetime', () => {
  const TEN_YEARS = 10 * 365 * 24 * 3600_000;
  const cases: readonly [unknown, number | undefined][] = [
    [60, 60_000],
    ['60', 60_000],
    [0.5, 500],
    [0, 0],
    [-5, 0],
    [undefined, undefined],
    [null, undefined],
    ['soon', undefined],
    [{}, undefined],
    [9e15, TEN_YEARS],
  ];
  for (const [expiresIn, lifetime] of cases) {
    it(`of expires_in ${JSON.stringify(expiresIn)}`, async () => {
      const {popup, provider} = setUp();
      provider.tokens = {expires_in: expiresIn};
      const {receivedAt, expiresAt} = await popup();
      expect(expiresAt === undefined ? undefined : expiresAt - receivedAt).to.equal(lifetime);
    });
  }

  it('begins half a round trip before the answer', async () => {
    const {popup, provider, clock} = setUp();
    const {fetch} = provider;
    const sent = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    provider.replies['token'] = async () => {
      sent.resolve();
      await go.promise;
      delete provider.replies['token'];
      return fetch(`${provider.authority}/token`);
    };
    const login = popup();
    await sent.promise;
    const sentAt = clock.now();
    clock.advance(4_000);
    go.resolve();
    expect((await login).receivedAt).to.equal(sentAt + 2_000);
  });

  it('is not read from the access token', async () => {
    const {popup, provider} = setUp();
    const jwt = await provider.signed({exp: 1, sub: 'somebody'});
    provider.tokens = {access_token: jwt, expires_in: undefined};
    const credential = await popup();
    expect([credential.token, credential.expiresAt, credential.user?.['sub']]).to.eql([jwt, undefined, 'anna']);
  });
});

describe('the token endpoint', () => {
  const say = (body: BodyInit, init?: ResponseInit) => (provider: FakeProvider) => {
    provider.replies['token'] = () => new Response(body, init);
  };
  const error = (status: number) => say(JSON.stringify({error: 'invalid_grant', error_description: CANARY}), {status});
  const cases: readonly [string, string, string, (provider: FakeProvider) => void][] = [
    ['refuses', 'login-refused', 'invalid_grant', error(400)],
    ['refuses with status 200', 'login-refused', 'invalid_grant', error(200)],
    ['is down', 'provider-unreachable', 'http-503', say(CANARY, {status: 503})],
    ['is busy', 'provider-unreachable', 'http-429', say(CANARY, {status: 429})],
    ['cannot be reached', 'provider-unreachable', 'network', (provider) => (provider.replies['token'] = unreachable)],
    ['answers with a page', 'provider-invalid', 'not-json', say(`<html>${CANARY}</html>`)],
    ['answers with a list', 'provider-invalid', 'not-json', say('[]')],
    ['is not there', 'provider-invalid', 'http-404', say(CANARY, {status: 404})],
    ['gives no token', 'provider-invalid', 'access-token', (provider) => (provider.tokens = {access_token: undefined})],
    [
      'gives two lines',
      'provider-invalid',
      'access-token',
      (provider) => (provider.tokens = {access_token: 'a\r\nb: c'}),
    ],
  ];
  for (const [name, code, reason, prepare] of cases) {
    it(name, async () => {
      const {error: refused} = await refusal({}, prepare);
      expect([refused.code, refused.reason]).to.eql([code, reason]);
    });
  }

  it('does not answer', async () => {
    const {popup, provider, clock} = setUp();
    const asked = Promise.withResolvers<void>();
    provider.replies['token'] = (form, signal) => {
      asked.resolve();
      return hangs(form, signal);
    };
    const login = caught(popup());
    await asked.promise;
    clock.advance(15_000);
    const {code, reason} = await login;
    expect([code, reason]).to.eql(['provider-unreachable', 'timeout']);
  });
});
