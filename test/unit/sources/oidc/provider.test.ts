import {expect} from '@open-wc/testing';
import {hangs, unreachable, type FakeProvider} from './support/provider.js';
import {FakePopup} from './support/page.js';
import {caught, setUp} from './support/setup.js';

const failure = async (prepare: (provider: FakeProvider) => void) => {
  const {signIn, provider, page} = setUp();
  prepare(provider);
  let isSent = false;
  void page.popup.sent.then(() => (isSent = true));
  const {code, reason} = await caught(signIn());
  expect(isSent, 'sent nowhere').to.equal(false);
  expect(page.popup.closed).to.equal(true);
  return [code, reason];
};

describe('the discovery document', () => {
  const metadata = (change: Record<string, unknown>) => (provider: FakeProvider) => {
    provider.metadata = {...provider.metadata, ...change};
  };
  const say = (body: BodyInit, init?: ResponseInit) => (provider: FakeProvider) => {
    provider.replies['openid-configuration'] = () => new Response(body, init);
  };
  const cases: readonly [string, [string, string], (provider: FakeProvider) => void][] = [
    ['names another issuer', ['provider-invalid', 'issuer-mismatch'], metadata({issuer: 'https://evil.test'})],
    [
      'names its issuer with a slash more',
      ['provider-invalid', 'issuer-mismatch'],
      (provider) => metadata({issuer: `${provider.authority}/`})(provider),
    ],
    ['names no issuer', ['provider-invalid', 'issuer-mismatch'], metadata({issuer: undefined})],
    [
      'offers PKCE in plain only',
      ['provider-invalid', 'pkce'],
      metadata({code_challenge_methods_supported: ['plain']}),
    ],
    ['has no authorization endpoint', ['provider-invalid', 'endpoint'], metadata({authorization_endpoint: undefined})],
    ['has no token endpoint', ['provider-invalid', 'endpoint'], metadata({token_endpoint: undefined})],
    ['has no keys', ['provider-invalid', 'endpoint'], metadata({jwks_uri: undefined})],
    [
      'leads into a script',
      ['provider-invalid', 'endpoint'],
      metadata({authorization_endpoint: 'javascript:alert(document.domain)'}),
    ],
    ['leads to plain http', ['provider-invalid', 'endpoint'], metadata({token_endpoint: 'http://login.test/token'})],
    [
      'signs out by a script',
      ['provider-invalid', 'endpoint'],
      metadata({end_session_endpoint: 'javascript:alert(1)'}),
    ],
    ['is a page', ['provider-invalid', 'not-json'], say('<!doctype html><title>Welcome</title>')],
    ['is a list', ['provider-invalid', 'not-json'], say('[]')],
    ['is not there', ['provider-invalid', 'http-404'], say('{}', {status: 404})],
    ['is down', ['provider-unreachable', 'http-500'], say('{}', {status: 500})],
    [
      'cannot be reached',
      ['provider-unreachable', 'network'],
      (provider) => (provider.replies['openid-configuration'] = unreachable),
    ],
  ];
  for (const [name, expected, prepare] of cases) {
    it(name, async () => expect(await failure(prepare)).to.eql(expected));
  }

  it('does not come', async () => {
    const {signIn, provider, clock} = setUp();
    const asked = Promise.withResolvers<void>();
    provider.replies['openid-configuration'] = (form, signal) => {
      asked.resolve();
      return hangs(form, signal);
    };
    const login = caught(signIn());
    await asked.promise;
    clock.advance(15_000);
    expect((await login).reason).to.equal('timeout');
  });

  it('may say nothing about PKCE, as many do', async () => {
    const {popup, provider} = setUp();
    delete provider.metadata['code_challenge_methods_supported'];
    expect((await popup()).type).to.equal('Bearer');
  });

  it('is asked for again after it could not be had', async () => {
    const {signIn, popup, page, provider} = setUp();
    provider.replies['openid-configuration'] = unreachable;
    await caught(signIn());
    delete provider.replies['openid-configuration'];
    page.popup = new FakePopup();
    expect((await popup()).type).to.equal('Bearer');
    expect(provider.count('openid-configuration')).to.equal(2);
  });
});

describe('the keys', () => {
  const cases: readonly [string, [string, string], (provider: FakeProvider) => void][] = [
    ['cannot be reached', ['provider-unreachable', 'network'], (provider) => (provider.replies['jwks'] = unreachable)],
    [
      'are down',
      ['provider-unreachable', 'http-502'],
      (provider) => (provider.replies['jwks'] = () => new Response('', {status: 502})),
    ],
    [
      'are no keys',
      ['provider-invalid', 'keys'],
      (provider) => (provider.replies['jwks'] = () => new Response('<html>')),
    ],
    [
      'are broken',
      ['provider-invalid', 'keys'],
      (provider) =>
        (provider.replies['jwks'] = () =>
          Response.json({keys: [{kty: 'EC', crv: 'P-256', x: '!', y: '!', kid: 'one', alg: 'ES256'}]})),
    ],
  ];
  for (const [name, expected, prepare] of cases) {
    it(name, async () => {
      const {popup, provider} = setUp();
      prepare(provider);
      const {code, reason} = await caught(popup());
      expect([code, reason]).to.eql(expected);
    });
  }
});
