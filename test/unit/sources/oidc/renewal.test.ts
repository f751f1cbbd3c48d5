import {expect} from '@open-wc/testing';
import type {OidcOptions} from '../../../../src/sources/oidc/oidc-source.js';
import {CANARY, hangs, unreachable, type FakeProvider} from './support/provider.js';
import {caught, setUp} from './support/setup.js';

const signedIn = async (
  prepare: (provider: FakeProvider) => void = () => undefined,
  options?: Partial<OidcOptions>,
) => {
  const setup = setUp(options ? {options} : {});
  prepare(setup.provider);
  await setup.popup();
  return setup;
};

const refuse =
  (status: number, error: string, headers: Record<string, string> = {}) =>
  (): Response =>
    Response.json({error, error_description: CANARY}, {status, headers});

describe('renewal', () => {
  it('uses the refresh token and keeps the next one', async () => {
    const {acquire, provider} = await signedIn();
    expect((await acquire('expiring')).token).to.equal(`access-${CANARY}-2`);
    expect(Object.fromEntries(provider.last('token'))).to.eql({
      grant_type: 'refresh_token',
      refresh_token: `refresh-${CANARY}-1`,
      client_id: 'map-viewer',
      scope: 'openid',
    });
    await acquire('unauthorized');
    expect(provider.last('token').get('refresh_token')).to.equal(`refresh-${CANARY}-2`);
  });

  it('keeps the refresh token when no other comes', async () => {
    const {acquire, provider} = await signedIn();
    provider.tokens = {refresh_token: undefined};
    await acquire('expiring');
    await acquire('expiring');
    expect(provider.last('token').get('refresh_token')).to.equal(`refresh-${CANARY}-1`);
  });

  it('says for what the token is, with the scope that was granted', async () => {
    const {acquire, provider} = await signedIn((fake) => (fake.tokens = {scope: 'openid tiles'}), {
      scope: 'openid tiles admin',
      resource: 'https://tiles.test/',
    });
    await acquire('expiring');
    expect(Object.fromEntries(provider.last('token'))).to.include({
      scope: 'openid tiles',
      resource: 'https://tiles.test/',
    });
  });

  it('needs no id_token and keeps the user', async () => {
    const {acquire, provider} = await signedIn();
    provider.tokens = {id_token: undefined};
    expect((await acquire('expiring')).user).to.eql({sub: 'anna', name: 'Anna Berg'});
  });

  it('accepts an id_token without a nonce', async () => {
    const {acquire, provider} = await signedIn();
    provider.claims = {nonce: undefined, name: 'Anna Bergmann'};
    expect((await acquire('expiring')).user).to.include({name: 'Anna Bergmann'});
  });

  it('without a refresh token is the visitor’s business, and after a refusal the end', async () => {
    const {acquire, provider} = await signedIn((fake) => (fake.tokens = {refresh_token: undefined}));
    expect((await caught(acquire('expiring'))).code).to.equal('login-required');
    expect((await caught(acquire('unauthorized'))).code).to.equal('session-over');
    expect(provider.count('token')).to.equal(1);
  });

  it('stops when its caller does', async () => {
    const {acquire, provider} = await signedIn();
    const asked = Promise.withResolvers<void>();
    provider.replies['token'] = (form, signal) => {
      asked.resolve();
      return hangs(form, signal);
    };
    const stop = new AbortController();
    const renewal = acquire('expiring', stop.signal);
    await asked.promise;
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await renewal.catch((error: unknown) => error)).to.equal(reason);
  });

  it('that comes in after a sign-out is void', async () => {
    const {acquire, end, provider} = await signedIn();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const {fetch} = provider;
    provider.replies['token'] = async () => {
      asked.resolve();
      await go.promise;
      delete provider.replies['token'];
      return fetch(`${provider.authority}/token`);
    };
    const renewal = caught(acquire('expiring'));
    await asked.promise;
    await end();
    go.resolve();
    expect((await renewal).code).to.equal('login-required');
    expect((await caught(acquire('initial'))).code).to.equal('login-required');
  });
});

describe('a renewal that fails', () => {
  interface Case {
    readonly name: string;
    readonly code: string;
    readonly reason?: string;
    readonly retryAfter?: number;
    readonly prepare: (provider: FakeProvider) => void;
  }
  const token = (reply: FakeProvider['replies'][string]) => (provider: FakeProvider) => {
    provider.replies['token'] = reply;
  };

  const passing: readonly Case[] = [
    {name: 'no network', code: 'source-unreachable', reason: 'network', prepare: token(unreachable)},
    {name: 'a server that is down', code: 'source-unreachable', prepare: token(() => new Response('', {status: 500}))},
    {
      name: 'a server that is busy',
      code: 'source-unreachable',
      retryAfter: 7_000,
      prepare: token(refuse(429, 'slow_down', {'retry-after': '7'})),
    },
    {
      name: 'a server that says when it is back',
      code: 'source-unreachable',
      retryAfter: 120_000,
      prepare: token(refuse(503, 'temporarily_unavailable', {'retry-after': '120'})),
    },
    {name: 'a page for an answer', code: 'source-invalid', prepare: token(() => new Response('<html>'))},
    {name: 'no token', code: 'source-invalid', prepare: (provider) => (provider.tokens = {access_token: 7})},
    {
      name: 'a client that is not known for a moment',
      code: 'source-invalid',
      reason: 'invalid_client',
      prepare: token(refuse(401, 'invalid_client')),
    },
  ];
  for (const {name, code, reason, retryAfter, prepare} of passing) {
    it(`leaves the session as it is: ${name}`, async () => {
      const {acquire, provider} = await signedIn();
      prepare(provider);
      const error = await caught(acquire('expiring'));
      expect([error.code, error.retryAfter]).to.eql([code, retryAfter]);
      if (reason) expect(error.reason).to.equal(reason);
      expect(`${error.message} ${String(error.cause)}`).not.to.contain(CANARY);
      provider.tokens = {};
      delete provider.replies['token'];
      expect((await acquire('expiring')).type).to.equal('Bearer');
      expect(provider.last('token').get('refresh_token')).to.equal(`refresh-${CANARY}-1`);
    });
  }

  it('by time is a timeout', async () => {
    const {acquire, provider, clock} = await signedIn();
    const asked = Promise.withResolvers<void>();
    provider.replies['token'] = (form, signal) => {
      asked.resolve();
      return hangs(form, signal);
    };
    const renewal = caught(acquire('expiring'));
    await asked.promise;
    clock.advance(15_000);
    expect((await renewal).code).to.equal('source-timeout');
  });

  const final: readonly Case[] = [
    {
      name: 'a refused grant',
      code: 'session-over',
      reason: 'invalid_grant',
      prepare: token(refuse(400, 'invalid_grant')),
    },
    {
      name: 'a refused grant with status 200',
      code: 'session-over',
      reason: 'invalid_grant',
      prepare: token(refuse(200, 'invalid_grant')),
    },
    {
      name: 'a provider that wants to see the visitor',
      code: 'session-over',
      reason: 'interaction_required',
      prepare: token(refuse(400, 'interaction_required')),
    },
    {
      name: 'another person',
      code: 'session-over',
      reason: 'id-token-subject',
      prepare: (provider) => (provider.claims = {sub: 'ben'}),
    },
    {
      name: 'the nonce of another sign-in',
      code: 'session-over',
      reason: 'id-token-nonce',
      prepare: (provider) => (provider.claims = {nonce: 'another'}),
    },
    {
      name: 'an id_token that nobody signed',
      code: 'session-over',
      reason: 'id-token-algorithm',
      prepare: (provider) => (provider.sign = provider.unsecured),
    },
    {
      name: 'a token of another type',
      code: 'session-over',
      reason: 'token-type',
      prepare: (provider) => (provider.tokens = {token_type: 'mac'}),
    },
  ];
  for (const {name, code, reason, prepare} of final) {
    it(`ends the session: ${name}`, async () => {
      const {acquire, provider} = await signedIn();
      prepare(provider);
      const error = await caught(acquire('expiring'));
      expect([error.code, error.reason]).to.eql([code, reason]);
      const calls = provider.calls.length;
      expect((await caught(acquire('expiring'))).code).to.equal('login-required');
      expect(provider.calls.length).to.equal(calls);
    });
  }

  it('for want of the keys does not use the refresh token twice', async () => {
    const {acquire, provider, clock} = await signedIn();
    // A key that is new to us, at a moment when the keys cannot be had.
    const {generateKeyPair, exportJWK, SignJWT} = await import('jose');
    const {privateKey, publicKey} = await generateKeyPair('ES256', {extractable: true});
    provider.sign = (claims) => new SignJWT(claims).setProtectedHeader({alg: 'ES256', kid: 'two'}).sign(privateKey);
    provider.replies['jwks'] = unreachable;
    const dateNow = Date.now;
    // The cache of jose keeps time by itself.
    Date.now = () => dateNow() + 60_000;
    try {
      expect((await caught(acquire('expiring'))).code).to.equal('source-unreachable');
      provider.replies['jwks'] = async () =>
        Response.json({keys: [{...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256'}]});
      const receivedAt = clock.now();
      clock.advance(10_000);
      const credential = await acquire('expiring');
      expect([credential.token, credential.receivedAt]).to.eql([`access-${CANARY}-2`, receivedAt]);
      expect(provider.count('token')).to.equal(2);
      await acquire('expiring');
      expect(provider.last('token').get('refresh_token')).to.equal(`refresh-${CANARY}-2`);
    } finally {
      Date.now = dateNow;
    }
  });
});
