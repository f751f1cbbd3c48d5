import {expect} from '@open-wc/testing';
import type {Credential} from '../../../src/credentials/credential.js';
import {SecureMapError} from '../../../src/credentials/errors.js';
import {RequestError, type RequestErrorKind} from '../../../src/request/request-error.js';
import {rejection} from '../../doubles/rejection.js';
import {hanging, offline} from '../../doubles/scripted-fetch.js';
import {aCredential, never, ScriptedSignIn} from '../../doubles/scripted-source.js';
import {settled} from '../../doubles/test-environment.js';
import {unhandledDuring} from '../../doubles/unhandled.js';
import {accepting, setUp, TILE} from './setup.js';

const loginRequired = (): SecureMapError => new SecureMapError('login-required', 'Sign in.');
const expectKind = (error: unknown, kind: RequestErrorKind): RequestError => {
  if (!(error instanceof RequestError)) throw new Error(`Expected a RequestError, got ${String(error)}.`);
  expect(error.kind).to.equal(kind);
  return error;
};

describe('a request within the scope', () => {
  it('carries the credential, and goes nowhere else with it', async () => {
    const {ask, network} = setUp();
    const {route, response} = await ask();
    expect([route, await response.text()]).to.deep.equal(['credentialed', 'fine']);
    const [request] = network.requests;
    expect(network.credentials).to.deep.equal(['Bearer t1']);
    expect([request?.redirect, request?.credentials, request?.referrerPolicy]).to.deep.equal([
      'error',
      'omit',
      'no-referrer',
    ]);
    expect(request?.url).to.equal(TILE);
  });

  it('keeps its own method, headers and body', async () => {
    const {ask, network} = setUp();
    await ask(TILE, {method: 'POST', headers: {'content-type': 'text/xml', 'x-own': '1'}, body: '<GetFeature/>'});
    const [request] = network.requests;
    expect([request?.method, request?.headers.get('x-own'), await request?.text()]).to.deep.equal([
      'POST',
      '1',
      '<GetFeature/>',
    ]);
    expect(request?.headers.get('content-type')).to.equal('text/xml');
  });

  it('carries it the way that the markup says', async () => {
    for (const [transport, name, value] of [
      [{prefix: 'Token'}, 'authorization', 'Token t1'],
      [{prefix: ''}, 'authorization', 't1'],
      [{name: 'X-Api-Key', prefix: ''}, 'x-api-key', 't1'],
    ] as const) {
      const {ask, network} = setUp({transport});
      await ask();
      expect(network.requests[0]?.headers.get(name)).to.equal(value);
    }
  });

  it('leaves an Authorization of the page’s own as it is, and neither renews nor replays it', async () => {
    const {status, network, source} = setUp({answer: () => new Response(null, {status: 401})});
    expect(await status(TILE, {headers: {authorization: 'Basic eA=='}, credentials: 'include'})).to.equal(401);
    expect(network.credentials).to.deep.equal(['Basic eA==']);
    const [request] = network.requests;
    expect([request?.redirect, request?.credentials, request?.referrerPolicy]).to.deep.equal([
      'error',
      'omit',
      'no-referrer',
    ]);
    expect(source.asked).to.have.length(0);
  });

  it('asks the source for the origin that it goes to', async () => {
    const {ask, source} = setUp();
    await ask();
    expect(source.asked[0]?.origin).to.equal('https://tiles.example');
  });
});

describe('a request outside the scope', () => {
  const look = [
    'https://tiles.example/open/1.png',
    'https://tiles.example/secure/%2e%2e%2fopen',
    'https://tiles.example.evil.test/secure/1.png',
    'https://tiles.example:8443/secure/1.png',
    'http://tiles.example/secure/1.png',
  ];
  for (const url of look) {
    it(`goes out bare: ${url}`, async () => {
      const {ask, network, source, blocked} = setUp();
      expect((await ask(url, {credentials: 'include'}, {layerId: 'pipes'})).route).to.equal('outside');
      expect(network.credentials).to.deep.equal([null]);
      expect(network.requests[0]?.credentials).to.equal('omit');
      expect(source.asked).to.have.length(0);
      expect(blocked).to.deep.equal([[new URL(url).origin, 'pipes']]);
    });
  }

  it('is told once per origin', async () => {
    const {ask, blocked} = setUp();
    for (const url of ['https://b.example/1', 'https://b.example/2', 'https://c.example/1']) {
      await ask(url, {}, {layerId: url});
    }
    expect(blocked).to.deep.equal([
      ['https://b.example', 'https://b.example/1'],
      ['https://c.example', 'https://c.example/1'],
    ]);
  });

  it('is none where nobody wanted a credential', async () => {
    const {ask, network, blocked, identities} = setUp();
    expect((await ask(TILE, {}, {credential: 'none'})).route).to.equal('public');
    expect((await ask('https://b.example/', {}, {credential: 'none'})).route).to.equal('public');
    identities.length = 0;
    expect((await ask('https://b.example/')).route).to.equal('public');
    expect(network.credentials).to.deep.equal([null, null, null]);
    expect(blocked).to.deep.equal([]);
  });

  it('is none of what the page has in itself', async () => {
    const {ask, network, blocked} = setUp();
    for (const url of ['data:application/json,{}', URL.createObjectURL(new Blob(['x']))]) {
      expect((await ask(url)).route).to.equal('public');
    }
    expect(network.credentials).to.deep.equal([null, null]);
    expect(blocked).to.deep.equal([]);
  });

  it('may go to where only another identity of the page may go', async () => {
    const {ask, network, identities, identity, blocked} = setUp();
    const other = setUp({source: new ScriptedSignIn(() => aCredential('other'))});
    identities.push({...other.identity, id: 'other', scope: [{origin: 'https://b.example', path: '/'}]});
    await ask('https://b.example/1');
    expect(network.credentials).to.deep.equal(['Bearer other']);
    expect((await ask('https://b.example/1', {}, {credential: 'main'})).route).to.equal('outside');
    expect((await ask(TILE, {}, {credential: 'unheard-of'})).route).to.equal('outside');
    expect(network.credentials).to.deep.equal(['Bearer other', null, null]);
    expect(blocked).to.have.length(2);
    expect(identity.id).to.equal('main');
  });
});

describe('a refusal', () => {
  it('is answered by one renewal and one replay, with the body', async () => {
    const {ask, network, source} = setUp({answer: accepting('t2')});
    const {response} = await ask(TILE, {method: 'POST', body: '<GetFeature/>'});
    expect(response.status).to.equal(200);
    expect(network.credentials).to.deep.equal(['Bearer t1', 'Bearer t2']);
    expect(await Promise.all(network.requests.map((each) => each.text()))).to.deep.equal([
      '<GetFeature/>',
      '<GetFeature/>',
    ]);
    expect(network.requests[1]?.redirect).to.equal('error');
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized']);
  });

  it('of sixteen tiles at once costs one renewal', async () => {
    const {status, network, source} = setUp({answer: accepting('t2')});
    const all = await Promise.all(Array.from({length: 16}, (_, i) => status(`${TILE}?${i}`)));
    expect(all).to.deep.equal(Array.from({length: 16}, () => 200));
    expect(network.sent).to.have.length(32);
    expect(source.asked).to.have.length(2);
  });

  it('that comes in after the renewal costs nothing', async () => {
    const late = Array.from({length: 16}, () => Promise.withResolvers<Response>());
    const {ask, network, source} = setUp();
    network.step = ({headers}, count) =>
      headers.get('authorization') === 'Bearer t1'
        ? (late[count - 1]?.promise ?? new Response())
        : new Response(null, {status: 200});
    const all = late.map((_, i) => ask(`${TILE}?${i}`));
    for (const {resolve} of late) {
      await settled();
      resolve(new Response(null, {status: 401}));
    }
    const statuses = (await Promise.all(all)).map(({response}) => response.status);
    expect(statuses).to.deep.equal(Array.from({length: 16}, () => 200));
    expect(network.sent).to.have.length(32);
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized']);
  });

  it('is replayed once and never twice', async () => {
    const {status, network, source} = setUp({answer: accepting()});
    expect(await status()).to.equal(401);
    expect(network.credentials).to.deep.equal(['Bearer t1', 'Bearer t2']);
    expect(source.asked).to.have.length(2);
  });

  it('by a server that refuses everything is not met with renewal after renewal', async () => {
    const {status, network, source, environment} = setUp({answer: accepting()});
    for (let i = 0; i < 100; i += 1) {
      await status(`${TILE}?${i}`);
      await environment.pass(500);
    }
    expect(source.asked).to.have.length(2);
    expect(network.sent).to.have.length(101);
    await environment.pass(60_000);
    await status();
    expect(source.asked).to.have.length(3);
  });

  it('by one layer’s server is not held against another layer of the same origin', async () => {
    const forbidden = `${TILE}/forbidden`;
    const valid = {token: 't2'};
    const {status, source, environment} = setUp({
      answer: (request, count) => accepting(request.url === forbidden ? '' : valid.token)(request, count),
    });
    expect(await status(forbidden, {}, {layerId: 'a'})).to.equal(401);
    expect(await status(TILE, {}, {layerId: 'b'})).to.equal(200);
    expect(await status(forbidden, {}, {layerId: 'a'})).to.equal(401);
    expect(source.asked).to.have.length(2);
    await environment.pass(10_000);
    valid.token = 't3';
    expect(await status(TILE, {}, {layerId: 'b'})).to.equal(200);
    expect(source.asked).to.have.length(3);
  });

  it('with 403 is final: nothing is renewed', async () => {
    const {status, network, source} = setUp({answer: () => new Response(null, {status: 403})});
    expect(await status()).to.equal(403);
    expect(network.sent).to.have.length(1);
    expect(source.asked).to.have.length(1);
  });

  it('outside the scope renews nothing', async () => {
    const {status, source, network} = setUp({answer: accepting()});
    expect(await status('https://b.example/')).to.equal(401);
    expect([source.asked.length, network.sent.length]).to.deep.equal([0, 1]);
  });

  it('with no better credential to be had is of kind auth', async () => {
    const source = new ScriptedSignIn(({reason}) =>
      reason === 'initial' ? aCredential('t1') : new SecureMapError('source-unreachable', 'No.', {retryAfter: 7_000}),
    );
    const {ask, session} = setUp({source, answer: accepting()});
    const error = expectKind(await rejection(ask()), 'auth');
    expect([error.status, error.awaitsSignIn, error.url, error.retryAfter]).to.deep.equal([401, false, TILE, 7_000]);
    expect(session.state).to.equal('authenticated');
  });

  it('that ends the session waits for the visitor', async () => {
    const source = new ScriptedSignIn(({reason}) =>
      reason === 'initial' ? aCredential('t1') : new SecureMapError('session-over', 'Over.'),
    );
    const {ask, session, status} = setUp({source, answer: accepting('again')});
    const all = await Promise.all(Array.from({length: 16}, () => rejection(ask())));
    expect(all.map((error) => expectKind(error, 'auth').awaitsSignIn)).to.deep.equal(
      Array.from({length: 16}, () => true),
    );
    const waiting = status(TILE, {}, {whileSignedOut: 'wait'});
    await settled();
    expect(session.state).to.equal('expired');
    session.supply(aCredential('again'));
    expect(await waiting).to.equal(200);
    expect(source.reasons).to.deep.equal(['initial', 'unauthorized']);
  });

  it('that comes in while the visitor signs in waits for that as well', async () => {
    const answer = Promise.withResolvers<Response>();
    const {ask, session, source, network} = setUp({answer: () => answer.promise});
    const asked = rejection(ask());
    while (network.sent.length === 0) await settled();
    await session.logout({everywhere: false, mode: 'popup'});
    source.onSignIn = () => never();
    const stop = new AbortController();
    const login = rejection(session.login({mode: 'popup', signal: stop.signal}));
    answer.resolve(new Response(null, {status: 401}));
    expect(expectKind(await asked, 'auth').awaitsSignIn).to.equal(true);
    stop.abort();
    await login;
  });
});

describe('a request while nobody is signed in', () => {
  it('fails at once, awaits the sign-in, and sends nothing', async () => {
    const {ask, network} = setUp({source: new ScriptedSignIn(loginRequired)});
    const error = expectKind(await rejection(ask()), 'auth');
    expect([error.awaitsSignIn, error.code, network.sent.length]).to.deep.equal([true, 'request-failed', 0]);
  });

  it('waits when it is the page’s own', async () => {
    const {status, session, network} = setUp({source: new ScriptedSignIn(loginRequired)});
    const waiting = status(TILE, {}, {whileSignedOut: 'wait'});
    await settled();
    session.supply(aCredential('given'));
    expect(await waiting).to.equal(200);
    expect(network.credentials).to.deep.equal(['Bearer given']);
  });

  for (const code of ['session-over', 'login-refused', 'login-cancelled', 'login-timeout'] as const) {
    it(`awaits the sign-in after ${code} too`, async () => {
      const {ask} = setUp({source: new ScriptedSignIn(() => new SecureMapError(code, 'No.'))});
      expect(expectKind(await rejection(ask()), 'auth').awaitsSignIn).to.equal(true);
    });
  }

  for (const code of ['source-unreachable', 'source-timeout', 'source-invalid', 'provider-invalid'] as const) {
    it(`does not ask the visitor to help with ${code}`, async () => {
      const {ask, network} = setUp({
        source: new ScriptedSignIn(() => new SecureMapError(code, 'No.', {retryAfter: 5})),
      });
      const error = expectKind(await rejection(ask()), 'network');
      expect([error.awaitsSignIn, error.reason, error.retryAfter]).to.deep.equal([false, code, 5]);
      expect(network.sent).to.have.length(0);
    });
  }
});

describe('a failed request', () => {
  it('to a server that answers is a matter of CORS; one bare probe tells for all', async () => {
    const {ask, network, environment} = setUp({
      answer: ({mode}) => (mode === 'no-cors' ? new Response() : offline()),
    });
    const all = await Promise.all(Array.from({length: 16}, (_, i) => rejection(ask(`${TILE}?${i}`))));
    for (const error of all) expectKind(error, 'cors');
    expect(network.probes).to.have.length(1);
    const [probe] = network.probes;
    expect(probe?.url).to.equal('https://tiles.example/');
    expect([probe?.method, probe?.credentials, probe?.referrerPolicy, probe?.cache]).to.deep.equal([
      'HEAD',
      'omit',
      'no-referrer',
      'no-store',
    ]);
    expect(probe?.headers.get('authorization')).to.equal(null);
    expect(environment.pending.timers).to.equal(0);
    await environment.pass(5_000);
    await rejection(ask());
    expect(network.probes).to.have.length(2);
  });

  it('to a server that does not answer is a matter of the network', async () => {
    const {ask} = setUp({answer: offline});
    const error = expectKind(await rejection(ask()), 'network');
    expect([error.status, error.url, error.message]).to.deep.equal([
      undefined,
      TILE,
      'https://tiles.example cannot be reached.',
    ]);
  });

  it('does not wait for a probe that hangs', async () => {
    const {ask, environment, network} = setUp({
      answer: (request) => (request.mode === 'no-cors' ? hanging(request) : offline()),
    });
    const failed = rejection(ask());
    while (network.probes.length === 0) await settled();
    await environment.pass(5_000);
    expectKind(await failed, 'network');
    expect(network.probes[0]?.signal.aborted).to.equal(true);
  });

  it('is told apart outside the scope and with the page’s own credential too', async () => {
    const {ask, network} = setUp({answer: ({mode}) => (mode === 'no-cors' ? new Response() : offline())});
    expectKind(await rejection(ask('https://b.example/')), 'cors');
    expectKind(await rejection(ask(TILE, {headers: {authorization: 'Basic eA=='}})), 'cors');
    expect(network.probes.map(({url}) => url)).to.deep.equal(['https://b.example/', 'https://tiles.example/']);
  });

  it('of the page’s own data asks no server', async () => {
    const {ask, network} = setUp({answer: offline});
    expectKind(await rejection(ask('data:text/plain,x')), 'network');
    expect(network.probes).to.have.length(0);
  });

  it('in the replay is no refusal', async () => {
    const {ask} = setUp({
      answer: ({mode}, count) => (mode !== 'no-cors' && count === 1 ? new Response(null, {status: 401}) : offline()),
    });
    expectKind(await rejection(ask()), 'network');
  });
});

describe('an abort', () => {
  const gone = new DOMException('panned away', 'AbortError');
  const pending = new ScriptedSignIn(() => never());

  for (const [what, start, reached] of [
    ['before anything', {}, 0],
    ['while the credential is asked for', {source: pending}, 0],
    ['while the request is under way', {answer: hanging}, 1],
    [
      'while the renewal is under way',
      {
        answer: accepting(),
        source: new ScriptedSignIn((_, count) => (count === 1 ? aCredential('t1') : never<Credential>())),
      },
      1,
    ],
    [
      'while the replay is under way',
      {answer: (request: Request, count: number) => (count === 1 ? accepting()(request, count) : hanging(request))},
      2,
    ],
    ['while a busy server is waited for', {answer: () => new Response(null, {status: 503})}, 1],
    [
      'while the probe is under way',
      {answer: (request: Request) => (request.mode === 'no-cors' ? never<Response>() : offline())},
      2,
    ],
  ] as const) {
    it(`${what} ends the request with its reason, and leaves nothing behind`, async () => {
      const {ask, network, environment} = setUp(start);
      const stop = new AbortController();
      let error: unknown;
      const unhandled = await unhandledDuring(async () => {
        if (reached === 0 && what === 'before anything') stop.abort(gone);
        const asked = rejection(ask(TILE, {signal: stop.signal}));
        while (network.requests.length < reached) await settled();
        await settled();
        stop.abort(gone);
        error = await asked;
      });
      expect(error).to.equal(gone);
      expect(unhandled).to.deep.equal([]);
      expect(network.requests).to.have.length(reached);
      if (what === 'while a busy server is waited for') expect(environment.pending.timers).to.equal(0);
    });
  }

  it('of one of two that share a renewal ends only that one', async () => {
    const answer = Promise.withResolvers<Credential>();
    const source = new ScriptedSignIn((_, count) => (count === 1 ? aCredential('t1') : answer.promise));
    const {ask, status} = setUp({source, answer: accepting('t2')});
    const stop = new AbortController();
    const first = rejection(ask(TILE, {signal: stop.signal}));
    const second = status();
    while (source.asked.length < 2) await settled();
    await settled();
    stop.abort(gone);
    expect(await first).to.equal(gone);
    answer.resolve(aCredential('t2'));
    expect(await second).to.equal(200);
    expect(source.asked).to.have.length(2);
  });
});
