import {expect} from '@open-wc/testing';
import type {AcquireReason, Credential, CredentialSource} from '../../../src/credentials/credential.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import {tokenUrl} from '../../../src/sources/token-url.js';
import {everythingIn, expectError, rejection, thrown} from '../../doubles/rejection.js';
import {hanging, offline, ScriptedFetch} from '../../doubles/scripted-fetch.js';
import {START, TestEnvironment} from '../../doubles/test-environment.js';
import {CANARY} from '../../doubles/tokens.js';

const pageUrl = 'https://site.example/map/';
const {signal} = new AbortController();

const withNetwork = (network: ScriptedFetch, url = '/token?map=7') => {
  const environment = new TestEnvironment(network.fetch);
  return {environment, source: tokenUrl.create({tokenUrl: url}, {environment, pageUrl})};
};
const answering = (answer: () => Response): CredentialSource => withNetwork(new ScriptedFetch(answer)).source;
const acquire = (answer: () => Response, reason: AcquireReason = 'initial'): Promise<Credential> =>
  answering(answer).acquire({reason, signal});
const text = (body: string | null, init?: ResponseInit) => (): Response => new Response(body, init);

describe('token-url', () => {
  for (const [what, answer, seconds] of [
    ['an OAuth answer', {access_token: 'abc', token_type: 'Bearer', expires_in: 300}, 300],
    ['a plain token', {token: 'abc'}, undefined],
    ['access_token before token', {access_token: 'abc', token: 'other', expires_in: 1}, 1],
    ['expires_in as a string', {token: 'abc', expires_in: '300'}, 300],
    ['expires_in that is no number', {token: 'abc', expires_in: 'soon'}, undefined],
    ['expires_in of 0', {token: 'abc', expires_in: 0}, 0],
    ['expires_at in seconds', {token: 'abc', expires_at: START / 1000 + 60}, 60],
    ['expires_at as a date', {token: 'abc', expires_at: '2026-11-01T00:01:00Z'}, 60],
  ] as const) {
    it(`takes ${what}`, async () => {
      const {token, expiresAt} = await acquire(() => Response.json(answer));
      expect([token, expiresAt]).to.deep.equal(['abc', seconds === undefined ? undefined : START + seconds * 1000]);
    });
  }

  it('is asked like a service of the site: never cached, never redirected', async () => {
    const network = new ScriptedFetch(() => Response.json({token: 'abc'}));
    await withNetwork(network).source.acquire({reason: 'initial', signal});
    const [request] = network.requests;
    expect(request?.url).to.equal('https://site.example/token?map=7');
    expect([request?.cache, request?.credentials, request?.redirect]).to.deep.equal([
      'no-store',
      'same-origin',
      'manual',
    ]);
    expect(request?.headers.get('accept')).to.equal('application/json');
    expect(request?.headers.get('authorization')).to.equal(null);
  });

  it('is told of a refusal, so that it asks the platform anew', async () => {
    const network = new ScriptedFetch(() => Response.json({token: 'abc'}));
    const {source} = withNetwork(network);
    for (const reason of ['expiring', 'unauthorized'] as const) await source.acquire({reason, signal});
    expect(network.requests.map(({url}) => new URL(url).search)).to.deep.equal([
      '?map=7',
      '?map=7&reason=unauthorized',
    ]);
  });

  for (const [what, answer] of [
    ['HTML', text(`<!doctype html><p>${CANARY}`, {headers: {'content-type': 'text/html'}})],
    ['nothing', text('')],
    ['no content', text(null, {status: 204})],
    ['half an answer', text(`{"access_token": "${CANARY}`)],
    ['a bare token', text(CANARY)],
    ['an array', text(`["${CANARY}"]`)],
    ['an empty array', text('[]')],
    ['a string', text(`"${CANARY}"`)],
    ['null', text('null')],
    ['an object without token', text(`{"id_token": "${CANARY}"}`)],
    ['a token that is a number', text('{"token": 7}')],
    ['a token with a line break', text(`{"token": "${CANARY}\\n"}`)],
    ['another token type', text(`{"token": "${CANARY}", "token_type": "mac"}`)],
  ] as const) {
    it(`that answers ${what} is source-invalid`, async () => {
      const error = expectError(await rejection(acquire(answer)), 'source-invalid');
      expect(error.message).to.match(/^token-url: /);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  for (const status of [400, 404, 408, 429, 500, 502, 503]) {
    it(`that answers ${status} is passing trouble`, async () => {
      const error = expectError(await rejection(acquire(text(CANARY, {status}))), 'source-unreachable');
      expect(error.message).to.contain(String(status));
      expect(error.retryAfter).to.equal(undefined);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  for (const [value, wanted] of [
    ['17', 17_000],
    ['Sun, 01 Nov 2026 00:01:00 GMT', 60_000],
  ] as const) {
    it(`passes Retry-After: ${value} on`, async () => {
      const answer = text('', {status: 429, headers: {'retry-after': value}});
      expect(expectError(await rejection(acquire(answer)), 'source-unreachable').retryAfter).to.equal(wanted);
    });
  }

  const redirected = (): Response => {
    const response = new Response();
    Object.defineProperties(response, {type: {value: 'opaqueredirect'}, status: {value: 0}, ok: {value: false}});
    return response;
  };

  for (const [what, answer] of [
    ['401', text(CANARY, {status: 401})],
    ['403', text(CANARY, {status: 403})],
    ['a redirect as browsers show it', redirected],
    ['a redirect as a service worker may show it', text(null, {status: 302, headers: {location: '/login'}})],
  ] as const) {
    it(`that answers ${what} says that nobody is signed in`, async () => {
      expectError(await rejection(acquire(answer)), 'login-required');
      for (const reason of ['expiring', 'unauthorized'] as const) {
        const error = expectError(await rejection(acquire(answer, reason)), 'session-over');
        expect(everythingIn(error)).not.to.contain(CANARY);
      }
    });
  }

  it('that cannot be reached is passing trouble', async () => {
    const {source} = withNetwork(new ScriptedFetch(offline));
    expectError(await rejection(source.acquire({reason: 'initial', signal})), 'source-unreachable');
  });

  it('that breaks off in the middle is passing trouble, not a wrong answer', async () => {
    const broken = (): Response =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{"token": '));
            controller.error(new TypeError('network error'));
          },
        }),
      );
    expectError(await rejection(acquire(broken)), 'source-unreachable');
  });

  it('that is late is given up by its signal, and by the session in time', async () => {
    const network = new ScriptedFetch(hanging);
    const {source, environment} = withNetwork(network);
    const stop = new AbortController();
    const asked = rejection(source.acquire({reason: 'initial', signal: stop.signal}));
    stop.abort(new DOMException('gone', 'AbortError'));
    expect(await asked).to.equal(stop.signal.reason);

    const session = new CredentialSession({source, environment});
    const waiting = rejection(session.credential());
    await environment.pass(30_000);
    expectError(await waiting, 'source-timeout');
    expect(network.requests.map((request) => request.signal.aborted)).to.deep.equal([true, true]);
  });

  for (const url of ['', ' ', 'https://', 'http://other.example/token', 'ftp://site.example/', 'javascript:alert(1)']) {
    it(`refuses the URL ${JSON.stringify(url)}`, () => {
      const isPage = url.trim() === '';
      const create = () =>
        tokenUrl.create({tokenUrl: url}, {environment: new TestEnvironment(), pageUrl: isPage ? '' : pageUrl});
      expect(expectError(thrown(create), 'invalid-attribute').message).to.match(/^token-url: /);
    });
  }

  it('refuses a password in the URL, and does not repeat it', () => {
    const error = expectError(
      thrown(() => withNetwork(new ScriptedFetch(offline), `https://ann:${CANARY}@site.example/token`)),
      'invalid-attribute',
    );
    expect(everythingIn(error)).not.to.contain(CANARY);
  });
});
