import {expect} from '@open-wc/testing';
import type {Detour} from '../../../../src/request/authorized-fetch.js';
import {rejection} from '../../../doubles/rejection.js';
import {aCredential, ScriptedSignIn} from '../../../doubles/scripted-source.js';
import {setUp, TILE} from '../setup.js';

/** What is asked of the bridges of a map, and what they answer. */
const detourOf = (
  answer: (request: Request, count: number) => Promise<Response | undefined> | Response | undefined,
) => {
  const asked: Request[] = [];
  const parts: boolean[] = [];
  const detour: Detour = async (request, isPart) => {
    asked.push(request);
    parts.push(isPart);
    return answer(request, asked.length);
  };
  return {asked, parts, detour};
};

describe('the way of a request through a bridge', () => {
  it('is taken by a credentialed GET, with the credential on it', async () => {
    const {asked, parts, detour} = detourOf(() => new Response('bridged'));
    const {ask, network} = setUp({detour});
    expect(await (await ask(TILE, {}, {layerId: 'tiles'})).response.text()).to.equal('bridged');
    await ask();
    expect(asked.map(({headers}) => headers.get('authorization'))).to.deep.equal(['Bearer t1', 'Bearer t1']);
    expect([parts, network.requests]).to.deep.equal([[true, false], []]);
  });

  it('is taken in a header of another name as well', async () => {
    const {asked, detour} = detourOf(() => new Response('bridged'));
    await setUp({detour, transport: {name: 'X-Api-Key', prefix: ''}}).ask();
    expect(asked[0]?.headers.get('x-api-key')).to.equal('t1');
  });

  it('is not taken by what is outside of the scope, public, posted or sent with a credential of the page’s own', async () => {
    const {asked, detour} = detourOf(() => new Response('bridged'));
    const {status} = setUp({detour});
    await status('https://tiles.example/elsewhere/1.png');
    await status('https://other.example/1.png');
    await status(TILE, {}, {credential: 'none'});
    await status(TILE, {method: 'POST', body: 'a'});
    await status(TILE, {headers: {authorization: 'Basic eA=='}});
    expect(asked).to.deep.equal([]);
  });

  for (const kind of ['query', 'cookie', 'mac'] as const) {
    it(`is not taken with token-transport="${kind}"`, async () => {
      const {asked, detour} = detourOf(() => new Response('bridged'));
      const type = kind === 'mac' ? 'MAC' : kind === 'cookie' ? 'Cookie' : 'Bearer';
      const source = new ScriptedSignIn(() => ({
        ...aCredential('t1'),
        type,
        ...(kind === 'mac' ? {mac: {key: 'k', algorithm: 'hmac-sha-1'}} : {}),
      }));
      expect(await setUp({detour, source, transport: {kind}}).status()).to.equal(200);
      expect(asked).to.deep.equal([]);
    });
  }

  it('leads directly where no bridge takes it, with the same credential', async () => {
    const {asked, detour} = detourOf(() => undefined);
    const {ask, network} = setUp({detour});
    expect(await (await ask()).response.text()).to.equal('fine');
    expect([asked.length, network.credentials]).to.deep.equal([1, ['Bearer t1']]);
  });

  it('renews once after a refusal, and replays', async () => {
    const {asked, detour} = detourOf(
      ({headers}) => new Response(null, {status: headers.get('authorization') === 'Bearer t2' ? 200 : 401}),
    );
    const {status, source, network} = setUp({detour});
    expect(await Promise.all([status(), status(), status()])).to.deep.equal([200, 200, 200]);
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized']);
    expect([asked.length, network.sent]).to.deep.equal([6, []]);
  });

  it('is taken again when a busy server says when', async () => {
    const {asked, detour} = detourOf((_, count) =>
      count === 1 ? new Response(null, {status: 503, headers: {'retry-after': '2'}}) : new Response('fine'),
    );
    const {status, environment} = setUp({detour});
    const answer = status();
    await environment.pass(2_000);
    expect([await answer, asked.length]).to.deep.equal([200, 2]);
  });

  it('that gets no answer is explained as any other', async () => {
    const {detour} = detourOf(() => Promise.reject(new TypeError('Failed')));
    const {ask} = setUp({detour, answer: ({mode}) => (mode === 'no-cors' ? new Response() : new Response('fine'))});
    expect(await rejection(ask())).to.include({kind: 'cors'});
  });

  it('carries a proof of its own for each try: none is used twice', async () => {
    let count = 0;
    const prover = {
      prove: async () => `proof-${(count += 1)}`,
      learn: () => false,
      holds: async () => true,
    };
    const source = Object.assign(new ScriptedSignIn(() => ({...aCredential('t1'), type: 'DPoP', keyId: 'key'})), {
      prover,
    });
    const {asked, detour} = detourOf(({headers}, turn) => {
      // What is looked at later is another one by then.
      proofs.push(headers.get('dpop'));
      return turn === 1 ? undefined : new Response('bridged');
    });
    const proofs: (string | null)[] = [];
    const {status, network} = setUp({detour, source});
    await status();
    await status();
    expect(proofs).to.deep.equal(['proof-1', 'proof-3']);
    expect(network.sent.map(({headers}) => headers.get('dpop'))).to.deep.equal(['proof-2']);
    expect(asked).to.have.length(2);
  });
});
