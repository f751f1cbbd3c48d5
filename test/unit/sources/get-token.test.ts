import {expect} from '@open-wc/testing';
import type {CredentialSource} from '../../../src/credentials/credential.js';
import {SecureMapError} from '../../../src/credentials/errors.js';
import {CredentialSession} from '../../../src/credentials/session.js';
import {getTokenSource} from '../../../src/sources/get-token.js';
import type {GetToken, GetTokenRequest} from '../../../src/sources/source-kind.js';
import {everythingIn, expectError, rejection} from '../../doubles/rejection.js';
import {aCredential, never} from '../../doubles/scripted-source.js';
import {settled, START, TestEnvironment} from '../../doubles/test-environment.js';
import {CANARY} from '../../doubles/tokens.js';

const {signal} = new AbortController();
const create = (getToken: unknown, environment = new TestEnvironment()): CredentialSource =>
  getTokenSource.create({getToken: getToken as GetToken}, {environment, pageUrl: 'https://site.example/'});
const acquire = (getToken: unknown) => create(getToken).acquire({reason: 'initial', signal});

describe('getToken', () => {
  for (const [what, answer] of [
    ['a token', 'abc'],
    ['a promise of one', Promise.resolve('abc')],
    ['an object', {token: 'abc'}],
  ] as const) {
    it(`may return ${what}`, async () => {
      expect((await acquire(() => answer)).token).to.equal('abc');
    });
  }

  it('may say how long it lasts', async () => {
    expect((await acquire(() => ({token: 'a', expiresIn: 60}))).expiresAt).to.equal(START + 60_000);
    expect((await acquire(() => ({token: 'a', expiresAt: new Date(START + 1)}))).expiresAt).to.equal(START + 1);
  });

  it('is told why, for whom and what was refused', async () => {
    const told: GetTokenRequest[] = [];
    const source = create((request: GetTokenRequest) => {
      told.push(request);
      return 'new';
    });
    const rejected = aCredential('old');
    await source.acquire({reason: 'unauthorized', origin: 'https://tiles.example', rejected, signal});
    expect(told).to.deep.equal([
      {reason: 'unauthorized', origin: 'https://tiles.example', rejectedToken: 'old', signal},
    ]);
  });

  for (const [what, answer] of [
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['false', false],
    ['an empty string', ''],
    ['an array', [CANARY]],
    ['an object without token', {access_token: CANARY}],
    ['an object whose token is no string', {token: {value: CANARY}}],
    ['a token with a line break', `${CANARY}\r\nX: 1`],
    ['another token type', {token: CANARY, type: 'mac'}],
  ] as const) {
    it(`that returns ${what} is source-invalid`, async () => {
      const error = expectError(await rejection(acquire(() => answer)), 'source-invalid');
      expect(error.message).to.match(/^getToken: /);
      expect(everythingIn(error)).not.to.contain(CANARY);
    });
  }

  it('that throws, at once or later, is passing trouble', async () => {
    const fault = new RangeError('the page’s own fault');
    const throws = (): never => {
      throw fault;
    };
    for (const getToken of [throws, () => Promise.reject(fault)]) {
      const error = expectError(await rejection(acquire(getToken)), 'source-unreachable');
      expect(error.cause).to.equal(fault);
    }
  });

  it('may say by our own error what it means', async () => {
    for (const code of ['login-required', 'session-over', 'source-unreachable'] as const) {
      const said = new SecureMapError(code, 'As the page says.');
      expect(await rejection(acquire(() => Promise.reject(said)))).to.equal(said);
    }
  });

  it('that never settles is let go by its signal, and by the session in time', async () => {
    const stop = new AbortController();
    const asked = rejection(create(() => never()).acquire({reason: 'initial', signal: stop.signal}));
    stop.abort(new DOMException('gone', 'AbortError'));
    expect(await asked).to.equal(stop.signal.reason);

    const environment = new TestEnvironment();
    const told: AbortSignal[] = [];
    const source = create((request: GetTokenRequest) => {
      told.push(request.signal);
      return never();
    }, environment);
    const session = new CredentialSession({source, environment});
    const waiting = rejection(session.credential());
    await settled();
    await environment.pass(30_000);
    expectError(await waiting, 'source-timeout');
    expect(told.map(({aborted}) => aborted)).to.deep.equal([true]);
  });

  it('must be a function', () => {
    for (const value of ['abc', {}, 7]) {
      expect(() => create(value)).to.throw(SecureMapError, /^getToken: /);
    }
  });
});
