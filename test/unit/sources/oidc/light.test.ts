import {expect} from '@open-wc/testing';
import {FakePage} from './support/page.js';
import {caught, setUp} from './support/setup.js';

const loaded = (): string[] => performance.getEntriesByType('resource').map(({name}) => new URL(name).pathname);

describe('the OIDC source before anybody signs in', () => {
  it('has the visitor sign in, without a request and without loading the protocol', async () => {
    const {acquire, provider} = setUp();
    expect((await caught(acquire())).code).to.equal('login-required');
    expect(provider.calls).to.be.empty;
    // jose itself is loaded by the double of the provider.
    expect(loaded().filter((path) => /oidc-client-ts|oidc\/engine/.test(path))).to.be.empty;
  });

  it('shows that the protocol is loaded once it is needed', async () => {
    const {popup} = setUp();
    await popup();
    expect(loaded().some((path) => /oidc\/engine/.test(path))).to.equal(true);
    expect(loaded().some((path) => /oidc-client-ts/.test(path))).to.equal(true);
  });

  it('has nothing to renew with', async () => {
    const {acquire} = setUp();
    expect((await caught(acquire('unauthorized'))).code).to.equal('session-over');
    expect((await caught(acquire('expiring'))).code).to.equal('login-required');
  });
});

describe('redirect-uri', () => {
  const refused = [
    'https://elsewhere.test/callback.html',
    'https://city.test.evil.test/callback.html',
    'https://city.test:8443/callback.html',
    'http://city.test/callback.html',
    'https://user:password@city.test/callback.html',
    'https://city.test/callback.html#part',
    'javascript:alert(1)',
    '/callback.html',
    '',
  ];
  for (const redirectUri of refused) {
    it(`is refused: "${redirectUri}"`, () => {
      expect(() => setUp({options: {redirectUri}}))
        .to.throw(/^redirect-uri: /)
        .with.property('code', 'invalid-attribute');
    });
  }

  it('is refused on a page without TLS', () => {
    const redirectUri = 'http://city.test/callback.html';
    expect(() => setUp({page: new FakePage('http://city.test/map'), options: {redirectUri}})).to.throw(
      /^redirect-uri: /,
    );
  });

  it('may be without TLS on this machine', () => {
    const redirectUri = 'http://localhost:8000/callback.html';
    expect(() => setUp({page: new FakePage('http://localhost:8000/'), options: {redirectUri}})).not.to.throw();
  });

  it('may be a page of the same origin', () => {
    expect(() => setUp({options: {redirectUri: 'https://city.test/map'}})).not.to.throw();
  });
});
