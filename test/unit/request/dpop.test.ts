import {expect} from '@open-wc/testing';
import {decodeJwt, type JWTPayload} from 'jose';
import type {Credential} from '../../../src/credentials/credential.js';
import {SecureMapError} from '../../../src/credentials/errors.js';
import type {Bound, ProofAnswer, Prover, ProofRequest} from '../../../src/credentials/prover.js';
import {RequestError} from '../../../src/request/request-error.js';
import {Dpop} from '../../../src/sources/oidc/dpop.js';
import {DpopKeys} from '../../../src/sources/oidc/dpop-keys.js';
import {rejection} from '../../doubles/rejection.js';
import {offline, type ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {aCredential, ScriptedSignIn} from '../../doubles/scripted-source.js';
import {TestEnvironment} from '../../doubles/test-environment.js';
import {setUp, TILE} from './setup.js';

/** Makes proofs that can be counted, and learns what it is told. */
class ScriptedProver implements Prover {
  readonly proven: {readonly request: ProofRequest; readonly bound: Bound}[] = [];
  readonly learnt: ProofAnswer[] = [];
  trouble: Error | undefined;
  #nonce: string | undefined;

  async prove({method, url}: ProofRequest, bound: Bound): Promise<string> {
    if (this.trouble) throw this.trouble;
    this.proven.push({request: {method, url}, bound});
    return `proof-${this.proven.length}${this.#nonce ? `-${this.#nonce}` : ''}`;
  }

  learn(answer: ProofAnswer): boolean {
    this.learnt.push(answer);
    const nonce = answer.headers.get('dpop-nonce');
    this.#nonce = nonce ?? this.#nonce;
    return answer.error === 'use_dpop_nonce' && nonce !== null;
  }

  async holds(): Promise<boolean> {
    return true;
  }
}

const boundCredential = (token: string): Credential => ({...aCredential(token), type: 'DPoP', keyId: 'key'});

const start = (answer?: ScriptedFetch['step'], prover: Prover = new ScriptedProver()) => {
  const source = Object.assign(new ScriptedSignIn((_, count) => boundCredential(`t${count}`)), {prover});
  return {...setUp({source, ...(answer ? {answer} : {})}), prover};
};

const scripted = (answer?: ScriptedFetch['step']) => {
  const prover = new ScriptedProver();
  return {...start(answer, prover), prover};
};

const proofs = ({sent}: ScriptedFetch): (string | null)[] => sent.map(({headers}) => headers.get('dpop'));

const challenge = (value: string, nonce?: string): Response =>
  new Response(null, {
    status: 401,
    headers: {'www-authenticate': value, ...(nonce === undefined ? {} : {'dpop-nonce': nonce})},
  });

const wantsNonce = (nonce?: string): Response => challenge('DPoP error="use_dpop_nonce", algs="ES256"', nonce);

describe('a request with a bound token', () => {
  it('carries the token by its own scheme and a proof, and nothing else changes', async () => {
    const {ask, network, prover} = scripted();
    await ask(TILE, {method: 'POST', body: 'x', headers: {'x-own': '1'}});
    const [request] = network.requests;
    expect(network.credentials).to.eql(['DPoP t1']);
    expect([request?.headers.get('dpop'), request?.headers.get('x-own'), await request?.text()]).to.eql([
      'proof-1',
      '1',
      'x',
    ]);
    expect([request?.redirect, request?.credentials, request?.referrerPolicy]).to.eql(['error', 'omit', 'no-referrer']);
    expect(prover.proven.map(({request: proven}) => proven)).to.eql([{method: 'POST', url: TILE}]);
    expect(prover.proven[0]?.bound).to.include({token: 't1', keyId: 'key'});
  });

  it('is proven each time anew, also when the server was only busy', async () => {
    const {ask, network, environment} = scripted((_, count) =>
      count === 1 ? new Response(null, {status: 503, headers: {'retry-after': '1'}}) : new Response('fine'),
    );
    const asked = ask();
    await environment.pass(1_000);
    await asked;
    await ask();
    expect(proofs(network)).to.eql(['proof-1', 'proof-2', 'proof-3']);
  });

  it('is not proven outside the scope, nor where no credential is wanted', async () => {
    const {ask, network, prover} = scripted();
    await ask('https://elsewhere.example/1');
    await ask(TILE, {}, {credential: 'none'});
    expect(proofs(network)).to.eql([null, null]);
    expect(prover.proven).to.be.empty;
  });

  it('is proven for a WMS without its query, with the hash of the token', async () => {
    const environment = new TestEnvironment();
    const keys = new DpopKeys('test');
    const {id} = await keys.current();
    const source = Object.assign(
      new ScriptedSignIn(() => ({...boundCredential('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'), keyId: id})),
      {prover: new Dpop(keys, environment)},
    );
    const {ask, network} = setUp({
      source,
      answer: (_, count) => new Response('fine', {headers: {'dpop-nonce': `n-${count}`}}),
    });
    const url = 'https://tiles.example/secure/wms?REQUEST=GetMap&LAYERS=a%2Cb&BBOX=1,2,3,4';
    await ask(url);
    await ask(url);
    const claims = proofs(network).map((proof): JWTPayload => decodeJwt(proof ?? ''));
    expect(claims.map(({htm, htu, ath}) => ({htm, htu, ath}))).to.eql([
      // The token and its hash stand in RFC 9449 §7.1.
      {htm: 'GET', htu: 'https://tiles.example/secure/wms', ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo'},
      {htm: 'GET', htu: 'https://tiles.example/secure/wms', ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo'},
    ]);
    expect(
      claims.map(({nonce}) => nonce),
      'learnt from a success',
    ).to.eql([undefined, 'n-1']);
    expect(network.requests[0]?.url, 'sent as it was').to.equal(url);
  });

  it('with a plain token needs no proof, whatever the source could do', async () => {
    const prover = new ScriptedProver();
    const source = Object.assign(new ScriptedSignIn(() => aCredential('plain')), {prover});
    const {ask, network} = setUp({source});
    await ask();
    expect([network.credentials, proofs(network)]).to.eql([['Bearer plain'], [null]]);
    expect([prover.proven, prover.learnt]).to.eql([[], []]);
  });
});

describe('a nonce of the map server', () => {
  it('is put into one more proof, which costs no renewal', async () => {
    const {status, network, source} = scripted((_, count) => (count === 1 ? wantsNonce('n') : new Response('fine')));
    expect(await status()).to.equal(200);
    expect(proofs(network)).to.eql(['proof-1', 'proof-2-n']);
    expect(network.credentials).to.eql(['DPoP t1', 'DPoP t1']);
    expect(source.reasons).to.eql(['initial']);
  });

  it('is told from other challenges', async () => {
    for (const value of [
      'DPoP algs="ES256", error="use_dpop_nonce", error_description="a, nonce"',
      'Bearer realm="map", error="invalid_token", DPoP error="use_dpop_nonce"',
      'dpop error = use_dpop_nonce',
    ]) {
      const {status, source} = scripted((_, count) => (count === 1 ? challenge(value, 'n') : new Response('fine')));
      expect(await status(), value).to.equal(200);
      expect(source.reasons, value).to.eql(['initial']);
    }
    for (const value of [
      'Bearer error="use_dpop_nonce"',
      'DPoP algs="ES256", Bearer error="use_dpop_nonce"',
      'DPoP error="invalid_token"',
    ]) {
      const {status, source} = scripted((_, count) => (count === 1 ? challenge(value, 'n') : new Response('fine')));
      expect(await status(), value).to.equal(200);
      expect(source.reasons, value).to.eql(['initial', 'unauthorized']);
    }
  });

  it('is not the one replay after a refused token', async () => {
    const {status, network, source} = scripted(({headers}, count) => {
      if (count === 1) return wantsNonce('n');
      return new Response(null, {status: headers.get('authorization') === 'DPoP t2' ? 200 : 401});
    });
    expect(await status()).to.equal(200);
    expect(network.credentials).to.eql(['DPoP t1', 'DPoP t1', 'DPoP t2']);
    expect(source.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('is asked for once per credential, and not for ever', async () => {
    const {status, network} = scripted((_, count) => wantsNonce(`n-${count}`));
    expect(await status()).to.equal(401);
    expect(network.credentials).to.eql(['DPoP t1', 'DPoP t1', 'DPoP t2', 'DPoP t2']);
  });

  it('that the page may not read makes the refusal one like any other', async () => {
    const {status, network, source} = scripted((_, count) => (count === 1 ? wantsNonce() : new Response('fine')));
    expect(await status()).to.equal(200);
    expect(network.credentials).to.eql(['DPoP t1', 'DPoP t2']);
    expect(source.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('is learnt from every answer', async () => {
    const {ask, prover, environment} = scripted((_, count) =>
      count === 1
        ? new Response(null, {status: 503, headers: {'retry-after': '1', 'dpop-nonce': 'a'}})
        : new Response(null, {status: count === 2 ? 404 : 200, headers: {'dpop-nonce': `n-${count}`}}),
    );
    const asked = ask();
    await environment.pass(1_000);
    await asked;
    await ask();
    expect(prover.learnt.map(({url, headers}) => [url, headers.get('dpop-nonce')])).to.eql([
      [TILE, 'a'],
      [TILE, 'n-2'],
      [TILE, 'n-3'],
    ]);
  });
});

describe('a proof that cannot be made', () => {
  it('for want of the key is as good as refused', async () => {
    const {ask, network, source, prover} = scripted();
    await ask();
    prover.trouble = new SecureMapError('session-over', 'Gone.', {reason: 'dpop-key'});
    source.answer = () => {
      prover.trouble = undefined;
      return boundCredential('next');
    };
    expect((await ask()).response.status).to.equal(200);
    expect(network.credentials).to.eql(['DPoP t1', 'DPoP next']);
    expect(source.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('says why as an error of the request', async () => {
    const {ask, network, prover} = scripted();
    prover.trouble = new SecureMapError('provider-unreachable', 'A part could not be loaded.', {reason: 'module'});
    const error = await rejection(ask());
    if (!(error instanceof RequestError)) throw error;
    expect([error.kind, error.reason]).to.eql(['network', 'provider-unreachable']);
    expect(network.requests).to.be.empty;
  });

  it('is not made for a request that nobody waits for any more', async () => {
    const {session, ask, prover, network} = scripted();
    await session.credential();
    const stop = new AbortController();
    const asked = rejection(ask(TILE, {signal: stop.signal}));
    stop.abort();
    expect(await asked).to.have.property('name', 'AbortError');
    expect([prover.proven, network.requests]).to.eql([[], []]);
  });
});

it('a bound request that fails is explained like any other', async () => {
  const {ask} = scripted(offline);
  const error = await rejection(ask());
  expect(error).to.be.instanceOf(RequestError).with.property('kind', 'network');
});
