import {expect} from '@open-wc/testing';
import {calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWTPayload} from 'jose';
import type {KeyStore} from '../../../../src/sources/oidc/dpop-database.js';
import {FakePopup} from './support/page.js';
import {CANARY, FakeProvider} from './support/provider.js';
import {caught, param, setUp} from './support/setup.js';

/** Keeps keys as a database does. */
const memoryStore = (pairs = new Map<string, CryptoKeyPair>()): KeyStore => {
  return {
    read: async (name) => pairs.get(name),
    keep: async (name, pair) => {
      pairs.set(name, pairs.get(name) ?? pair);
      return pairs.get(name) ?? pair;
    },
    remove: async (name) => void pairs.delete(name),
  };
};

/** A provider that offers DPoP and binds what it issues. */
const offering = (): FakeProvider => {
  const provider = new FakeProvider();
  provider.metadata['dpop_signing_alg_values_supported'] = ['EdDSA', 'ES256'];
  provider.tokens = {token_type: 'dpop'};
  return provider;
};

const bound = (options: NonNullable<Parameters<typeof setUp>[0]>['options'] = {}, provider = offering()) =>
  setUp({provider, options});

const proofsTo = (provider: FakeProvider, path: string): (string | null)[] =>
  provider.calls.filter((call) => call.path === path).map(({init}) => new Headers(init.headers).get('dpop'));

interface Read {
  readonly claims: JWTPayload;
  readonly keyId: string;
  readonly jwk: object;
}

/** Verifies a proof by the key in it, as a server does. */
const readProof = async (proof: string | null | undefined): Promise<Read> => {
  const options = {typ: 'dpop+jwt', algorithms: ['ES256']};
  const {payload, protectedHeader} = await jwtVerify(proof ?? '', EmbeddedJWK, options);
  const {jwk} = protectedHeader;
  if (!jwk) throw new Error('No key is in the proof.');
  return {claims: payload, keyId: await calculateJwkThumbprint(jwk), jwk};
};

/** Answers of the token endpoint, one after the other; the usual ones after that. */
const first = (provider: FakeProvider, ...answers: readonly Response[]): void => {
  const {fetch} = provider;
  const left = [...answers];
  const {length} = provider.calls;
  provider.replies['token'] = () => {
    const answer = left.shift();
    if (answer) return answer;
    delete provider.replies['token'];
    const usual = fetch(`${provider.authority}/token`);
    // Asked by this double, not by the source.
    provider.calls.splice(provider.calls.length - 1, 1);
    expect(provider.calls.length).to.be.greaterThan(length);
    return usual;
  };
};

const refusal = (error: string, headers: Record<string, string> = {}, status = 400): Response =>
  Response.json({error, error_description: CANARY}, {status, headers});

describe('DPoP at the token endpoint', () => {
  it('is not used where the provider does not offer it', async () => {
    for (const algorithms of [undefined, ['RS256'], 'ES256']) {
      const provider = new FakeProvider();
      provider.metadata['dpop_signing_alg_values_supported'] = algorithms;
      const {popup, page} = bound({}, provider);
      const {type, keyId} = await popup();
      expect([type, keyId]).to.eql(['Bearer', undefined]);
      expect(param(await page.popup.sent, 'dpop_jkt')).to.equal('');
      expect(proofsTo(provider, 'token')).to.eql([null]);
    }
  });

  it('that is required and not offered is the provider’s fault, and nobody is sent there', async () => {
    const {signIn, provider} = bound({dpop: 'required'}, new FakeProvider());
    const {code, reason} = await caught(signIn());
    expect([code, reason]).to.eql(['provider-invalid', 'dpop']);
    expect(provider.count('token')).to.equal(0);
  });

  it('proves the exchange of the code, with the key that the request named', async () => {
    const {popup, page, provider, clock} = bound();
    const {type, keyId} = await popup();
    expect(type).to.equal('DPoP');
    const [proof] = proofsTo(provider, 'token');
    const {claims, keyId: used, jwk} = await readProof(proof);
    expect([used, used]).to.eql([keyId, param(await page.popup.sent, 'dpop_jkt')]);
    expect(Object.keys(jwk)).to.have.members(['kty', 'crv', 'x', 'y']);
    expect(Object.keys(claims)).to.have.members(['htm', 'htu', 'jti', 'iat']);
    expect(claims).to.include({
      htm: 'POST',
      htu: `${provider.authority}/token`,
      iat: Math.floor(clock.now() / 1000),
    });
  });

  it('leaves query and fragment of an endpoint out of the proof', async () => {
    const provider = offering();
    provider.metadata['token_endpoint'] = `${provider.authority}/token?tenant=1#x`;
    const {popup} = bound({}, provider);
    await popup();
    expect((await readProof(proofsTo(provider, 'token')[0])).claims['htu']).to.equal(`${provider.authority}/token`);
  });

  it('proves the renewal with the same key, and each time anew', async () => {
    const {popup, acquire, provider} = bound();
    const {keyId} = await popup();
    expect((await acquire('expiring')).keyId).to.equal(keyId);
    const [one, two] = await Promise.all(proofsTo(provider, 'token').map(readProof));
    expect([one?.keyId, two?.keyId]).to.eql([keyId, keyId]);
    expect(one?.claims.jti).not.to.equal(two?.claims.jti);
  });

  it('binds the refresh token where the access token is a plain one', async () => {
    const provider = offering();
    provider.tokens = {token_type: 'Bearer'};
    const {popup, acquire} = bound({}, provider);
    const {type, keyId} = await popup();
    expect([type, keyId]).to.eql(['Bearer', undefined]);
    expect((await acquire('expiring')).type).to.equal('Bearer');
    const [one, two] = await Promise.all(proofsTo(provider, 'token').map(readProof));
    expect(two?.keyId).to.equal(one?.keyId);
  });

  const refusedTypes = [
    {dpop: 'required', token_type: 'Bearer'},
    {dpop: 'required', token_type: 'mac'},
    {dpop: 'auto', token_type: 'mac'},
    {dpop: 'off', token_type: 'DPoP'},
  ] as const;
  for (const {dpop, token_type} of refusedTypes) {
    it(`refuses a token of type ${token_type} with ${dpop}`, async () => {
      const provider = offering();
      provider.tokens = {token_type};
      const {signIn, answerPopup} = bound({dpop}, provider);
      const [{code, reason}] = await Promise.all([caught(signIn()), answerPopup()]);
      expect([code, reason]).to.eql(['login-refused', 'token-type']);
      expect(proofsTo(provider, 'token').map((proof) => proof !== null)).to.eql([dpop !== 'off']);
    });
  }

  it('ends the session when a renewal gives a plain token and nothing else will do', async () => {
    const {popup, acquire, provider} = bound({dpop: 'required'});
    await popup();
    provider.tokens = {token_type: 'Bearer'};
    const {code, reason} = await caught(acquire('expiring'));
    expect([code, reason]).to.eql(['session-over', 'token-type']);
  });

  it('a token of type DPoP is nothing to somebody who sent no proof', async () => {
    const provider = new FakeProvider();
    provider.tokens = {token_type: 'DPoP'};
    const {signIn, answerPopup} = bound({}, provider);
    const [{reason}] = await Promise.all([caught(signIn()), answerPopup()]);
    expect(reason).to.equal('token-type');
  });
});

describe('a nonce of the token endpoint', () => {
  it('is put into one more proof', async () => {
    const {popup, provider} = bound();
    first(provider, refusal('use_dpop_nonce', {'dpop-nonce': 'n-1'}));
    expect((await popup()).type).to.equal('DPoP');
    const [one, two, ...rest] = await Promise.all(proofsTo(provider, 'token').map(readProof));
    expect([one?.claims['nonce'], two?.claims['nonce'], rest]).to.eql([undefined, 'n-1', []]);
    expect(one?.claims.jti).not.to.equal(two?.claims.jti);
  });

  it('is asked for once and not for ever', async () => {
    const {signIn, answerPopup, provider} = bound();
    provider.replies['token'] = () => refusal('use_dpop_nonce', {'dpop-nonce': `n-${provider.count('token')}`});
    const [{code, reason}] = await Promise.all([caught(signIn()), answerPopup()]);
    expect([code, reason]).to.eql(['login-refused', 'use_dpop_nonce']);
    expect(provider.count('token')).to.equal(2);
  });

  for (const [name, headers] of [
    ['cannot be read', {}],
    ['is not one', {'dpop-nonce': 'a "b"'}],
    ['comes twice', {'dpop-nonce': 'a, b'}],
  ] as const) {
    it(`that ${name} is worth no second try`, async () => {
      const {signIn, answerPopup, provider} = bound();
      provider.replies['token'] = () => refusal('use_dpop_nonce', headers);
      const [{reason}] = await Promise.all([caught(signIn()), answerPopup()]);
      expect([reason, provider.count('token')]).to.eql(['use_dpop_nonce', 1]);
    });
  }

  it('is learnt from a success, too', async () => {
    const {popup, acquire, provider} = bound();
    provider.replies['token'] = async () => {
      delete provider.replies['token'];
      const usual = await provider.fetch(`${provider.authority}/token`);
      provider.calls.pop();
      return new Response(usual.body, {headers: {'dpop-nonce': 'n-200'}});
    };
    await popup();
    await acquire('expiring');
    expect((await readProof(proofsTo(provider, 'token').at(-1))).claims['nonce']).to.equal('n-200');
  });

  it('is learnt from a server that is down, and kept while others say nothing', async () => {
    const {popup, acquire, provider} = bound();
    await popup();
    first(provider, new Response('', {status: 503, headers: {'dpop-nonce': 'n-503'}}));
    expect((await caught(acquire('expiring'))).code).to.equal('source-unreachable');
    await acquire('expiring');
    await acquire('expiring');
    const proofs = await Promise.all(proofsTo(provider, 'token').map(readProof));
    expect(proofs.slice(-2).map(({claims}) => claims['nonce'])).to.eql(['n-503', 'n-503']);
  });

  it('beside a grant that is gone changes nothing: the session is over', async () => {
    const {popup, acquire, provider} = bound();
    await popup();
    provider.replies['token'] = () => refusal('invalid_grant', {'dpop-nonce': 'n-1'});
    const {code, reason} = await caught(acquire('expiring'));
    expect([code, reason, provider.count('token')]).to.eql(['session-over', 'invalid_grant', 2]);
  });
});

describe('another time at the provider', () => {
  const HOUR = 3_600_000;
  const refuseAt = (date: number): Response => refusal('invalid_dpop_proof', {date: new Date(date).toUTCString()}, 400);

  for (const skew of [HOUR, -HOUR]) {
    it(`is learnt from a proof that was refused: ${skew / HOUR} h`, async () => {
      const {popup, acquire, provider, clock} = bound();
      await popup();
      first(provider, refuseAt(clock.now() + skew));
      await acquire('expiring');
      const [, two, three] = await Promise.all(proofsTo(provider, 'token').map(readProof));
      expect(two?.claims.iat).to.be.closeTo(clock.now() / 1000, 2);
      expect(three?.claims.iat).to.be.closeTo((clock.now() + skew) / 1000, 2);
    });
  }

  it('is learnt once', async () => {
    const {popup, acquire, provider, clock} = bound();
    await popup();
    provider.replies['token'] = () => refuseAt(clock.now() + HOUR);
    expect((await caught(acquire('expiring'))).reason).to.equal('invalid_dpop_proof');
    expect(provider.count('token')).to.equal(3);
  });

  for (const [name, date] of [
    ['is the same', 0],
    ['cannot be right', 25 * HOUR],
  ] as const) {
    it(`that ${name} is worth no second try`, async () => {
      const {popup, acquire, provider, clock} = bound();
      await popup();
      provider.replies['token'] = () => refuseAt(clock.now() + date);
      expect((await caught(acquire('expiring'))).code).to.equal('source-invalid');
      expect(provider.count('token')).to.equal(2);
    });
  }
});

describe('the key of a sign-in', () => {
  it('is another after the sign-out', async () => {
    const {popup, end, page} = bound({keys: memoryStore()});
    const {keyId} = await popup();
    await end();
    page.popup = new FakePopup();
    expect((await popup()).keyId).not.to.equal(keyId);
  });

  it('is wiped at the sign-out although the revocation fails or never comes', async () => {
    const pairs = new Map<string, CryptoKeyPair>();
    const {popup, source, end, provider} = bound({keys: memoryStore(pairs)});
    const credential = await popup();
    expect(pairs.size).to.equal(1);
    provider.replies['revoke'] = () => new Response('', {status: 500});
    await end();
    expect(await source.prover?.holds(credential)).to.equal(false);
    expect(pairs.size).to.equal(0);
  });

  for (const other of [{scope: 'openid maps'}, {resource: 'https://maps.test/'}, {dpop: 'required'}] as const) {
    it(`stays when the visitor signs out of one with another ${Object.keys(other).join()}`, async () => {
      const keys = memoryStore();
      const provider = offering();
      const one = bound({keys}, provider);
      const two = bound({keys, ...other}, provider);
      const kept = await one.popup();
      expect((await two.popup()).keyId).not.to.equal(kept.keyId);
      await two.end();
      const next = bound({keys}, provider);
      expect(await next.source.prover?.holds(kept), 'the key is there for the next page').to.equal(true);
    });
  }

  it('comes along over a redirect when it is kept, and is named to the provider only then', async () => {
    for (const keys of [memoryStore(), undefined]) {
      const {signIn, page, provider, reload} = bound({keys});
      signIn('redirect').catch(() => undefined);
      const url = await page.left;
      const jkt = param(url, 'dpop_jkt');
      expect(jkt !== '').to.equal(keys !== undefined);
      provider.nonce = param(url, 'nonce');
      const answer = provider.answer(param(url, 'state'));
      page.storage = page.sessionStorage;
      const next = reload(`https://city.test/callback.html?${answer}`);
      const {keyId, type} = await next.acquire();
      expect(type).to.equal('DPoP');
      if (jkt !== '') expect(keyId).to.equal(jkt);
    }
  });

  it('that is gone leaves nothing to renew with, and nobody is asked', async () => {
    const {popup, acquire, source, provider} = bound();
    await popup();
    await source.end?.({everywhere: false, mode: 'popup', signal: new AbortController().signal});
    expect((await caught(acquire('expiring'))).code).to.equal('login-required');
    expect((await caught(acquire('unauthorized'))).code).to.equal('session-over');
    expect(provider.count('token')).to.equal(1);
  });

  it('makes a proof for a request, with the hash of the token and without its query', async () => {
    const {popup, source, clock} = bound();
    const credential = await popup();
    const url = 'https://maps.test/wms?SERVICE=WMS&REQUEST=GetMap&BBOX=1,2,3,4#part';
    const {claims} = await readProof(await source.prover?.prove({method: 'GET', url}, credential));
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(credential.token));
    const ath = btoa(String.fromCharCode(...new Uint8Array(hash)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=/g, '');
    expect(claims).to.include({htm: 'GET', htu: 'https://maps.test/wms', ath, iat: Math.floor(clock.now() / 1000)});
    expect(claims['nonce']).to.equal(undefined);
  });

  it('knows the nonces of each origin for itself', async () => {
    const {popup, source} = bound();
    const credential = await popup();
    const nonceFor = async (url: string): Promise<unknown> =>
      (await readProof(await source.prover?.prove({method: 'GET', url}, credential))).claims['nonce'];
    const answer = (url: string, nonce: string): boolean | undefined =>
      source.prover?.learn({url, headers: new Headers({'dpop-nonce': nonce})});
    expect(answer('https://a.test/1?x', 'of-a')).to.equal(false);
    expect(answer('https://b.test/1', 'of-b')).to.equal(false);
    expect(await nonceFor('https://a.test/2')).to.equal('of-a');
    expect(await nonceFor('https://b.test/2')).to.equal('of-b');
    expect(await nonceFor('https://a.test:8443/')).to.equal(undefined);
  });

  it('that is gone makes no proof', async () => {
    const {popup, end, source} = bound();
    const credential = await popup();
    await end();
    const {code, reason} = await caught(source.prover?.prove({method: 'GET', url: 'https://a.test'}, credential));
    expect([code, reason]).to.eql(['session-over', 'dpop-key']);
  });
});
