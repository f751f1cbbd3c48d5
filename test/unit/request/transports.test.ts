import {expect, waitUntil} from '@open-wc/testing';
import type {Credential} from '../../../src/credentials/credential.js';
import {RequestError} from '../../../src/request/request-error.js';
import type {TransportName} from '../../../src/request/transports/registry.js';
import {rejection} from '../../doubles/rejection.js';
import {aCredential, ScriptedSignIn} from '../../doubles/scripted-source.js';
import {START} from '../../doubles/test-environment.js';
import {setUp, TILE, type Start} from './setup.js';

const FORM = 'application/x-www-form-urlencoded';

const given = (credential: Partial<Credential>): ScriptedSignIn =>
  new ScriptedSignIn((_, count) => ({...aCredential(`t${count}`), ...credential}));

const by = (kind: TransportName, start: Omit<Start, 'transport'> = {}, name?: string) =>
  setUp({...start, transport: {kind, name}});

/** Where on a request a token can be found. */
const placesOf = async (request: Request): Promise<string[]> => {
  const {headers, url} = request;
  const body = await request.clone().text();
  return [
    ...([...headers].some(([, value]) => value.includes('t1')) ? ['header'] : []),
    ...(url.includes('t1') ? ['query'] : []),
    ...(body.includes('t1') ? ['body'] : []),
  ];
};

const post = (body: string, type = FORM): RequestInit => ({method: 'POST', body, headers: {'content-type': type}});

describe('exactly one way per request (RFC 6750 §2)', () => {
  const ways: readonly (readonly [TransportName, string[]])[] = [
    ['header', ['header']],
    ['query', ['query']],
    ['form', ['body']],
    ['cookie', []],
  ];
  for (const [kind, places] of ways) {
    it(`by ${kind}`, async () => {
      const {ask, network} = by(kind);
      await ask(TILE, kind === 'form' ? post('a=1') : {});
      expect(await placesOf(network.sent[0]!)).to.deep.equal(places);
    });

    const own = [
      ['an Authorization header', TILE, {authorization: 'Basic own'}],
      ['an access_token', `${TILE}?access_token=own`, {}],
    ] as const;
    for (const [what, url, headers] of own) {
      it(`not by ${kind} beside ${what} of the page's own`, async () => {
        const {ask, network} = by(kind);
        await ask(url, kind === 'form' ? {...post('a=1'), headers: {'content-type': FORM, ...headers}} : {headers});
        const [request] = network.sent;
        expect(await placesOf(request!)).to.deep.equal([]);
        expect(request?.credentials).to.equal('omit');
      });
    }

    it(`by ${kind} the page's address goes to nobody, and nothing is followed`, async () => {
      const {ask, network} = by(kind);
      await ask(TILE, kind === 'form' ? post('a=1') : {});
      const [request] = network.sent;
      expect(request?.referrerPolicy).to.equal('no-referrer');
      expect(request?.redirect).to.equal(kind === 'cookie' ? 'manual' : 'error');
    });

    it(`by ${kind} the caller's abort reaches the network`, async () => {
      const stop = new AbortController();
      const {ask, network} = by(kind);
      await ask(TILE, {signal: stop.signal, ...(kind === 'form' ? post('a=1') : {})});
      stop.abort();
      expect(network.sent[0]?.signal.aborted).to.equal(true);
    });
  }
});

describe('the query transport', () => {
  it('keeps the rest of the address', async () => {
    const {ask, network} = by('query');
    await ask(`${TILE}?BBOX=1,2&LAYERS=a%20b`);
    expect(network.sent[0]?.url).to.equal(`${TILE}?BBOX=1%2C2&LAYERS=a+b&access_token=t1`);
    expect(network.sent[0]?.cache).to.equal('no-store');
    expect(network.sent[0]?.credentials).to.equal('omit');
  });

  it('takes another name', async () => {
    const {ask, network} = by('query', {}, 'token');
    await ask();
    expect(network.sent[0]?.url).to.equal(`${TILE}?token=t1`);
  });

  it('costs another origin no preflight, and tells its own not to store', async () => {
    const {ask, network} = by('query', {scope: `https://tiles.example ${location.origin}`});
    await ask();
    await ask(`${location.origin}/tile`);
    expect(network.sent.map(({headers}) => headers.get('cache-control'))).to.deep.equal([null, 'no-store']);
  });

  it('posts what was to be posted', async () => {
    const {ask, network} = by('query');
    await ask(TILE, {method: 'POST', body: '{"a":1}', headers: {'content-type': 'application/json'}});
    const [request] = network.sent;
    expect([request?.method, await request?.text(), request?.headers.get('content-type')]).to.deep.equal([
      'POST',
      '{"a":1}',
      'application/json',
    ]);
  });

  it('warns once', async () => {
    const {ask, warnings} = by('query');
    await Promise.all([ask(), ask(), ask()]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('token-transport="query"').and.not.to.contain('t1');
  });

  it('shows no token in an error', async () => {
    const {ask, network} = by('query');
    network.step = ({mode}) => (mode === 'no-cors' ? new Response() : new TypeError('Failed'));
    const error = await rejection(ask());
    expect(String(error)).not.to.contain('t1');
    expect(error).to.be.instanceOf(RequestError).with.property('url', TILE);
  });

  it('renews after a refusal', async () => {
    const {ask, network} = by('query');
    network.step = ({url}) => new Response(null, {status: url.includes('t2') ? 200 : 401});
    expect((await ask()).response.status).to.equal(200);
    expect(network.sent.map(({url}) => new URL(url).search)).to.deep.equal(['?access_token=t1', '?access_token=t2']);
  });
});

describe('the form transport', () => {
  it('adds a field to a form that is posted', async () => {
    const {ask, network} = by('form');
    await ask(TILE, post('LAYERS=a%20b'));
    expect(await network.sent[0]?.text()).to.equal('LAYERS=a+b&access_token=t1');
    expect(network.sent[0]?.headers.get('content-type')).to.equal(FORM);
  });

  it('makes a form of an empty post', async () => {
    const {ask, network} = by('form', {}, 'token');
    await ask(TILE, {method: 'POST'});
    expect(await network.sent[0]?.text()).to.equal('token=t1');
  });

  const impossible: readonly (readonly [string, RequestInit])[] = [
    ['GET', {}],
    ['HEAD', {method: 'HEAD'}],
    ['PUT', {...post('a=1'), method: 'PUT'}],
    ['JSON', post('{}', 'application/json')],
    ['a text', {method: 'POST', body: 'a=1'}],
  ];
  for (const [what, init] of impossible) {
    it(`is an error of the page with ${what}, and nothing is sent`, async () => {
      const {ask, network} = by('form');
      const error = await rejection(ask(TILE, init));
      expect(error).to.be.instanceOf(RequestError).with.property('reason', 'invalid-config');
      expect(String(error)).to.contain('token-transport').and.contain('form');
      expect(network.sent).to.deep.equal([]);
    });
  }

  it('sends the form again, with the next token', async () => {
    const {ask, network} = by('form');
    network.step = async (request) =>
      new Response(null, {status: (await request.clone().text()).includes('t2') ? 200 : 401});
    expect((await ask(TILE, post('a=1'))).response.status).to.equal(200);
    expect(await network.sent[1]?.text()).to.equal('a=1&access_token=t2');
  });
});

describe('the cookie transport', () => {
  const source = (): ScriptedSignIn => given({token: '', type: 'Cookie'});

  it('lets the browser put the cookie on, and nothing else', async () => {
    const {ask, network} = by('cookie', {source: source()});
    await ask();
    const [request] = network.sent;
    expect(request?.credentials).to.equal('include');
    expect([...(request?.headers ?? [])]).to.deep.equal([]);
  });

  it('says with what is no GET that it is no form of another site', async () => {
    const {ask, network} = by('cookie', {source: source()});
    await ask(TILE, {method: 'POST'});
    expect(network.sent[0]?.headers.get('x-requested-with')).to.equal('secure-map');
  });

  it('goes nowhere outside the scope', async () => {
    const {ask, network} = by('cookie', {source: source()});
    await ask('https://elsewhere.example/1.png');
    expect(network.sent[0]?.credentials).to.equal('omit');
  });

  it('keeps a token that came along out of the request', async () => {
    const {ask, network} = by('cookie');
    await ask();
    expect(await placesOf(network.sent[0]!)).to.deep.equal([]);
    expect(network.sent[0]?.credentials).to.equal('include');
  });

  it('takes a redirect for the end of the session', async () => {
    const asked = new ScriptedSignIn((_, count) => ({...aCredential(''), type: 'Cookie', receivedAt: START + count}));
    const {ask, network} = by('cookie', {source: asked});
    network.step = () =>
      network.sent.length > 1
        ? new Response('fine')
        : Object.defineProperty(new Response(), 'type', {value: 'opaqueredirect'});
    expect((await ask()).response.status).to.equal(200);
    expect(network.sent).to.have.length(2);
  });
});

describe('the MAC transport', () => {
  const mac = {key: 'adijq39jdlaska9asud', algorithm: 'hmac-sha-256'} as const;

  const parse = (header: string): Record<string, string> => {
    expect(header.startsWith('MAC ')).to.equal(true);
    return Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  };

  const hmac = async (hash: string, text: string): Promise<string> => {
    const bytes = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', bytes.encode(mac.key), {name: 'HMAC', hash}, false, ['sign']);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(text)));
    return btoa(String.fromCharCode(...signature));
  };

  for (const [algorithm, hash] of [
    ['hmac-sha-256', 'SHA-256'],
    ['hmac-sha-1', 'SHA-1'],
  ] as const) {
    it(`signs by ${algorithm}`, async () => {
      const {ask, network} = by('mac', {source: given({type: 'MAC', mac: {...mac, algorithm}})});
      await ask(`${TILE}?a=1`, {method: 'POST'});
      const {id, ts, nonce, mac: signature} = parse(network.credentials[0] ?? '');
      expect([id, ts]).to.deep.equal(['t1', String(START / 1000)]);
      const text = [ts, nonce, 'POST', '/secure/1/2/3.png?a=1', 'tiles.example', '443', '', ''].join('\n');
      expect(signature).to.equal(await hmac(hash, text));
    });
  }

  it('signs each try anew, and never sends the key', async () => {
    const {ask, network, environment} = by('mac', {source: given({type: 'MAC', mac})});
    network.step = () => new Response(null, {status: network.sent.length === 1 ? 503 : 200});
    const asked = ask();
    // The signature is made beside the turns of this page.
    await waitUntil(() => network.sent.length === 1, 'it is sent', {timeout: 5000});
    await environment.pass(1_000);
    await asked;
    const nonces = network.credentials.map((header) => parse(header ?? '')['nonce']);
    expect(new Set(nonces).size).to.equal(2);
    expect(JSON.stringify(network.sent.map(({url, headers}) => [url, ...headers]))).not.to.contain(mac.key);
  });

  it('sends nothing without a key', async () => {
    for (const wrong of [{}, {type: 'MAC'}] as const) {
      const {ask, network} = by('mac', {source: given(wrong)});
      expect(await rejection(ask())).to.have.property('reason', 'invalid-config');
      expect(network.sent).to.deep.equal([]);
    }
  });
});

describe('a credential that cannot travel that way', () => {
  const wrong: readonly (readonly [TransportName, Partial<Credential>])[] = [
    ['header', {token: '', type: 'Cookie'}],
    ['query', {token: '', type: 'Cookie'}],
    ['form', {token: '', type: 'Cookie'}],
    ['header', {type: 'MAC'}],
    ['query', {type: 'DPoP'}],
    ['form', {type: 'MAC'}],
  ];
  for (const [kind, credential] of wrong) {
    it(`is not sent: ${String(credential.type)} by ${kind}`, async () => {
      const {ask, network} = by(kind, {source: given(credential)});
      expect(await rejection(ask(TILE, post('')))).to.have.property('reason', 'invalid-config');
      expect(network.sent).to.deep.equal([]);
    });
  }
});
